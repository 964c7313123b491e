"""The condition of a question as rows of a form: an earlier question, a test, an answer.

A condition with groups within groups, as files may bring it, has no such rows: it is shown in words and kept until it
is replaced.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mapping.models import Question
from mapping.questions.numbers import Number
from mapping.questions.registry import KINDS

ALWAYS, RULES, KEPT = "always", "rules", "kept"
MOST_RULES: Final = 20
TESTS: Final[Mapping[str, str | Promise]] = {
    "is": _("is"),
    "is_not": _("is not"),
    "answered": _("is answered"),
    "not_answered": _("is not answered"),
    "at_least": _("is at least"),
    "at_most": _("is at most"),
}
_BARE: Final = ("answered", "not_answered")
_NUMBERS: Final = ("at_least", "at_most")


@dataclass(frozen=True, slots=True)
class Rule:
    """One row as it is typed."""

    question: str = ""
    test: str = "is"
    value: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen."""
        return not self.question


@dataclass(frozen=True, slots=True)
class TypedCondition:
    """A condition as the form has it; `kept` is one that has no rows."""

    mode: str = ALWAYS
    join: str = "all"
    rules: tuple[Rule, ...] = ()
    kept: Mapping[str, Any] = field(default_factory=dict)

    def stored(self, earlier: Sequence[Question]) -> dict[str, Any]:
        """The condition to store, unchecked: rows without a question are left out."""
        if self.mode == KEPT:
            return dict(self.kept)
        kinds = {question.slug: KINDS[question.kind] for question in earlier}
        tests = [
            _test(rule, is_measure=rule.question in kinds and kinds[rule.question].is_measure)
            for rule in self.rules
            if not rule.is_blank
        ]
        if self.mode != RULES or not tests:
            return {}
        return tests[0] if len(tests) == 1 else {self.join: tests}


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A row with what can be chosen in it; `takes` is `choice`, `number` or nothing."""

    number: int
    rule: Rule
    tests: list[tuple[str, str | Promise]]
    answers: list[tuple[str, str]]
    takes: str


def condition_of(show_if: Mapping[str, Any]) -> TypedCondition:
    """A stored condition as rows, if it can be said in rows."""
    if not show_if:
        return TypedCondition()
    # One of several answers is any of the tests, none of several is all of them.
    join = "any" if "any" in show_if or isinstance(show_if.get("is"), list) else "all"
    tests = _spread(show_if) or show_if.get(join) or [show_if]
    rules = [_rule(one) for one in tests]
    if any(one is None for one in rules):
        return TypedCondition(mode=KEPT, kept=show_if)
    return TypedCondition(mode=RULES, join=join, rules=tuple(one for one in rules if one is not None))


def typed_condition(data: QueryDict, kept: Mapping[str, Any]) -> TypedCondition:
    """What the form sent; `kept` is the stored condition, if it has no rows."""
    rules: list[Rule] = []
    while f"rules.{len(rules)}.question" in data and len(rules) < MOST_RULES:
        values = (data.get(f"rules.{len(rules)}.{name}", "") for name in ("question", "test", "value"))
        rules.append(Rule(*values))
    mode, join = data.get("condition", ALWAYS), data.get("join", "all")
    return TypedCondition(
        mode=mode if mode in (RULES, KEPT) and (mode == RULES or kept) else ALWAYS,
        join=join if join in ("all", "any") else "all",
        rules=tuple(rules),
        kept=kept,
    )


def shown_rules(rules: Sequence[Rule], earlier: Sequence[Question]) -> list[ShownRule]:
    """The rows with the tests and answers that their question has."""
    known = {question.slug: question for question in earlier}
    return [_shown(number, rule, known.get(rule.question)) for number, rule in enumerate(rules)]


def _shown(number: int, rule: Rule, question: Question | None) -> ShownRule:
    if question is None:
        return ShownRule(number, rule, list(TESTS.items()), [], "")
    kind = KINDS[question.kind]
    answers = [(value, str(title)) for value, title in kind.choices(question.options)]
    is_free = not answers and not kind.is_measure
    tests = [
        (name, title)
        for name, title in TESTS.items()
        if name in _BARE or not (is_free or (name in _NUMBERS and not kind.is_measure))
    ]
    takes = "" if is_free or rule.test in _BARE else "choice" if answers else "number"
    return ShownRule(number, rule, tests, answers, takes)


def _test(rule: Rule, *, is_measure: bool) -> dict[str, Any]:
    if rule.test in _BARE:
        return {"question": rule.question, "answered": rule.test == "answered"}
    value: object = rule.value.strip()
    if is_measure or rule.test in _NUMBERS:
        value = Number().posted(value)
    return {"question": rule.question, rule.test: value}


def _rule(test: object) -> Rule | None:
    """A row of a single test with one value; None for everything else."""
    if not isinstance(test, Mapping) or "question" not in test:
        return None
    if "answered" in test:
        return Rule(str(test["question"]), "answered" if test["answered"] else "not_answered")
    name = next((one for one in TESTS if one in test), None)
    if name is None or isinstance(test[name], list | Mapping):
        return None
    return Rule(str(test["question"]), name, _words(test[name]))


def _spread(show_if: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A single test with several values as single tests; empty for everything else."""
    name = next((one for one in ("is", "is_not") if isinstance(show_if.get(one), list)), None)
    if name is None:
        return []
    return [{"question": show_if["question"], name: value} for value in show_if[name]]


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
