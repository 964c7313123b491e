"""A survey with a question of every kind, conditions, notes and two pages."""

import io

from django.core.files.base import ContentFile
from PIL import Image

from mapping.models import Audience, Campaign, Picture, Question
from tests.surveys.world import COLOURS, ask

FIGURES = ("ampelfrau", "ampelmann")


def make_figures(campaign: Campaign) -> list[Picture]:
    """Two pictures to choose from."""
    made = []
    for number, name in enumerate(FIGURES):
        file = io.BytesIO()
        Image.new("RGB", (200, 200), ("#1f6b34", "#b3202f")[number]).save(file, "JPEG")
        made.append(
            Picture.objects.create(
                campaign=campaign,
                file=ContentFile(file.getvalue(), name=f"{name}.jpg"),
                alt=name,
                width=200,
                height=200,
                digest=bytes([number]) * 32,
            )
        )
    return made


def make_survey(campaign: Campaign) -> dict[str, Question]:
    """Nine questions that everybody is asked, one that some are, three notes; `colour` is required."""
    figures = [
        {"value": name, "title": name.capitalize(), "picture": str(picture.pk), "alt": f"A figure, {name}"}
        for name, picture in zip(FIGURES, make_figures(campaign), strict=True)
    ]
    rows = [
        {"value": "safe", "title": "I feel safe there"},
        {"value": "fast", "title": "I get ahead quickly there"},
    ]
    scale = [
        {"value": "yes", "title": "agree"},
        {"value": "partly", "title": "partly"},
        {"value": "no", "title": "disagree"},
    ]
    wishes = [{"value": one, "title": one.capitalize()} for one in ("trees", "benches", "lamps")]
    asked = (
        ask(campaign, "welcome", "note", title="The street", help_text="Five minutes are enough."),
        ask(
            campaign,
            "colour",
            "single_choice",
            title="Which colour?",
            options={"choices": COLOURS},
            required=True,
        ),
        ask(
            campaign,
            "why",
            "text",
            title="Why green?",
            show_if={"question": "colour", "is": "green"},
            required=True,
        ),
        ask(campaign, "figure", "picture_choice", title="Which figure?", options={"choices": figures}),
        ask(campaign, "wishes", "ranking", title="What comes first?", options={"choices": wishes}),
        ask(
            campaign,
            "judged",
            "matrix",
            title="What do you think?",
            options={"rows": rows, "choices": scale},
            starts_page=True,
        ),
        ask(campaign, "fear", "scale", title="How safe is it?"),
        ask(campaign, "lives", "yes_no", title="Do you live here?"),
        ask(campaign, "home", "place", title="Where do you cross?"),
        ask(campaign, "about", "note", title="About you", starts_page=True),
        ask(campaign, "age", "number", title="How old are you?", audience=Audience.STAFF, options={}),
        ask(campaign, "words", "long_text", title="Anything else?"),
        ask(campaign, "thanks", "note", title="Nearly done", help_text="Please send your answers now."),
    )
    return {question.slug: question for question in asked}
