"""What tables of a survey may be divided by: questions, phases, and what else is known of the people who answered.

Answers are read in SQL. Districts and categories are found outside, for all people at once, and joined as numbered
groups (`Groups`): many people share a group, so that the database counts few rows.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from django.utils.translation import gettext as _

from mapping.aggregation.surveys.placed import (
    ELSEWHERE,
    NOTHING,
    Groups,
    categories_of_people,
    districts_of_answers,
    districts_of_people,
)
from mapping.aggregation.surveys.results import CHOSEN
from mapping.models import Campaign, Category, District, Phase, Question
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS

PHASE: Final = ":phase"
CATEGORY: Final = ":category"
DISTRICT: Final = ":district"
"""Names of axes that are no questions; no short name of a question begins with a colon."""
_DISTRICT_OF: Final = ":district"
"""What stands behind the short name of a question about a place."""

Parameter = str | int | datetime | list[str]
"""What a statement takes."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """What a table may be divided by: a question with choices, a row of a matrix, the phases, districts, categories.

    `expression` reads the answer of a response in SQL as text; of an axis with `groups` it stays empty. `is_list` says
    that an answer is a list of choices, `is_several` that a person may stand under several values, `has` is the SQL of
    the condition that a value is among the choices of a list.
    """

    name: str
    title: str
    values: tuple[tuple[str, str], ...]
    expression: str = ""
    parameters: tuple[Parameter, ...] = ()
    is_list: bool = False
    is_several: bool = False
    has: str = ""
    groups: Callable[[], Groups] | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """A condition: the answer on an axis is a value, or one of several choices is."""

    axis: Axis
    value: str

    @property
    def name(self) -> str:
        """How addresses name it."""
        return f"{self.axis.name}={self.value}"


@dataclass(frozen=True, slots=True)
class Reading:
    """An axis in one statement: what is joined, what is selected, the parameters of each, how answers are read."""

    join: str
    join_parameters: tuple[Parameter, ...]
    expression: str
    parameters: tuple[Parameter, ...]
    read: Callable[[str], Sequence[str]]
    groups: Groups | None = None


def axes_of(campaign: Campaign, questions: Iterable[Question]) -> list[Axis]:
    """All axes of a survey: its questions in order, then categories, districts and phases."""
    districts = _districts(campaign)
    found = [axis for question in questions for axis in _axes(campaign, question, districts)]
    categories = list(Category.objects.filter(campaign=campaign).order_by("position", "pk"))
    if found and categories:
        found.append(_categories(campaign, categories))
        if districts:
            found.append(_districts_of_people(campaign, districts))
    phases = list(campaign.timeline)
    return [*found, _phases(phases)] if phases else found


def choices_of(axes: Iterable[Axis]) -> Iterator[Only]:
    """All conditions that tables may be reduced by."""
    for axis in axes:
        for value, _title in axis.values:
            yield Only(axis, value)


def reading_of(axis: Axis, alias: str) -> Reading:
    """How an axis is read in a statement on `mapping_response AS response`; finds its groups, if it has some."""
    if axis.groups is None:
        return Reading("", (), axis.expression, axis.parameters, _listed if axis.is_list else _single)
    groups = axis.groups()
    join = (
        f"LEFT JOIN unnest(%s::{groups.type}[], %s::integer[]) AS {alias} (key, number)"
        f" ON {alias}.key = response.{groups.key}"
    )
    otherwise = "NULL" if groups.default is None else str(groups.default)
    return Reading(
        join,
        (groups.keys, groups.numbers),
        f"coalesce({alias}.number, {otherwise})::text",
        (),
        lambda number: groups.members[int(number)],
        groups,
    )


def condition_of(only: Only, reading: Reading) -> tuple[str, tuple[Parameter, ...]]:
    """The SQL of a condition on an axis that is read so, and its parameters."""
    if reading.groups is not None:
        numbers = [str(one) for one, members in enumerate(reading.groups.members) if only.value in members]
        return f"{reading.expression} = ANY (%s)", (*reading.parameters, numbers)
    if only.axis.has:
        return only.axis.has, (*only.axis.parameters, only.value)
    return f"{reading.expression} = %s", (*reading.parameters, only.value)


def _single(answer: str) -> Sequence[str]:
    return (answer,)


def _listed(answer: str) -> Sequence[str]:
    listed = json.loads(answer)
    return [str(one) for one in listed] if isinstance(listed, list) else ()


def _axes(campaign: Campaign, question: Question, districts: Sequence[District]) -> Iterator[Axis]:
    column = question.column
    values = tuple(KINDS[question.kind].choices(question.options))
    if question.kind == QuestionKind.MATRIX:
        scale = tuple((one["value"], one["title"]) for one in question.options.get("choices") or ())
        for row in question.options.get("rows") or ():
            yield Axis(
                f"{question.slug}:{row['value']}",
                f"{question.title}: {row['title']}",
                scale,
                f"(response.{column} -> %s ->> %s)",
                (question.slug, row["value"]),
            )
    elif question.kind == QuestionKind.RANKING:
        title = _("%(question)s (first place)") % {"question": question.title}
        yield Axis(question.slug, title, values, f"(response.{column} -> %s ->> 0)", (question.slug,))
    elif question.kind == QuestionKind.PLACE:
        if districts:
            title = _("%(question)s (district)") % {"question": question.title}
            named = _named(districts, _("in none of the districts"))
            found = partial(districts_of_answers, campaign, question.slug, column)
            yield Axis(f"{question.slug}{_DISTRICT_OF}", title, named, groups=found)
    elif question.kind in CHOSEN or (question.kind == QuestionKind.SCALE and values):
        is_list = question.kind == QuestionKind.MULTIPLE_CHOICE
        yield Axis(
            question.slug,
            question.title,
            values,
            f"(response.{column} ->> %s)",
            (question.slug,),
            is_list=is_list,
            is_several=is_list,
            # As JSON: the list as text would have to be parsed again, row by row.
            has=f"(response.{column} -> %s) ? %s" if is_list else "",
        )


def _categories(campaign: Campaign, categories: Sequence[Category]) -> Axis:
    values = (*((one.slug, one.title) for one in categories), (NOTHING, _without_contribution()))
    found = partial(categories_of_people, campaign, {one.pk: one.slug for one in categories})
    return Axis(CATEGORY, _("Contributed to the category"), values, is_several=True, groups=found)


def _districts_of_people(campaign: Campaign, districts: Sequence[District]) -> Axis:
    named = _named(districts, _("contributions in no district or without a place"))
    values = (*named, (NOTHING, _without_contribution()))
    found = partial(districts_of_people, campaign)
    return Axis(DISTRICT, _("District of one's own contributions"), values, is_several=True, groups=found)


def _without_contribution() -> str:
    return _("without a published contribution (also on paper)")


def _named(districts: Sequence[District], elsewhere: str) -> tuple[tuple[str, str], ...]:
    return (*((str(one.pk), one.name) for one in districts), (ELSEWHERE, elsewhere))


def _districts(campaign: Campaign) -> list[District]:
    if campaign.district_layer_id is None:
        return []
    found = District.objects.filter(layer=campaign.district_layer_id)
    return list(found.order_by("name", "pk").only("pk", "name", "code"))


def _phases(phases: Sequence[Phase]) -> Axis:
    cases = " ".join(
        "WHEN response.completed_at >= %s AND response.completed_at < %s THEN %s" for _one in phases
    )
    parameters: list[Parameter] = [
        value for one in phases for value in (one.opens_at, one.closes_at, str(one.pk))
    ]
    return Axis(
        PHASE,
        _("Phase"),
        tuple((str(one.pk), one.title) for one in phases),
        f"(CASE {cases} END)",
        tuple(parameters),
    )
