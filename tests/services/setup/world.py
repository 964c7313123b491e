"""Questions as managers write them, and people who answer."""

from typing import Any

from mapping.models import Campaign, Response, SurveyTally
from mapping.services.setup.asking.drafts import QuestionDraft
from mapping.services.setup.asking.rows import Row
from mapping.services.surveys.responses import Sheet, respond

RED_GREEN = (Row("Rot"), Row("Grün"), Row("Anderes", asks_text=True))


def draft(title: str = "Welche Farbe?", kind: str = "single_choice", **more: Any) -> QuestionDraft:
    """A question; choices have red, green and another one."""
    values: dict[str, Any] = {"choices": RED_GREEN} if kind in ("single_choice", "multiple_choice") else {}
    return QuestionDraft(title=title, kind=kind, **(values | more))


def answer(campaign: Campaign, who: str = "a", **answers: object) -> Response:
    """What somebody answers."""
    sent = {name.replace("_", "-"): value for name, value in answers.items()}
    return respond(campaign, Sheet(sent), who * 43).response


def tally(campaign: Campaign) -> dict[str, dict[str, int]]:
    """How often each value was chosen."""
    return SurveyTally.objects.of(campaign.pk)
