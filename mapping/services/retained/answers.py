"""Answers without those of some kinds, computed by the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, F, Func, JSONField, Q, TextField, Value, When

from mapping.models import Campaign, Question, QuestionKind, RemovedQuestion
from mapping.questions.choices import OTHER
from mapping.services.retained.parts import REMOVED

COLUMNS: Final = ("answers", "staff_answers")
AS_REMOVED: Final = f"to_jsonb('{REMOVED}'::text)"
AS_COARSE: Final = (
    "CASE WHEN jsonb_typeof(value #> '{coordinates,1}') = 'number' THEN jsonb_build_object('type', 'Point',"
    " 'coordinates', jsonb_build_array(round((value #>> '{coordinates,0}')::numeric, 3),"
    " round((value #>> '{coordinates,1}')::numeric, 3))) ELSE value END"
)
"""A place to three decimals of a degree: some 70 by 110 m in Germany."""
_ARRAY: Any = ArrayField(TextField())


class _Changed(Func):
    """A column with the answers under the keys `kept`, and those under `marked` as `marked_as` (SQL of `value`)."""

    template = (
        "(SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY (given.marked) THEN %(marked_as)s"
        " ELSE value END), '{}') FROM (SELECT %(expressions)s) AS given (answers, kept, marked),"
        " jsonb_each(given.answers) WHERE key = ANY (given.kept || given.marked))"
    )
    output_field: Any = JSONField()


def changed_answers(
    campaign: Campaign, kinds: Collection[str], *, of_survey: bool, marked_as: str = ""
) -> tuple[Q, Mapping[str, Func]]:
    """Which rows have answers to questions of some kinds, and their columns without them, or with them `marked_as`.

    What nobody can tell the kind of goes, too: answers to questions that are unknown and, with texts, those of "other".
    """
    kept: dict[int | None, list[str]] = {None: []}
    marked: dict[int | None, list[str]] = {None: []}
    others = [] if QuestionKind.TEXT in kinds else [OTHER]
    for questions in (Question.objects, RemovedQuestion.objects):
        found = questions.of_survey(campaign.pk) if of_survey else questions.of_categories(campaign.pk)
        for slug, kind, category in found.values_list("slug", "kind", "category"):
            if kind not in kinds:
                kept.setdefault(category, []).extend([slug, *(slug + other for other in others)])
            elif marked_as:
                marked.setdefault(category, []).append(slug)
    arrays = _by_category(kept), _by_category(marked)
    columns = {name: _Changed(F(name), *arrays, marked_as=marked_as or "value") for name in COLUMNS}
    is_changed = Q()
    for name, value in columns.items():
        is_changed |= ~Q(**{name: value})
    return is_changed, columns


def _by_category(keys: Mapping[int | None, list[str]]) -> Any:
    """The array of keys of a row's category; that of None for all others, and in surveys."""
    arrays = {
        category: Func(Value(names, _ARRAY), template="%(expressions)s::text[]", output_field=_ARRAY)
        for category, names in keys.items()
    }
    nothing = arrays.pop(None)
    if not arrays:
        return nothing
    return Case(*(When(category=category, then=one) for category, one in arrays.items()), default=nothing)
