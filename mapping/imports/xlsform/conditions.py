"""Rules of XLSForm as conditions of questions (`mapping.questions.conditions`), and conditions as rules."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mapping.imports.xlsform.rules import Always, Answered, Compare, Not, Rule, RuleProblem
from mapping.questions.conditions import DEEPEST, MOST_TESTS, Condition, tests_in
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS

_YES: Final = frozenset({"ok", "true", "yes", "ja", "1"})
_NO: Final = frozenset({"false", "no", "nein", "0"})
_LISTS: Final = (QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING)


@dataclass(frozen=True, slots=True)
class Target:
    """A question that rules may test; `is_whole` where its answers are whole numbers."""

    slug: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    is_whole: bool = False


def to_condition(rule: Rule, target: Callable[[str], Target]) -> dict[str, Any]:
    """The condition of a rule; `target` finds a question by its name and may raise RuleProblem, as this does."""
    condition = _positive(rule, target)
    if _depth(condition) > DEEPEST:
        raise RuleProblem("rule_too_deep", most=DEEPEST)
    if sum(1 for _test in tests_in(condition)) > MOST_TESTS:
        raise RuleProblem("rule_of_many_tests", most=MOST_TESTS)
    return condition


def together(conditions: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """One condition that holds where all do: those of the groups around a question, and its own."""
    parts: list[Mapping[str, Any]] = []
    for one in conditions:
        parts += one["all"] if set(one) == {"all"} else [one] if one else []
    joined = _group("all", [dict(one) for one in parts])
    if _depth(joined) > DEEPEST:
        raise RuleProblem("rule_too_deep", most=DEEPEST)
    if sum(1 for _test in tests_in(joined)) > MOST_TESTS:
        raise RuleProblem("rule_of_many_tests", most=MOST_TESTS)
    return joined


def as_rule(condition: Condition, kinds: Mapping[str, str]) -> str:
    """Print a condition as a rule; `kinds` are the kinds of the questions by short name."""
    for group, word in (("all", " and "), ("any", " or ")):
        if group in condition:
            return word.join(_within(one, kinds) for one in condition[group])
    if not condition:
        return ""
    slug = str(condition["question"])
    name = f"${{{slug}}}"
    if "answered" in condition:
        return f"{name} {'!=' if condition['answered'] else '='} ''"
    if "at_least" in condition:
        return f"{name} >= {_number(condition['at_least'])}"
    if "at_most" in condition:
        return f"{name} <= {_number(condition['at_most'])}"
    is_positive = "is" in condition
    given = condition["is"] if is_positive else condition["is_not"]
    tests = []
    for value in given if isinstance(given, list) else [given]:
        if kinds.get(slug) in _LISTS:
            test = f"selected({name}, {_literal(value)})"
            tests.append(test if is_positive else f"not({test})")
        else:
            tests.append(f"{name} {'=' if is_positive else '!='} {_literal(value)}")
    return (" or " if is_positive else " and ").join(tests)


def _within(condition: Condition, kinds: Mapping[str, str]) -> str:
    """A part of a group, in parentheses where it has parts itself."""
    text = as_rule(condition, kinds)
    values = condition.get("is", condition.get("is_not"))
    is_several = any(len(condition.get(group) or ()) > 1 for group in ("all", "any"))
    return f"({text})" if is_several or (isinstance(values, list) and len(values) > 1) else text


def _positive(rule: Rule, target: Callable[[str], Target]) -> dict[str, Any]:
    match rule:
        case Always():
            if not rule.is_true:
                raise RuleProblem("rule_never")
            return {}
        case Not():
            return _negative(rule.rule, target)
        case Answered():
            return {"question": target(rule.name).slug, "answered": rule.is_answered}
        case Compare():
            return _test(target(rule.name), rule.name, rule.sign, rule.value)
    name = "all" if rule.is_all else "any"
    return _grouped(name, [_positive(one, target) for one in rule.rules])


def _negative(rule: Rule, target: Callable[[str], Target]) -> dict[str, Any]:
    """The opposite of a rule, which also holds where a question is unanswered, as XPath has it."""
    match rule:
        case Always():
            return _positive(Always(not rule.is_true), target)
        case Not():
            return _positive(rule.rule, target)
        case Answered():
            return {"question": target(rule.name).slug, "answered": not rule.is_answered}
        case Compare():
            found = target(rule.name)
            opposite = {"=": "!=", "!=": "=", ">=": "<", "<=": ">", ">": "<=", "<": ">="}[rule.sign]
            test = _test(found, rule.name, opposite, rule.value)
            if rule.sign in ("=", "!="):
                return test
            return {"any": [test, {"question": found.slug, "answered": False}]}
    name = "any" if rule.is_all else "all"
    return _grouped(name, [_negative(one, target) for one in rule.rules])


def _test(target: Target, name: str, sign: str, value: str | float) -> dict[str, Any]:
    if sign in ("=", "!="):
        return {"question": target.slug, "is" if sign == "=" else "is_not": _choice(target, name, value)}
    number = _as_number(value)
    if not KINDS[target.kind].is_measure:
        raise RuleProblem("rule_no_number", name=name)
    if number is None:
        raise RuleProblem("rule_value_no_number", value=str(value)[:40])
    if sign in (">=", "<="):
        return {"question": target.slug, "at_least" if sign == ">=" else "at_most": number}
    if not target.is_whole:
        raise RuleProblem("rule_more_than_decimal", name=name)
    if sign == ">":
        return {"question": target.slug, "at_least": math.floor(number) + 1}
    return {"question": target.slug, "at_most": math.ceil(number) - 1}


def _choice(target: Target, name: str, value: str | float) -> str | int | float:
    kind = KINDS[target.kind]
    if target.kind == QuestionKind.YES_NO:
        word = str(value).strip().lower()
        if word not in _YES | _NO:
            raise RuleProblem("rule_unknown_choice", name=name, value=str(value)[:80])
        return "true" if word in _YES else "false"
    values = {one for one, _title in kind.choices(target.options)}
    if not values:
        if not kind.is_measure:
            raise RuleProblem("rule_free_answer", name=name)
        number = _as_number(value)
        if number is None:
            raise RuleProblem("rule_value_no_number", value=str(value)[:40])
        return number
    written = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if written not in values:
        raise RuleProblem("rule_unknown_choice", name=name, value=written[:80])
    return value if kind.is_measure and not isinstance(value, str) else written


def _as_number(value: str | float) -> int | float | None:
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number) or abs(number) > 10**15:
        return None
    return int(number) if number.is_integer() else number


def _grouped(name: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """Several conditions as one, where {} is always true."""
    if name == "any":
        return {} if any(not one for one in parts) else _group(name, parts)
    return _group(name, [one for one in parts if one])


def _group(name: str, parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A group in its shortest form: values of one question become a list, one part stands alone."""
    if not parts:
        return {}
    if len(parts) == 1:
        return parts[0]
    test = "is" if name == "any" else "is_not"
    if all(set(one) == {"question", test} and one["question"] == parts[0]["question"] for one in parts):
        values = [
            value for one in parts for value in (one[test] if isinstance(one[test], list) else [one[test]])
        ]
        unique = list(dict.fromkeys(values))
        return {"question": parts[0]["question"], test: unique if len(unique) > 1 else unique[0]}
    return {name: parts}


def _depth(condition: Condition) -> int:
    parts = condition.get("all") or condition.get("any") or ()
    return 1 + max((_depth(one) for one in parts), default=0) if parts else 0


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return "'true'" if value else "'false'"
    if isinstance(value, int | float):
        return _number(value)
    text = str(value)
    return f"'{text}'" if "'" not in text else '"' + text.replace('"', '""') + '"'


def _number(value: float) -> str:
    return format(value, "d") if isinstance(value, int) else f"{value:.15f}".rstrip("0").rstrip(".")
