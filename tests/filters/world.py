"""A survey and questions for staff, with people who answered them."""

from __future__ import annotations

from typing import Any

from mapping.models import Campaign
from tests import personas

AGES = [{"value": "18-25", "title": "18 to 25"}, {"value": "26-40", "title": "26 to 40"}]
AGREEMENT = [{"value": value, "title": value.title()} for value in ("yes", "partly", "no")]
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "age": ("single_choice", {"audience": "staff", "options": {"choices": AGES}}),
    "satisfaction": ("scale", {"options": {"minimum": 1, "maximum": 5}}),
    "days": ("number", {}),
    "modes": ("multiple_choice", {"options": {"choices": AGES}}),
    "order": ("ranking", {"options": {"choices": AGES}}),
    "opinion": (
        "matrix",
        {"options": {"rows": [{"value": "safe", "title": "It is safe"}], "choices": AGREEMENT}},
    ),
    "owner": ("yes_no", {}),
    "since": ("date", {}),
    "home": ("place", {}),
    "why": ("long_text", {}),
}
YOUNG: dict[str, object] = {
    "age": "18-25",
    "satisfaction": 5,
    "days": 7,
    "modes": ["18-25", "26-40"],
    "order": ["26-40", "18-25"],
    "opinion": {"safe": "no"},
    "owner": True,
    "since": "2026-05-01",
}
OLDER: dict[str, object] = {
    "age": "26-40",
    "satisfaction": 2,
    "days": 2,
    "modes": ["26-40"],
    "order": ["18-25"],
    "opinion": {"safe": "yes"},
    "owner": False,
    "since": "2026-07-01",
}
ADDRESS = "/api/v1/campaigns/fear-spaces"
SECRET = "responses[age]=18-25"
SECRETS = (SECRET, "staff_answers[band]=18-25")
WEIGHT = {"minimum": 1, "maximum": 5}


def ask_for_staff(campaign: Campaign) -> None:
    """Questions of a category whose answers only staff may read."""
    category = personas.category_of(campaign, "survey")
    category.questions.create(
        slug="band", title="Band", kind="single_choice", options={"choices": AGES}, audience="staff"
    )
    category.questions.create(slug="weight", title="Weight", kind="scale", options=WEIGHT, audience="staff")
