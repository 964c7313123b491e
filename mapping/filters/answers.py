"""Filter by answers to questions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Final

from django.http import QueryDict
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
from mapping.filters.questions import found_question
from mapping.models import Campaign
from mapping.models.contribution import ContributionQuerySet

_ANSWER: Final = re.compile(r"answers\[([-\w]{1,80})\]")

Answers = tuple[tuple[str, tuple[str, ...]], ...]
"""Short names of questions with values; yes and no are "true" and "false"."""


class _Answers(Dimension[Answers]):
    """Filters by answers to choice, scale and yes/no questions."""

    name = "answers"
    title = gettext_lazy("Answers")
    description = (
        "`answers[slug]=a,b`: the answer to a question with choices, a scale, or yes or no (`true`, `false`) is one of "
        "these. Several questions must all match."
    )
    held_by: ClassVar[HeldBy] = "contribution"
    schema: ClassVar[Mapping[str, Any]] = {"type": "object", "additionalProperties": {"type": "string"}}

    @property
    def parameters(self) -> tuple[str, ...]:
        """See `Dimension`."""
        return ("answers[slug]",)

    def read(self, reader: Reader, choices: Choices) -> Answers | None:
        """See `Dimension`; unknown questions are reported only when contributions are queried."""
        asked = ((slug, reader.words(f"answers[{slug}]")) for slug in asked_questions(reader.names))
        return tuple((slug, values) for slug, values in asked if values) or None

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> Answers | None:
        """See `Dimension`."""
        if not any(name.startswith(f"{prefix}answers[") for name in query):
            return None
        asked = (
            (
                one.slug,
                chosen_of(
                    set(query.getlist(f"{prefix}answers[{one.slug}]")),
                    [value for value, _title in one.choices],
                ),
            )
            for one in choices.asked
        )
        return tuple((slug, values) for slug, values in asked if values) or None

    def pairs(self, value: Answers) -> Pairs:
        """See `Dimension`."""
        return [(f"answers[{slug}]", one) for slug, values in value for one in values]

    def written(self, value: Answers) -> Mapping[str, str]:
        """See `Dimension`."""
        return {f"answers[{slug}]": ",".join(values) for slug, values in value}

    def contributions(
        self, found: ContributionQuerySet, value: Answers, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`; raises QueryProblem "no_such_question", "question_without_choices", "unknown_answer"."""
        choices = Choices(campaign)
        for slug, values in value:
            found = found.answering(_objects(choices, slug, values))
        return found

    def statements(self, value: Answers, choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        known = {one.slug: one for one in choices.questions}
        for slug, values in value:
            question = known.get(slug)
            titles = dict(question.choices) if question is not None else {}
            words = ", ".join(titles.get(one, one) for one in values)
            yield question.title if question is not None else slug, words

    def groups(self, value: Answers | None, choices: Choices) -> Iterator[Group]:
        """See `Dimension`."""
        chosen = dict(value or ())
        for one in choices.asked:
            options = [Option(answer, title) for answer, title in one.choices]
            yield Group(
                f"answers[{one.slug}]",
                one.title,
                "chips",
                options,
                chosen.get(one.slug, ()),
                f"answer-{one.slug}",
            )


def asked_questions(names: Sequence[str] | Any) -> tuple[str, ...]:
    """The questions that parameters `answers[slug]` name."""
    return tuple(match[1] for name in names if (match := _ANSWER.fullmatch(name)))


def _objects(choices: Choices, slug: str, values: tuple[str, ...]) -> list[Mapping[str, object]]:
    """The JSON objects of which a contribution's answers must contain one."""
    parameter = f"answers[{slug}]"
    question = found_question(choices.questions, slug, parameter)
    if not question.is_filter:
        raise QueryProblem("question_without_choices", parameter=parameter, question=slug)
    known = [value for value, _title in question.choices]
    for value in values:
        if value not in known:
            listed = ", ".join(known[:50])
            raise QueryProblem("unknown_answer", parameter=parameter, value=value[:80], choices=listed)
    return [{slug: stored} for value in values for stored in question.stored(value)]


ANSWERS: Final = _Answers()

DIMENSIONS: Final = (ANSWERS,)
