"""The words of a campaign and its title picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.models import Campaign, Picture
from mapping.services.checking.gates import require_role
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.photos.city_pictures import LONGEST_ALT, store_picture
from mapping.services.setup.changes import change, note

LONGEST: Final[Mapping[str, int]] = {
    "title": 160,
    "summary": 300,
    "description": 20_000,
    "outcome": 20_000,
    "organiser": 160,
    "contact": 200,
    "attribution": 300,
}
"""Characters of each text."""
_OF_SEVERAL_LINES: Final = frozenset({"description", "outcome"})


@dataclass(frozen=True, slots=True)
class NewPicture:
    """The title picture as wanted: a new file, other words for the one there is, or none any more."""

    alt: str = ""
    data: bytes | None = None
    is_removed: bool = False


def set_texts(
    campaign: Campaign,
    actor: User,
    texts: Mapping[str, str],
    picture: NewPicture | None = None,
    expected: str = "",
) -> Campaign:
    """Store the texts of a campaign and its title picture; without `picture` the one there is stays.

    Raises Invalid by the names of the texts (required, too_long), for `picture` and `alt` as `store_picture` does;
    otherwise as `change` does.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    values: dict[str, object] = dict(_cleaned(texts))
    with transaction.atomic():
        if picture is not None and picture.is_removed and picture.data is None:
            values["picture"] = None
        elif picture is not None and picture.data is not None:
            values["picture"] = store_picture(campaign, picture.data, picture.alt)
        elif picture is not None and campaign.picture is not None:
            _describe(campaign, campaign.picture, actor, picture.alt)
        return change(campaign, actor, "texts", values, expected=expected)


def _cleaned(texts: Mapping[str, str]) -> dict[str, str]:
    found, problems = {}, {}
    for name, text in texts.items():
        try:
            found[name] = clean_text(text, max_length=LONGEST[name], multiline=name in _OF_SEVERAL_LINES)
        except TextProblem as problem:
            problems[name] = [Problem(problem.code, problem.params)]
    if "title" in found and not found["title"]:
        problems["title"] = [Problem("required")]
    if problems:
        raise Invalid(problems)
    return found


def _describe(campaign: Campaign, picture: Picture, actor: User, alt: str) -> None:
    """Other words for the same picture."""
    try:
        words = clean_text(alt, max_length=LONGEST_ALT, multiline=False)
    except TextProblem as problem:
        raise Invalid({"alt": [Problem(problem.code, problem.params)]}) from None
    if not words:
        raise invalid("alt", "alt_missing")
    if words != picture.alt:
        note(campaign, actor, "picture", before={"alt": picture.alt}, after={"alt": words})
        picture.alt = words
        picture.save(update_fields=["alt"])
