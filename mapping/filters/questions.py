"""Questions whose answers can be filtered by or measured.

Questions belong to categories or to the campaign's survey. Questions of several categories that share a short name are
merged into one here, and the answers to all of them count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal, cast

from django.utils.translation import gettext as _

from mapping.filters.problems import QueryProblem
from mapping.models import Question
from mapping.questions.kind import Limits, Measured
from mapping.questions.registry import KINDS

Owner = Literal["answers", "staff_answers", "responses"]
"""Where answers lie: in contributions, for everyone or for staff only, or in responses to the survey.

Also the name of the filter's parameter, and of the column of contributions.
"""

_MOST_OFFERED: Final = 11
"""Most steps of a scale that pages list one by one."""
_MOST_PARTS: Final = 30
"""Most parts of one question that pages offer as measures."""
_MEASURE: Final = re.compile(r"(?:(staff_answers|responses)\[)?([-\w]{1,80})(?::(.{1,200}?))?(?(1)\])")


@dataclass(frozen=True, slots=True)
class AnswerMeasure:
    """One thing with a mean: a question, or a `part` of its answers; `name` is what queries call it by.

    `steps` are the values of the scale that statements are judged by, the first one counting 1.
    """

    name: str
    title: str
    owner: Owner
    slug: str
    part: str
    what: Measured
    steps: tuple[str, ...] = ()
    stored: object = None


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """A question to filter by or measure; `choices` are (value, title), yes and no being "true" and "false".

    `first` is the first of those that share the short name, and `category` the title of its category.
    """

    slug: str
    title: str
    category: str
    kinds: frozenset[str]
    choices: tuple[tuple[str, str], ...]
    first: Question = field(repr=False, compare=False)
    owner: Owner = "answers"

    @property
    def limits(self) -> Limits:
        """The type of the limits of ranges; empty where there are none."""
        return next((KINDS[kind].limits for kind in sorted(self.kinds) if KINDS[kind].limits), "")

    @property
    def is_filter(self) -> bool:
        """Whether the question has choices or ranges to filter by."""
        return bool(self.choices) or bool(self.limits)

    @property
    def is_measure(self) -> bool:
        """Whether answers are measured as a whole or part by part."""
        return any(KINDS[kind].measured for kind in self.kinds)

    @property
    def is_offered(self) -> bool:
        """Whether pages offer its choices one by one; else they offer a range."""
        return bool(self.choices) and (not self.limits or len(self.choices) <= _MOST_OFFERED)

    def stored(self, value: str) -> Iterator[object]:
        """The stored forms of answers with a value, one for each kind of the question."""
        for kind in sorted(self.kinds):
            answer = KINDS[kind].stored(value)
            if answer is not None:
                yield answer

    def paths(self, value: str) -> Iterator[str]:
        """The jsonpaths below answers that mean a value or a range, of the question's kinds."""
        is_choice = value in dict(self.choices)
        for kind in (KINDS[name] for name in sorted(self.kinds)):
            path, limits = kind.path(value), kind.range_of(value)
            if path is not None:
                yield path
            elif not is_choice and limits is not None:
                yield kind.between(*limits)

    def is_range(self, value: str) -> bool:
        """Whether a value is a range of answers."""
        return self.range_of(value) is not None

    def range_of(self, value: str) -> tuple[str | float | None, str | float | None] | None:
        """The limits of a range; None for anything else."""
        ranges = (KINDS[kind].range_of(value) for kind in sorted(self.kinds))
        return next((one for one in ranges if one is not None), None)

    def words(self, value: str) -> str:
        """A value or a range in words."""
        title = dict(self.choices).get(value)
        limits = self.range_of(value)
        if title is not None or limits is None:
            return title or value
        low, high = (None if one is None else self._limit_in_words(one) for one in limits)
        if low == high:
            return str(low)
        if low is None or high is None:
            return _("up to %(end)s") % {"end": high} if low is None else _("from %(start)s") % {"start": low}
        return _("%(first)s to %(last)s") % {"first": low, "last": high}

    def _limit_in_words(self, limit: str | float) -> str:
        if self.first.kind == "scale":
            return str(limit)
        return KINDS[self.first.kind].words(self.first, limit)

    @property
    def measures(self) -> Iterator[AnswerMeasure]:
        """All that has a mean, by the kind of the first question."""
        kind = KINDS[self.first.kind]
        if kind.measured is None:
            return
        parts = list(kind.parts(self.first.options))
        scale = self.first.options.get("choices") if kind.measured == "step" else None
        steps = tuple(str(one.get("value")) for one in scale or ())
        for part, title in parts or [("", "")]:
            name = f"{self.slug}:{part}" if part else self.slug
            yield AnswerMeasure(
                name=name if self.owner == "answers" else f"{self.owner}[{name}]",
                title=self._title(kind.measured, title),
                owner=self.owner,
                slug=self.slug,
                part=part,
                what=kind.measured,
                steps=steps,
                stored=kind.stored(part) if kind.measured == "share" else None,
            )

    @property
    def offered_measures(self) -> list[AnswerMeasure]:
        """The measures that pages offer: none of questions with very many choices."""
        found = list(self.measures)
        return found if len(found) <= _MOST_PARTS else []

    def _title(self, what: Measured, part: str) -> str:
        names = {"question": self.title, "part": part}
        if what == "share":
            return _("%(question)s: %(part)s (in per cent)") % names
        if what == "rank":
            return _("%(question)s: %(part)s (its place, 1 is the first)") % names
        if what == "step":
            return _("%(question)s: %(part)s (its step, 1 is the first)") % names
        return self.title


def questions_of(campaign_id: int, owner: Owner) -> tuple[AnswerQuestion, ...]:
    """Return the questions of a campaign that can filter or be measured, in their order.

    Of "answers" the public ones of its categories, of "staff_answers" the others, of "responses" all of its survey:
    callers must check `rules.may_read_responses` before they read any but the first.
    """
    if owner == "responses":
        return merged(Question.objects.of_survey(campaign_id), owner)
    of_categories = Question.objects.of_categories(campaign_id).select_related("category")
    return merged(of_categories.public() if owner == "answers" else of_categories.for_staff(), owner)


def merged(questions: Iterable[Question], owner: Owner) -> tuple[AnswerQuestion, ...]:
    """Merge those of some questions that can filter or be measured, by their short names, in their order."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.slug, []).append(question)
    merged = (
        AnswerQuestion(
            slug,
            questions[0].title,
            _title_of_category(questions[0]),
            frozenset(question.kind for question in questions),
            tuple(
                {
                    value: (value, title)
                    for one in questions
                    for value, title in KINDS[one.kind].filters(one.options)
                }.values()
            ),
            questions[0],
            owner,
        )
        for slug, questions in found.items()
    )
    return tuple(question for question in merged if question.is_filter or question.is_measure)


def _title_of_category(question: Question) -> str:
    return "" if question.category is None else question.category.title


def found_question(known: Iterable[AnswerQuestion], slug: str, parameter: str) -> AnswerQuestion:
    """Return the question of a short name; raises QueryProblem "no_such_question"."""
    for question in known:
        if question.slug == slug:
            return question
    raise QueryProblem("no_such_question", parameter=parameter, question=slug)


def owner_of(name: str) -> Owner:
    """Where the answers lie that a measure names."""
    found = _MEASURE.fullmatch(name)
    owner: Owner = cast("Owner", found[1]) if found is not None and found[1] else "answers"
    return owner


def measured_question(campaign_id: int, name: str, *, for_staff: bool = False) -> AnswerMeasure:
    """Return what has a mean by its name: `slug`, `slug:part`, for staff `staff_answers[slug:part]`, `responses[…]`.

    Raises QueryProblem "no_such_question", "question_not_numeric" (nothing to measure), "no_such_part" (choices).
    """
    found = _MEASURE.fullmatch(name)
    owner = owner_of(name)
    if found is None or (owner != "answers" and not for_staff):
        raise QueryProblem("no_such_question", parameter="question", question=name[:100])
    question = found_question(questions_of(campaign_id, owner), found[2], "question")
    measures = {one.part: one for one in question.measures}
    if not measures:
        raise QueryProblem("question_not_numeric", parameter="question", question=name[:100])
    part = found[3] or ""
    if part not in measures:
        named = [one.name for one in measures.values()]
        raise QueryProblem("no_such_part", parameter="question", choices=", ".join(named[:50]))
    return measures[part]
