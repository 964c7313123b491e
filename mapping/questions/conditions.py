"""Conditions on earlier answers under which a question is shown (`show_if`).

A condition is one of these JSON objects, `{}` being always true:

- `{"all": [condition, ...]}`, `{"any": [condition, ...]}`: every one, at least one of them;
- `{"question": slug, "is": value}`: the answer is the value, or one of a list of values; of an answer with several
  choices, one of them is;
- `{"question": slug, "is_not": value}`: the opposite, also where there is no answer;
- `{"question": slug, "answered": true}` (or `false`);
- `{"question": slug, "at_least": number}`, `{"question": slug, "at_most": number}`.

Values are those of `Kind.choices`: "true" and "false" (or the JSON values) for yes or no, steps of scales as numbers or
texts. Questions that were not shown count as unanswered.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from django.utils.translation import gettext

from mapping.questions.registry import KINDS

Condition = Mapping[str, Any]
_GROUPS: Final = ("all", "any")
_TESTS: Final = ("is", "is_not", "answered", "at_least", "at_most")
DEEPEST: Final = 5
MOST_TESTS: Final = 40


class Earlier(Protocol):
    """What conditions need to know of an earlier question; `mapping.models.Question` fits."""

    @property
    def slug(self) -> str:
        """Its short name."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def kind(self) -> str:
        """The name of its kind."""

    @property
    def options(self) -> Any:
        """The options of its kind."""


def holds(condition: Condition, answers: Mapping[str, object]) -> bool:
    """Whether answers by short name fulfil a condition without problems (`problem_of`)."""
    if "all" in condition:
        return all(holds(one, answers) for one in condition["all"])
    if "any" in condition:
        return any(holds(one, answers) for one in condition["any"])
    if not condition:
        return True
    return _passes(condition, answers.get(str(condition["question"])))


def _passes(test: Condition, answer: object) -> bool:
    if "answered" in test:
        return (answer is not None) is bool(test["answered"])
    if "is" in test:
        return bool(_values(answer) & _texts(test["is"]))
    if "is_not" in test:
        return not _values(answer) & _texts(test["is_not"])
    if isinstance(answer, bool) or not isinstance(answer, int | float):
        return False
    return bool(answer >= test["at_least"] if "at_least" in test else answer <= test["at_most"])


def questions_in(condition: Condition) -> Iterator[str]:
    """The short names of the questions that a condition tests."""
    for group in _GROUPS:
        for one in condition.get(group) or ():
            yield from questions_in(one)
    if "question" in condition:
        yield str(condition["question"])


def tests_in(condition: Condition) -> Iterator[Condition]:
    """The single tests of a condition."""
    for group in _GROUPS:
        for one in condition.get(group) or ():
            yield from tests_in(one)
    if "question" in condition:
        yield condition


def problem_of(condition: object, earlier: Sequence[Earlier]) -> str | None:
    """Describe in the active language why a condition cannot be used; None where it can.

    `earlier` are the questions before the one with the condition. As only these may be tested, there are no circles.
    """
    problem = _form_problem(condition, 0)
    if problem is not None:
        return problem
    assert isinstance(condition, Mapping)  # noqa: S101 - for the type checker: `_form_problem` refuses others
    tests = list(tests_in(condition))
    if len(tests) > MOST_TESTS:
        return gettext("This condition is too long. At most %(most)s tests are possible.") % {
            "most": MOST_TESTS
        }
    known = {question.slug: question for question in earlier}
    return next((found for test in tests if (found := _test_problem(test, known)) is not None), None)


def in_words(condition: Condition, known: Mapping[str, Earlier]) -> str:
    """The condition as a sentence without a full stop, in the active language."""
    if "all" in condition:
        return _joined(condition["all"], known, gettext("and"))
    if "any" in condition:
        return _joined(condition["any"], known, gettext("or"))
    if not condition:
        return gettext("always")
    question = known.get(str(condition["question"]))
    title = question.title if question is not None else str(condition["question"])
    if "answered" in condition:
        pattern = (
            gettext("“%(title)s” is answered")
            if condition["answered"]
            else gettext("“%(title)s” is not answered")
        )
        return pattern % {"title": title}
    if "at_least" in condition:
        return gettext("“%(title)s” is at least %(value)s") % {"title": title, "value": condition["at_least"]}
    if "at_most" in condition:
        return gettext("“%(title)s” is at most %(value)s") % {"title": title, "value": condition["at_most"]}
    name = "is" if "is" in condition else "is_not"
    titles = {} if question is None else dict(KINDS[question.kind].choices(question.options))
    answers = (gettext("“%(answer)s”") % {"answer": titles.get(one, one)} for one in _listed(condition[name]))
    between = gettext("or")
    words = f" {between} ".join(answers)
    pattern = gettext("“%(title)s” is %(value)s") if name == "is" else gettext("“%(title)s” is not %(value)s")
    return pattern % {"title": title, "value": words}


def _joined(conditions: Sequence[Condition], known: Mapping[str, Earlier], word: str) -> str:
    parts = [f"({in_words(one, known)})" if _is_group(one) else in_words(one, known) for one in conditions]
    return f" {word} ".join(parts)


def _is_group(condition: Condition) -> bool:
    return any(len(condition.get(group) or ()) > 1 for group in _GROUPS)


def _form_problem(condition: object, depth: int) -> str | None:
    unreadable = gettext(
        "This condition cannot be read. Please choose a question and what its answer must be."
    )
    if not isinstance(condition, Mapping) or depth > DEEPEST:
        return unreadable
    if not condition:
        return None if depth == 0 else unreadable
    keys = set(condition)
    for group in _GROUPS:
        if group in keys:
            parts = condition[group]
            if keys != {group} or not isinstance(parts, list) or not parts:
                return unreadable
            return next(
                (found for one in parts if (found := _form_problem(one, depth + 1)) is not None), None
            )
    names = [name for name in _TESTS if name in keys]
    if len(names) != 1 or keys != {"question", names[0]} or not isinstance(condition["question"], str):
        return unreadable
    return None if _is_value(names[0], condition[names[0]]) else unreadable


def _is_value(name: str, value: object) -> bool:
    if name == "answered":
        return isinstance(value, bool)
    if name in ("at_least", "at_most"):
        return isinstance(value, int | float) and not isinstance(value, bool)
    listed = value if isinstance(value, list) else [value]
    return bool(listed) and all(isinstance(one, str | int | float | bool) for one in listed)


def _test_problem(test: Condition, known: Mapping[str, Earlier]) -> str | None:
    slug = str(test["question"])
    question = known.get(slug)
    if question is None:
        return gettext("The condition tests “%(slug)s”, which is no earlier question.") % {"slug": slug}
    kind = KINDS[question.kind]
    if not kind.is_answered:
        return gettext("“%(title)s” is a note and has no answer that could be tested.") % {
            "title": question.title
        }
    if "at_least" in test or "at_most" in test:
        if not kind.is_measure:
            return gettext("The answers to “%(title)s” are no numbers.") % {"title": question.title}
        return None
    if "answered" in test:
        return None
    values = {value for value, _title in kind.choices(question.options)}
    if not values and not kind.is_measure:
        return gettext("The answers to “%(title)s” are free, so that only “answered” can be tested.") % {
            "title": question.title
        }
    unknown = [one for one in _listed(test["is"] if "is" in test else test["is_not"]) if one not in values]
    if values and unknown:
        return gettext("“%(value)s” is no answer to “%(title)s”.") % {
            "value": unknown[0],
            "title": question.title,
        }
    return None


def _listed(value: object) -> list[str]:
    return [_text(one) for one in (value if isinstance(value, list) else [value])]


def _texts(value: object) -> set[str]:
    return set(_listed(value))


def _values(answer: object) -> set[str]:
    if answer is None:
        return set()
    if isinstance(answer, list):
        return {_text(one) for one in answer}
    return {_text(answer)}


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
