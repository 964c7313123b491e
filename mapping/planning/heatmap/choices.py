"""What can be chosen on the heat map's page of one campaign: read once per request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, Category, ContributionStatus, District, Question, QuestionKind, Source

GRIDS: Final[tuple[tuple[str, Promise], ...]] = (
    ("square", _("Squares")),
    ("hexagon", _("Hexagons")),
    ("district", _("Districts")),
)
SIZES: Final = (100, 200, 500, 1000, 5000, 10000)
"""Metres: edges of squares and hexagons."""

DEFAULT_SIZE: Final = 200

STATUSES: Final = (ContributionStatus.PUBLISHED, ContributionStatus.PENDING, ContributionStatus.REJECTED)
STATUS_TITLES: Final[dict[str, Promise]] = {
    ContributionStatus.PUBLISHED.value: _("Published"),
    ContributionStatus.PENDING.value: _("Waiting"),
    ContributionStatus.REJECTED.value: _("Rejected"),
}
WEEKDAYS: Final[tuple[tuple[int, Promise, Promise], ...]] = (
    (1, _("Mon"), _("Monday")),
    (2, _("Tue"), _("Tuesday")),
    (3, _("Wed"), _("Wednesday")),
    (4, _("Thu"), _("Thursday")),
    (5, _("Fri"), _("Friday")),
    (6, _("Sat"), _("Saturday")),
    (7, _("Sun"), _("Sunday")),
)
"""ISO 8601 number, short name, name."""

CLASS_METHODS: Final[tuple[tuple[str, Promise], ...]] = (
    ("growing", _("Growing steps")),
    ("quantile", _("Equally many cells")),
    ("equal", _("Equal steps")),
    ("manual", _("Own limits")),
)
BANDWIDTHS: Final = (150, 300, 500, 1000, 2000)
"""Metres, of the smooth surface."""

_YES_NO: Final = (("true", _("Yes")), ("false", _("No")))
_MOST_STEPS: Final = 11
"""Steps of a scale that are offered one by one."""


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question whose answers can be chosen; `choices` are (value as in addresses, title)."""

    slug: str
    title: str
    category: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Categories, districts and questions of a campaign.

    `measured` are (slug, title) of the questions whose answers have a mean; questions that several categories ask
    under one short name are one question here, as they are one for the API.
    """

    categories: Sequence[Category]
    districts: Sequence[District]
    asked: Sequence[AskedQuestion]
    measured: Sequence[tuple[str, str]]

    @classmethod
    def of(cls, campaign: Campaign) -> "Choices":
        """Read them: three queries."""
        categories = list(campaign.categories.all())
        districts = (
            []
            if campaign.district_layer_id is None
            else list(
                District.objects.filter(layer_id=campaign.district_layer_id).order_by("name").defer("geom")
            )
        )
        questions = list(Question.objects.filter(category__in=categories).select_related("category"))
        first = {question.slug: question for question in reversed(questions)}
        ordered = [question for question in questions if first[question.slug] is question]
        return cls(
            categories=categories,
            districts=districts,
            asked=[
                AskedQuestion(one.slug, one.title, one.category.title, choices)
                for one in ordered
                if (choices := _choices(one))
            ],
            measured=[
                (one.slug, one.title)
                for one in ordered
                if one.kind in {QuestionKind.SCALE, QuestionKind.NUMBER}
            ],
        )


def _choices(question: Question) -> tuple[tuple[str, str], ...]:
    options = question.options
    if question.kind in {QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE}:
        return tuple((str(one["value"]), str(one["title"])) for one in options.get("choices", ()))
    if question.kind == QuestionKind.YES_NO:
        return tuple((value, str(title)) for value, title in _YES_NO)
    if question.kind == QuestionKind.SCALE:
        steps = range(int(options.get("minimum", 1)), int(options.get("maximum", 5)) + 1)
        return tuple((str(step), str(step)) for step in steps) if len(steps) <= _MOST_STEPS else ()
    return ()


def source_titles() -> list[tuple[str, str]]:
    """The ways in which contributions come in, with their titles."""
    return [(str(value), str(title)) for value, title in Source.choices]


def statuses_in_words(statuses: Sequence[str]) -> str:
    """Which contributions are counted, by their status."""
    titles = ", ".join(str(STATUS_TITLES[status]) for status in statuses)
    return gettext("Counted are contributions with the status: %(statuses)s.") % {"statuses": titles}
