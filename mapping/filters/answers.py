"""Filter by answers to questions: of contributions, and of responses to the survey by the people who placed them."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.choices import Choices
from mapping.filters.dimension import (
    Dimension,
    Group,
    HeldBy,
    Option,
    Pairs,
    Reader,
    chosen_of,
)
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import AnswerQuestion, Owner, found_question
from mapping.models import Campaign, Response
from mapping.models.answers import Wanted
from mapping.models.contribution import ContributionQuerySet

_NAMED: Final = re.compile(r"(answers|staff_answers|responses)\[([-\w]{1,80})\]")
_LONGEST: Final = 200
"""Characters of a range that are read."""

Answers = tuple[tuple[str, tuple[str, ...]], ...]
"""Short names of questions with values or ranges; yes and no are "true" and "false"."""


class _Answered(Dimension[Answers]):
    """Filters by answers to questions with choices or with an order."""

    name: ClassVar[Owner]
    held_by: ClassVar[HeldBy] = "contribution"
    schema: ClassVar[Mapping[str, Any]] = {"type": "object", "additionalProperties": {"type": "string"}}

    @abstractmethod
    def questions(self, choices: Choices) -> Sequence[AnswerQuestion]:
        """The questions that can be filtered by or measured."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """See `Dimension`."""
        return (f"{self.name}[slug]",)

    def read(self, reader: Reader, choices: Choices) -> Answers | None:
        """See `Dimension`; unknown questions are reported only when contributions are queried."""
        asked = (
            (slug, reader.words(f"{self.name}[{slug}]")) for slug in asked_questions(reader.names, self.name)
        )
        return tuple((slug, values) for slug, values in asked if values) or None

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> Answers | None:
        """See `Dimension`; pages have two fields for a range, the API one value."""
        if not any(name.startswith(f"{prefix}{self.name}[") for name in query):
            return None
        asked = (
            (one.slug, self._found(query, one, f"{prefix}{self.name}[{one.slug}]"))
            for one in self.questions(choices)
            if one.is_filter
        )
        return tuple((slug, values) for slug, values in asked if values) or None

    def _found(self, query: QueryDict, question: AnswerQuestion, name: str) -> tuple[str, ...]:
        given = query.getlist(name)
        chosen = chosen_of(set(given), [value for value, _title in question.choices]) or ()
        low, high = (query.get(f"{name}[{end}]", "").strip().replace(",", ".") for end in ("from", "to"))
        ranges = [f"{low or '..'}/{high or '..'}", *given]
        known = dict(question.choices)
        return *chosen, *(
            one
            for one in dict.fromkeys(ranges)
            if one not in known and len(one) <= _LONGEST and question.is_range(one)
        )

    def pairs(self, value: Answers) -> Pairs:
        """See `Dimension`."""
        return [(f"{self.name}[{slug}]", one) for slug, values in value for one in values]

    def written(self, value: Answers) -> Mapping[str, str]:
        """See `Dimension`."""
        return {f"{self.name}[{slug}]": ",".join(values) for slug, values in value}

    def wanted(self, value: Answers, questions: Sequence[AnswerQuestion]) -> Iterator[Wanted]:
        """What answers must hold.

        Raises QueryProblem "no_such_question", "question_without_choices", "unknown_answer", "not_a_range".
        """
        for slug, values in value:
            yield self._wanted(questions, slug, values)

    def statements(self, value: Answers, choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        known = {one.slug: one for one in self.questions(choices)}
        for slug, values in value:
            question = known.get(slug)
            if question is None:
                yield slug, ", ".join(values)
            else:
                yield question.title, ", ".join(question.words(one) for one in values)

    def groups(self, value: Answers | None, choices: Choices) -> Iterator[Group]:
        """See `Dimension`."""
        chosen = dict(value or ())
        for one in self.questions(choices):
            given = chosen.get(one.slug, ())
            name, key = f"{self.name}[{one.slug}]", f"{self.name.removesuffix('s')}-{one.slug}"
            if one.is_offered:
                options = [Option(answer, title) for answer, title in one.choices]
                yield Group(name, self.heading(one), "chips", options, given, key)
            elif one.limits:
                limits = next((found for text in given if (found := one.range_of(text))), (None, None))
                ends = ["" if limit is None else str(limit) for limit in limits]
                yield Group(name, self.heading(one), one.limits, (), ends, key)

    def heading(self, question: AnswerQuestion) -> str:
        """The title of a question's control."""
        return question.title

    def _wanted(self, questions: Sequence[AnswerQuestion], slug: str, values: tuple[str, ...]) -> Wanted:
        """What an answer to a question must hold."""
        parameter = f"{self.name}[{slug}]"
        question = found_question(questions, slug, parameter)
        if not question.is_filter:
            raise QueryProblem("question_without_choices", parameter=parameter, question=slug)
        known = dict(question.choices)
        for value in values:
            if value in known or (len(value) <= _LONGEST and question.is_range(value)):
                continue
            if question.limits:
                raise QueryProblem("not_a_range", parameter=parameter, value=value[:80])
            listed = ", ".join([*known][:50])
            raise QueryProblem("unknown_answer", parameter=parameter, value=value[:80], choices=listed)
        return Wanted(
            slug,
            [stored for value in values if value in known for stored in question.stored(value)],
            [path for value in values for path in question.paths(value)],
        )


class _Answers(_Answered):
    """Answers that were given with a contribution, to questions of its category."""

    name: ClassVar[Owner] = "answers"
    title = gettext_lazy("Answers")
    description = (
        "`answers[slug]=a,b`: the answer to a question with choices, a scale, or yes or no (`true`, `false`) is one of "
        "these. Rankings hold `a` anywhere, or `a:1` in the first place. Numbers, scales, dates and times of day take "
        "ranges with both ends included: `5/20`, `5/..`, `../20`, `2026-05-01/2026-05-31`, `20:00/06:00`. Several "
        "questions must all match."
    )

    def questions(self, choices: Choices) -> Sequence[AnswerQuestion]:
        """See `_Answered`."""
        return choices.questions

    def contributions(
        self, found: ContributionQuerySet, value: Answers, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`; raises QueryProblem as `wanted` does."""
        for one in self.wanted(value, Choices(campaign).questions):
            found = found.answering(one)
        return found


class _StaffAnswers(_Answered):
    """Answers that were given with a contribution, to questions of its category that only staff may read."""

    name: ClassVar[Owner] = "staff_answers"
    title = gettext_lazy("Answers for staff")
    description = (
        "`staff_answers[slug]=a,b`: of staff who may read them, on the heat map and its statistics only: the answer to "
        "a question of a category whose answers only staff may read. Values are those of `answers`. For all others "
        "this parameter is unknown."
    )
    is_for_staff: ClassVar[bool] = True

    def questions(self, choices: Choices) -> Sequence[AnswerQuestion]:
        """See `_Answered`."""
        return choices.staff_questions

    def heading(self, question: AnswerQuestion) -> str:
        """See `_Answered`; these stand beside the public questions."""
        return _("%(question)s (only staff)") % {"question": question.title}

    def contributions(
        self, found: ContributionQuerySet, value: Answers, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`; raises QueryProblem as `wanted` does. Callers must check `rules.may_read_staff_answers`."""
        for one in self.wanted(value, Choices(campaign, for_staff=True).staff_questions):
            found = found.answering_to_staff(one)
        return found


class _Responses(_Answered):
    """Answers to the survey by the people who made the contributions."""

    name: ClassVar[Owner] = "responses"
    title = gettext_lazy("Answers to the survey")
    description = (
        "`responses[slug]=a,b`: of staff who may read responses, on the heat map and its statistics only: the "
        "contribution was made by somebody whose complete response to the campaign's survey has one of these answers. "
        "Values are those of `answers`; of a matrix `statement:choice`. For all others this parameter is unknown."
    )
    is_for_staff: ClassVar[bool] = True

    def questions(self, choices: Choices) -> Sequence[AnswerQuestion]:
        """See `_Answered`."""
        return choices.survey

    def contributions(
        self, found: ContributionQuerySet, value: Answers, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`; raises QueryProblem as `wanted` does. Callers must check `rules.may_read_responses`."""
        responses = Response.objects.of(campaign).complete()
        for one in self.wanted(value, Choices(campaign, for_staff=True).survey):
            responses = responses.answering(one)
        return found.by_any(responses)


def asked_questions(names: Iterable[str], of: Owner = "answers") -> tuple[str, ...]:
    """The questions that parameters `answers[slug]` name, or those of another owner of answers."""
    return tuple(match[2] for name in names if (match := _NAMED.fullmatch(name)) and match[1] == of)


def parameters_for_staff(names: Collection[str]) -> tuple[str, ...]:
    """Those of some parameters that name answers which only staff may read."""
    return tuple(
        f"{of.name}[{slug}]" for of in (STAFF_ANSWERS, RESPONSES) for slug in asked_questions(names, of.name)
    )


ANSWERS: Final = _Answers()
STAFF_ANSWERS: Final = _StaffAnswers()
RESPONSES: Final = _Responses()

DIMENSIONS: Final = (ANSWERS, STAFF_ANSWERS, RESPONSES)
