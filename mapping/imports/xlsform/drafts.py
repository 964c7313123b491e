"""Questions while a form is read: before their rules are known to be usable."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from mapping.geo.text import address_from_title
from mapping.imports.xlsform.form import Finding
from mapping.imports.xlsform.lists import ChoiceList
from mapping.imports.xlsform.rules import Rule, RuleProblem, parse_rule
from mapping.models import Audience, ResultsShown
from mapping.models.texts import undisguised_within
from mapping.questions.names import QuestionKind

Use = Literal["question", "group", "calculate", "unread", "matrix_row", "other"]
"""What a name of the form stands for; rules can only test questions."""

_SLUG: Final = re.compile(r"[A-Za-z0-9_-]{1,80}")


@dataclass(eq=False, slots=True)
class RuleText:
    """A rule as written, with its row; `first` and `last` are the positions of the questions that it governs."""

    row: int
    text: str
    first: int
    last: int
    rule: Rule | None = None

    def parse(self, report: Callable[[Finding], object]) -> None:
        """Parse the rule; a fault is reported."""
        try:
            self.rule = parse_rule(undisguised_within(self.text))
        except RuleProblem as problem:
            report(Finding("survey", self.row, problem.code, problem.params))


@dataclass(eq=False, slots=True)
class Draft:
    """A question of the form.

    `others` are the values of its choices that ask for a text, where a text follows; `is_heading` marks the note that
    the label of a group becomes, whose name may be that of a question, too. `translations` are texts by language and
    place, as of `Translation.field`.
    """

    row: int
    name: str
    kind: QuestionKind
    title: str
    position: int
    help_text: str = ""
    required: bool = False
    options: dict[str, Any] = field(default_factory=dict)
    rules: list[RuleText] = field(default_factory=list)
    own_rule: RuleText | None = None
    starts_page: bool = False
    is_whole: bool = False
    others: set[str] = field(default_factory=set)
    is_heading: bool = False
    slug: str = ""
    audience: str = Audience.PUBLIC.value
    results: str = ResultsShown.LIVE.value
    translations: dict[str, dict[str, str]] = field(default_factory=dict)

    def translate(self, place: str, texts: Mapping[str, str]) -> None:
        """Add translations of one text: a column of the question, or a place in its options; texts by language."""
        for tag, text in texts.items():
            self.translations.setdefault(tag, {})[place] = text

    def translate_choices(self, listed: ChoiceList) -> None:
        """Add the translations of a list of choices."""
        for tag, texts in listed.translations.items():
            self.translations.setdefault(tag, {}).update(texts)

    @property
    def group_rules(self) -> list[RuleText]:
        """The rules of the groups around the question."""
        return [rule for rule in self.rules if rule is not self.own_rule]


@dataclass(eq=False, slots=True)
class Name:
    """A name of the form: the row that gives it, what it stands for, and the question where it is one."""

    row: int
    use: Use
    draft: Draft | None = None


def slug_of(name: str) -> str:
    """A name as a short name; empty where nothing of it can be kept."""
    return name if _SLUG.fullmatch(name) else address_from_title(name)
