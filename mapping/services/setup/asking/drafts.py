"""A question as its editor has it, and as it is stored: one made of the other, and each change noted."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from accounts.models import User
from mapping.aggregation.given_answers import Owner
from mapping.models import Audience, Category, Question, QuestionKind, ResultsShown
from mapping.questions import conditions
from mapping.questions.kind import Kind
from mapping.questions.registry import KINDS
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.setup.asking import rows
from mapping.services.setup.asking.bounds import with_bounds
from mapping.services.setup.asking.owners import (
    campaign_of,
    checked_line,
    new_question,
    owner_of,
    problem_in_words,
    questions_of,
)
from mapping.services.setup.asking.rows import Row
from mapping.services.setup.changes import TRANSLATIONS, note

STEP: Final = "questions"
"""What names the translations of a removed question in the history."""
_FIELDS: Final = (
    *("title", "help_text", "kind", "required", "options", "show_if"),
    *("audience", "results", "starts_page"),
)


@dataclass(frozen=True, kw_only=True)
class QuestionDraft:
    """A question as its editor has it, not checked. `bounds` are typed limits and titles of scales, numbers, dates."""

    title: str
    kind: str
    help_text: str = ""
    required: bool = False
    choices: Sequence[Row] = ()
    statements: Sequence[Row] = ()
    bounds: Mapping[str, str] = field(default_factory=dict)
    show_if: Mapping[str, Any] = field(default_factory=dict)
    audience: str = Audience.PUBLIC
    results: str = ResultsShown.LIVE
    starts_page: bool = False


def draft_of(question: Question) -> QuestionDraft:
    """A stored question as the editor shows it."""
    options = question.options
    named = ("minimum", "maximum", "minimum_title", "maximum_title", "unit")
    return QuestionDraft(
        choices=rows.stored_rows(options),
        statements=rows.stored_rows(options, rows.ROWS),
        bounds={name: str(options[name]) for name in named if options.get(name) not in (None, "")},
        **{name: getattr(question, name) for name in _FIELDS if name != "options"},
    )


def checked_question(owner: Owner, draft: QuestionDraft, question: Question | None = None) -> Question:
    """A question as it would be stored, for its preview; not saved. Raises Invalid as `add_question` does."""
    before = questions_of(owner)
    if question is None:
        made, earlier = new_question(owner, len(before)), before
    else:
        made = copy_of(question)
        earlier = [one for one in before if (one.position, one.pk) < (made.position, made.pk)]
    apply_draft(made, draft, earlier)
    made.slug = made.slug or "question"
    return made


def apply_draft(question: Question, draft: QuestionDraft, earlier: Sequence[Question]) -> None:
    """Have a question take the values of a draft; raises Invalid with all problems at once."""
    kind = KINDS.get(draft.kind)
    if kind is None or (question.category_id is not None and not kind.for_contributions):
        raise invalid("kind", "not_a_choice" if kind is None else "surveys_only")
    problems = {**_take_texts(question, draft), **_take_options(question, draft, kind)}
    words = conditions.problem_of(draft.show_if, earlier) if draft.show_if else None
    if words is not None:
        problems["show_if"] = [problem_in_words(words)]
    for name, values in (("audience", Audience.values), ("results", ResultsShown.values)):
        if getattr(draft, name) not in values:
            problems[name] = [Problem("not_a_choice")]
    if problems:
        raise Invalid(problems)
    question.kind = draft.kind
    question.required = draft.required and kind.is_answered
    question.show_if = dict(draft.show_if)
    question.audience = draft.audience
    question.results = draft.results
    question.starts_page = draft.starts_page and question.campaign_id is not None


def _take_texts(question: Question, draft: QuestionDraft) -> dict[str, list[Problem]]:
    problems: dict[str, list[Problem]] = {}
    for name, value, most in (("title", draft.title, 200), ("help_text", draft.help_text, 300)):
        try:
            setattr(question, name, checked_line(name, value, most, required=name == "title"))
        except Invalid as refused:
            problems |= refused.fields
    return problems


def _take_options(question: Question, draft: QuestionDraft, kind: Kind) -> dict[str, list[Problem]]:
    try:
        question.options = _options(question, draft, kind)
    except Invalid as refused:
        return refused.fields
    words = kind.options_problem(question.options)
    if words is None:
        return {}
    return {"choices" if kind.lists_choices else "minimum": [problem_in_words(words)]}


def version_of(question: Question) -> str:
    """A mark of the question as it is: another one after each change but that of its place."""
    values = json.dumps({**values_of(question), "position": None}, sort_keys=True)
    return hashlib.sha256(values.encode()).hexdigest()[:16]


def copy_of(question: Question) -> Question:
    """The question as it is now, which later changes do not reach."""
    values = {one.attname: getattr(question, one.attname) for one in Question._meta.concrete_fields}  # noqa: SLF001
    return Question(**values)


def values_of(question: Question) -> dict[str, Any]:
    """What a change can concern."""
    return {name: getattr(question, name) for name in ("slug", "position", *_FIELDS)}


def note_question(
    owner: Owner,
    actor: User,
    *,
    before: Question | None = None,
    after: Question | None = None,
    translations: Sequence[Sequence[str]] = (),
) -> None:
    """Note in the history that a question was added, changed or removed, with the translations that went with it."""
    former, now = (None if one is None else values_of(one) for one in (before, after))
    if former == now:
        return
    named = after or before
    assert named is not None  # noqa: S101 - for the type checker
    key, place = f"question {named.title}", place_of(owner)
    gone = {TRANSLATIONS: [list(one) for one in translations]} if translations else {}
    note(
        campaign_of(owner),
        actor,
        STEP,
        before={} if former is None else place | {key: former} | gone,
        after={} if now is None else place | {key: now},
    )


def place_of(owner: Owner) -> dict[str, Any]:
    """What names the owner of questions in the history."""
    return {"of": owner.slug if isinstance(owner, Category) else ""}


def _options(question: Question, draft: QuestionDraft, kind: Kind) -> dict[str, Any]:
    options: dict[str, Any] = dict(question.options) if question.kind == draft.kind else {}
    campaign = campaign_of(owner_of(question))
    problems: dict[str, list[Problem]] = {}
    lists = []
    if kind.lists_choices:
        # Another kind of list keeps its choices: their values are in nobody's answers yet.
        options = options or _lists_of(question.options)
        lists.append((rows.CHOICES, draft.choices))
    if draft.kind == QuestionKind.MATRIX:
        lists.append((rows.ROWS, draft.statements))
    for which, listed_rows in lists:
        try:
            options = rows.with_rows(options, listed_rows, which=which, kind=draft.kind, campaign=campaign)
        except Invalid as refused:
            problems |= refused.fields
    try:
        options = with_bounds(options, draft.bounds, draft.kind)
    except Invalid as refused:
        problems |= refused.fields
    if problems:
        raise Invalid(problems)
    return options


def _lists_of(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in (rows.CHOICES.name, rows.CHOICES.removed) if name in options}
