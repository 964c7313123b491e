"""The same for texts, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from mapping.models import Comment, Contribution
from tests import personas
from texts.models import Fate, Section, Suggestion, Text, TextVersion, Wording

Break = Callable[[Contribution], object]
NOW = personas.EPOCH


def version(stored: Contribution, **fields: Any) -> TextVersion:
    text = Text.objects.get_or_create(category=stored.category)[0]
    return TextVersion.objects.create(**({"text": text, "number": 1, "published_at": NOW} | fields))


def version_with(**fields: Any) -> Break:
    return lambda stored: version(stored, **fields)


def two_versions(first: dict[str, Any], second: dict[str, Any]) -> Break:
    def make(stored: Contribution) -> None:
        version(stored, **first)
        version(stored, **second)

    return make


def section_of_another_id(stored: Contribution) -> None:
    Section.objects.create(text=version(stored).text, contribution=stored)


def section_gone_before_it_was_public(stored: Contribution) -> None:
    one = version(stored)
    Section.objects.create(text=one.text, gone_since=one)


def wording(stored: Contribution, times: int = 1, **fields: Any) -> Wording:
    one = version(stored)
    section = Section.objects.create(text=one.text)
    for _time in range(times):
        made = Wording.objects.create(**({"version": one, "section": section, "heading": "Aims"} | fields))
    return made


def wording_with(**fields: Any) -> Break:
    return lambda stored: wording(stored, **fields)


def suggestion_with(**fields: Any) -> Break:
    def make(stored: Contribution) -> None:
        participant = personas.make_participant(stored.campaign)
        comment = Comment.objects.create(contribution=stored, participant=participant, text="Better")
        values = {"comment": comment, "wording": wording(stored), "exact": "old", "replacement": "new"}
        Suggestion.objects.create(**(values | fields))

    return make


OF_TEXTS: list[tuple[str, Break]] = [
    ("textversion_number_once", two_versions({}, {})),
    ("textversion_one_draft", two_versions({"published_at": None}, {"published_at": None, "number": 2})),
    ("textversion_number_from_one", version_with(number=0)),
    ("section_is_its_contribution", section_of_another_id),
    ("section_gone_was_public", section_gone_before_it_was_public),
    ("wording_once_per_section", wording_with(times=2)),
    ("wording_level", wording_with(level=7)),
    ("wording_has_a_heading", wording_with(heading="")),
    ("suggestion_fate", suggestion_with(fate="maybe", decided_at=NOW)),
    ("suggestion_changes_something", suggestion_with(replacement="old")),
    ("suggestion_decided_or_open", suggestion_with(decided_at=NOW)),
    ("suggestion_decided_or_open", suggestion_with(fate=Fate.ADOPTED)),
    ("suggestion_declined_with_a_reason", suggestion_with(fate=Fate.DECLINED, decided_at=NOW)),
]
