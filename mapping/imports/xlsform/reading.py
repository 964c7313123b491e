"""Reads an XLSForm: sheets, lists, questions, rules; all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final, get_args

from mapping.geo.text import TextProblem, clean_text
from mapping.imports.xlsform.conditions import Target, to_condition, together
from mapping.imports.xlsform.drafts import Draft, Name, RuleText, slug_of
from mapping.imports.xlsform.form import Finding, Form, FormQuestion, SheetName
from mapping.imports.xlsform.languages import TEXTS, Languages, languages_of
from mapping.imports.xlsform.lists import read_lists
from mapping.imports.xlsform.rules import Compare, Rule, RuleProblem, Several, names_in
from mapping.imports.xlsform.sheets import Sheet, read_sheets
from mapping.imports.xlsform.survey import Survey
from mapping.languages import ORIGINAL, language_of
from mapping.models import Audience
from mapping.questions import conditions
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.services.setup.asking.owners import MOST_QUESTIONS

_LONGEST_SLUG: Final = 80
_SHEETS: Final[tuple[SheetName, ...]] = get_args(SheetName)
_NEEDED: Final[tuple[tuple[SheetName, str], ...]] = (
    ("survey", "type"),
    ("survey", "name"),
    ("choices", "list_name"),
)
_LEFT_OUT: Final = (
    "default",
    "guidance_hint",
    "trigger",
    "repeat_count",
    "required_message",
    "constraint_message",
)
"""Columns with something to see for people that is not read; others are technical and left out in silence."""
_SELECTS: Final = (QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.PICTURE_CHOICE)


def read_xlsform(data: bytes, original: str = ORIGINAL) -> Form:
    """Parse a form with all its faults; `original` is the language of the campaign's texts.

    Raises TableProblem for a file that is no workbook, or beyond the limits.
    """
    sheets, problems = read_sheets(data)
    languages = languages_of(sheets, original)
    for name, column in _NEEDED:
        sheet = sheets.get(name)
        if sheet is not None and sheet.header and not any(one.name == column for one in sheet.columns):
            problems.append(Finding(name, sheet.header, "column_missing", {"column": column}))
    is_readable = not any(
        one.code in ("sheet_missing", "column_missing", "too_many_rows") for one in problems
    )
    reader = _Reader(problems)
    questions = reader.questions(sheets, languages) if is_readable else ()
    return Form(
        title=_title(sheets.get("settings")),
        questions=questions,
        problems=_in_order(problems),
        notes=(*_general_notes(sheets, languages), *_in_order(reader.notes)),
        language=languages.first,
        further=tuple(languages.further),
        left_out=languages.left_out,
    )


_NOTES: Final = frozenset({"metadata", "name_changed", "text_missing"})


@dataclass(slots=True)
class _Reader:
    """Turns the sheets into questions; findings are collected."""

    problems: list[Finding]
    notes: list[Finding] = field(default_factory=list)
    faulty_rows: set[int] = field(default_factory=set)
    """Rows of the sheet survey with a fault."""

    def report(self, finding: Finding) -> None:
        """Add a finding."""
        is_note = finding.code in _NOTES
        (self.notes if is_note else self.problems).append(finding)
        if not is_note and finding.sheet == "survey":
            self.faulty_rows.add(finding.row)

    def questions(self, sheets: dict[SheetName, Sheet], languages: Languages) -> tuple[FormQuestion, ...]:
        """The questions in order."""
        lists = read_lists(sheets.get("choices", Sheet()), languages, self.report)
        survey = Survey(lists, languages, self.report)
        survey.read(sheets["survey"])
        drafts = list(self._without_other_texts(survey))
        self._give_slugs(drafts)
        resolver = _Resolver(survey, self.report)
        if not drafts and not self.problems:
            self.report(Finding("survey", 0, "no_questions"))
        if len(drafts) > MOST_QUESTIONS:
            row = drafts[MOST_QUESTIONS].row
            self.report(Finding("survey", row, "too_many_questions", {"most": MOST_QUESTIONS}))
        for rule in survey.rules:
            resolver.resolve(rule)
        return tuple(self._finished(drafts, resolver))

    def _without_other_texts(self, survey: Survey) -> Iterator[Draft]:
        """The drafts without the text questions that belong to the choice "other" of the question before them."""
        before: Draft | None = None
        for draft in survey.drafts:
            merged = before is not None and self._is_other_text(draft, before)
            if not merged:
                yield draft
                before = draft
                continue
            assert before is not None and draft.own_rule is not None and draft.own_rule.rule is not None  # noqa: S101, PT018
            asking = set(_values_of(draft.own_rule.rule, before.name) or ())
            for choice in before.options["choices"]:
                if choice["value"] in asking:
                    choice["other"] = True
            survey.names[draft.name] = Name(draft.row, "other", before)
            survey.rules.remove(draft.own_rule)
            before = None

    def _is_other_text(self, draft: Draft, before: Draft) -> bool:
        if draft.kind not in (QuestionKind.TEXT, QuestionKind.LONG_TEXT) or before.kind not in _SELECTS:
            return False
        if draft.own_rule is None or draft.own_rule.rule is None or draft.group_rules != before.group_rules:
            return False
        if draft.audience not in (Audience.PUBLIC, before.audience):
            return False  # merged, everyone could read what is for staff only
        values = _values_of(draft.own_rule.rule, before.name)
        return bool(values) and "choices" in before.options and set(values or ()) <= before.others

    def _give_slugs(self, drafts: list[Draft]) -> None:
        """Make short names of the names; headings of groups give way to questions."""
        taken: dict[str, Draft] = {}
        for draft in sorted(drafts, key=lambda one: one.is_heading):
            draft.slug = slug_of(draft.name)
            if draft.is_heading:
                draft.slug = _free(draft.slug or "page", taken)
            elif draft.name and not draft.slug:
                self.report(Finding("survey", draft.row, "name_unusable", {"name": draft.name[:80]}))
            elif draft.slug != draft.name:
                params = {"name": draft.name[:80], "slug": draft.slug}
                self.report(Finding("survey", draft.row, "name_changed", params))
            other = taken.setdefault(draft.slug, draft)
            # The same name twice was reported before.
            if other.name != draft.name and draft.slug:
                params = {"name": draft.slug, "row": str(other.row)}
                self.report(Finding("survey", draft.row, "name_twice", params))

    def _finished(self, drafts: list[Draft], resolver: _Resolver) -> Iterator[FormQuestion]:
        earlier: list[FormQuestion] = []
        for draft in drafts:
            question = FormQuestion(
                row=draft.row,
                slug=draft.slug,
                title=draft.title,
                kind=draft.kind.value,
                help_text=draft.help_text,
                required=draft.required,
                options=draft.options,
                show_if=self._condition(draft, resolver),
                starts_page=draft.starts_page,
                audience=draft.audience,
                results=draft.results,
                translations=draft.translations,
            )
            self._require_usable(question, earlier)
            earlier.append(question)
            yield question

    def _condition(self, draft: Draft, resolver: _Resolver) -> dict[str, Any]:
        try:
            return together([resolver.resolved.get(rule, {}) for rule in draft.rules])
        except RuleProblem as problem:
            self.report(Finding("survey", draft.row, problem.code, problem.params))
            return {}

    def _require_usable(self, question: FormQuestion, earlier: list[FormQuestion]) -> None:
        """What the model would refuse is reported too, where nothing was reported for the row so far."""
        if question.row in self.faulty_rows:
            return
        problem = KINDS[question.kind].options_problem(question.options)
        if problem is not None:
            self.report(Finding("survey", question.row, "options", {"message": problem}))
        if question.show_if and not self.faulty_rows:
            problem = conditions.problem_of(question.show_if, earlier)
            if problem is not None:
                self.report(Finding("survey", question.row, "rule_unusable", {"message": problem}))


class _Resolver:
    """Finds what rules test, and refuses what cannot be tested."""

    def __init__(self, survey: Survey, report: Callable[[Finding], object]) -> None:
        self._names, self._report = survey.names, report
        self._tested = {draft.name: _tested_by(draft) for draft in survey.drafts}
        self.resolved: dict[RuleText, dict[str, Any]] = {}

    def resolve(self, rule: RuleText) -> None:
        """Turn a rule into a condition; a fault is reported."""
        if rule.rule is None:
            return
        try:
            self.resolved[rule] = to_condition(rule.rule, lambda name: self._target(name, rule))
        except RuleProblem as problem:
            self._report(Finding("survey", rule.row, problem.code, problem.params))

    def _target(self, name: str, rule: RuleText) -> Target:
        found = self._names.get(name)
        if found is None:
            raise RuleProblem("rule_unknown_name", name=name[:80])
        if found.use != "question" or found.draft is None:
            raise RuleProblem(f"rule_{found.use}", name=name[:80])
        draft = found.draft
        if rule.first <= draft.position <= rule.last:
            raise RuleProblem("rule_self", name=name[:80])
        if draft.position > rule.last:
            self._refuse_later(draft, rule)
        if draft.kind is QuestionKind.NOTE:
            raise RuleProblem("rule_note", name=name[:80])
        return Target(draft.slug, draft.kind.value, draft.options, draft.is_whole)

    def _refuse_later(self, draft: Draft, rule: RuleText) -> None:
        """A question that is asked later; where its own rule leads back to this one, the circle is named."""
        owners = {one.name for one in self._all() if rule in one.rules}
        path = [draft.name]
        seen = {draft.name}
        ways = [path]
        while ways:
            way = ways.pop()
            for name in self._tested.get(way[-1], ()):
                if name in owners:
                    raise RuleProblem("rule_circle", names=" → ".join([name, *way, name])[:300])
                if name not in seen:
                    seen.add(name)
                    ways.append([*way, name])
        raise RuleProblem("rule_later", name=draft.name[:80])

    def _all(self) -> Iterator[Draft]:
        yield from (one.draft for one in self._names.values() if one.draft is not None)


def _tested_by(draft: Draft) -> list[str]:
    return [name for rule in draft.rules if rule.rule is not None for name in names_in(rule.rule)]


def _values_of(rule: Rule, name: str) -> list[str] | None:
    """The choices of a question of which a rule wants one; None for rules that test anything else."""
    if isinstance(rule, Compare):
        return [str(rule.value)] if rule.name == name and rule.sign == "=" else None
    if isinstance(rule, Several) and not rule.is_all:
        parts = [_values_of(one, name) for one in rule.rules]
        return None if None in parts else [value for part in parts for value in part or ()]
    return None


def _free(slug: str, taken: Mapping[str, object]) -> str:
    numbered = (f"{slug[: _LONGEST_SLUG - 5]}-{number}" for number in count(2))
    return slug if slug not in taken else next(one for one in numbered if one not in taken)


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each finding once, by sheet and row."""
    by_key = {(one.sheet, one.row, one.code, str(one.params)): one for one in findings}
    return tuple(sorted(by_key.values(), key=lambda one: (_SHEETS.index(one.sheet), one.row)))


def _general_notes(sheets: dict[SheetName, Sheet], languages: Languages) -> Iterator[Finding]:
    if languages.further:
        names = ", ".join(language_of(tag).own_name for tag in languages.further)
        yield Finding("survey", 0, "languages_read", {"languages": names})
    for title, one in sheets.items():
        for column in one.columns:
            if column.name in TEXTS and column.language in languages.left_out:
                params = {"column": f"{column.name}::{column.language}"}
                yield Finding(title, one.header, "language_unknown", params)
    sheet = sheets.get("survey", Sheet())
    for name in _LEFT_OUT:
        if any(row[name] for row in sheet.rows):
            yield Finding("survey", sheet.header, "column_left_out", {"column": name})


def _title(sheet: Sheet | None) -> str:
    if sheet is None or not sheet.rows:
        return ""
    try:
        return clean_text(sheet.rows[0]["form_title"], max_length=200, multiline=False)
    except TextProblem:
        return ""
