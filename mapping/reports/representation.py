"""Comparisons of those who took part with everybody else, in words and as pairs of bars."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.aggregation.statistics.representation import ALPHA, Fit, Part, Representation
from mapping.aggregation.surveys.comparing import Compared, compared
from mapping.aggregation.surveys.results import SurveyResults
from mapping.models import ComparedAbout, Comparison
from mapping.models.survey.comparison import COMPARABLE
from mapping.wording import in_words_chance, in_words_number, in_words_share

Division = ComparedAbout | Literal["places"]
"""What people are divided by: an answer, or the district in which they placed something."""

_OF_PEOPLE: Final = gettext_lazy(
    "“%(group)s”: %(people)s of %(all)s voices (%(share)s); among the people here it is %(expected)s"
)
_FACTS: Final[dict[str, str | Promise]] = {
    ComparedAbout.RESIDENCE: gettext_lazy(
        "From %(group)s came %(people)s of %(all)s voices (%(share)s); %(expected)s of the people live there"
    ),
    ComparedAbout.AGE: _OF_PEOPLE,
    ComparedAbout.GENDER: _OF_PEOPLE,
    "places": gettext_lazy(
        "In %(group)s lie places of %(people)s of %(all)s contributors (%(share)s); %(expected)s of the people live "
        "there"
    ),
}
_FACTS_OF_OTHERS: Final = gettext_lazy(
    "“%(group)s”: %(people)s of %(all)s voices (%(share)s), for comparison %(expected)s"
)
_VERDICTS: Final[dict[str, str | Promise]] = {
    "more": gettext_lazy("more often than was to be expected"),
    "fewer": gettext_lazy("less often than was to be expected"),
    "slightly more": gettext_lazy("a little more often than was to be expected"),
    "slightly fewer": gettext_lazy("a little less often than was to be expected"),
    "chance": gettext_lazy("the difference may be chance"),
    "untested": gettext_lazy("too few people for a verdict"),
}


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A group with its numbers, its bars (in per cent of the longest one) and its words."""

    part: Part
    width: str
    expected_width: str
    interval: str
    ratio: str
    facts: str
    verdict: str

    @property
    def sentence(self) -> str:
        """Facts and verdict in one sentence."""
        return f"{self.facts}: {self.verdict}."

    @property
    def is_different(self) -> bool:
        """Whether the difference is more than chance."""
        return self.part.verdict in {"more", "fewer"}


@dataclass(frozen=True, slots=True)
class ShownRepresentation:
    """All groups of a comparison; `outside` are the titles of those of which no size is known, `fit` is in words."""

    representation: Representation
    parts: tuple[ShownPart, ...]
    outside: tuple[str, ...]
    fit: str


@dataclass(frozen=True, slots=True)
class ShownComparison:
    """A question's comparison in words."""

    compared: Compared
    shown: ShownRepresentation


def shown_comparisons(stored: Iterable[Comparison], results: SurveyResults) -> list[ShownComparison]:
    """The comparisons of the questions whose results are given, exact or public; districts of residence come first."""
    by_question = {one.question_id: one for one in stored}
    found = [
        compared(by_question[one.question.pk], one)
        for one in results.questions
        if one.question.pk in by_question and one.question.kind in COMPARABLE
    ]
    found.sort(key=lambda one: one.comparison.about != ComparedAbout.RESIDENCE)
    return [
        ShownComparison(one, shown_representation(one.representation, one.comparison.about)) for one in found
    ]


def shown_representation(found: Representation, division: Division | str) -> ShownRepresentation:
    """Put a comparison into the words of the page's language."""
    known = [part for part in found.parts if part.share is not None]
    longest = max((max(part.share or 0, part.expected or 0) for part in known), default=0)
    return ShownRepresentation(
        found,
        tuple(_shown(part, found.people, longest, division) for part in known),
        tuple(part.group.title for part in found.parts if part.share is None) if known else (),
        _fit(found.fit),
    )


def _shown(part: Part, people: int, longest: float, division: str) -> ShownPart:
    share, expected = part.share or 0.0, part.expected or 0.0
    verdict = str(_VERDICTS[f"slightly {part.verdict}" if _is_slightly_different(part) else part.verdict])
    facts = _FACTS.get(division, _FACTS_OF_OTHERS) % {
        "group": part.group.title,
        "people": in_words_number(part.group.people),
        "all": in_words_number(people),
        "share": in_words_share(share),
        "expected": in_words_share(expected),
    }
    return ShownPart(
        part,
        f"{100 * share / longest:.2f}",
        f"{100 * expected / longest:.2f}",
        _("%(low)s to %(high)s")
        % {"low": in_words_share(part.low or 0), "high": in_words_share(part.high or 0)},
        in_words_number(round(part.ratio or 0, 1 if (part.ratio or 0) >= 1 else 2)),
        facts,
        verdict,
    )


def _is_slightly_different(part: Part) -> bool:
    return part.verdict in {"more", "fewer"} and part.is_slight


def _fit(fit: Fit | None) -> str:
    if fit is None:
        return ""
    values = {
        "chi_square": in_words_number(round(fit.chi_square, 1)),
        "degrees": in_words_number(fit.degrees),
        "p": in_words_chance(fit.p),
    }
    if fit.p <= ALPHA:
        return _(
            "All in all the groups differ by more than chance (χ² = %(chi_square)s, degrees of freedom: %(degrees)s, "
            "p %(p)s)."
        ) % (values | {"p": _equal(values["p"])})
    return _(
        "All in all the difference may be chance (χ² = %(chi_square)s, degrees of freedom: %(degrees)s, p %(p)s)."
    ) % (values | {"p": _equal(values["p"])})


def _equal(chance: str) -> str:
    return chance if chance.startswith("<") else f"= {chance}"
