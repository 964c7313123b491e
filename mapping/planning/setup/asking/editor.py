"""The editor of a question: what its form holds as it is typed, and the buttons that change it before it is saved.

The form works without JavaScript: each of its buttons sends it, and everything typed stands in the answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.models import Audience, Campaign, Question, QuestionKind, ResultsShown
from mapping.planning.setup.asking.rules import (
    ALWAYS,
    MOST_RULES,
    RULES,
    Rule,
    TypedCondition,
    condition_of,
    typed_condition,
)
from mapping.planning.setup.fields import Described, SetupForm, words_of
from mapping.questions.choices import MOST_CHOICES
from mapping.questions.registry import KINDS
from mapping.services.errors import DomainError, Invalid, invalid
from mapping.services.photos.city_pictures import store_picture
from mapping.services.photos.pictures import MAX_BYTES
from mapping.services.setup.asking.bounds import OF_KINDS
from mapping.services.setup.asking.drafts import QuestionDraft
from mapping.services.setup.asking.rows import CHOICES, MOST_PICTURES, ROWS, ListOfRows, Row

CHOICES_NAME, ROWS_NAME = CHOICES.name, ROWS.name
_LISTS: Final = (CHOICES_NAME, ROWS_NAME)
_BOUNDS: Final = ("minimum", "maximum", "minimum_title", "maximum_title", "unit")
_FIRST_ROWS: Final = 3
_AUDIENCES: Final = (
    (
        Audience.PUBLIC,
        Described(
            Audience.PUBLIC.label, gettext_lazy("Answers may stand in public results, on pages and in files.")
        ),
    ),
    (
        Audience.STAFF,
        Described(
            Audience.STAFF.label,
            gettext_lazy(
                "For age, contact and the like: in nothing that is public. Stays so once people have answered."
            ),
        ),
    ),
)
_RESULTS: Final = (
    (
        ResultsShown.LIVE,
        Described(ResultsShown.LIVE.label, gettext_lazy("People see the numbers while they grow.")),
    ),
    (
        ResultsShown.AFTER,
        Described(ResultsShown.AFTER.label, gettext_lazy("Nobody is influenced by the others.")),
    ),
    (ResultsShown.NEVER, Described(ResultsShown.NEVER.label, gettext_lazy("Only staff see the numbers."))),
)


class QuestionForm(SetupForm):
    """The fields of every kind of question, and the limits of those that have some."""

    title = forms.CharField(label=gettext_lazy("Question"), required=False)
    help_text = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Stands below the question."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    kind = forms.CharField(label=gettext_lazy("Kind of answer"), required=False, widget=forms.Select())
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False)
    minimum = forms.CharField(label=gettext_lazy("Smallest value"), required=False)
    maximum = forms.CharField(label=gettext_lazy("Largest value"), required=False)
    minimum_title = forms.CharField(label=gettext_lazy("What the smallest value means"), required=False)
    maximum_title = forms.CharField(label=gettext_lazy("What the largest value means"), required=False)
    unit = forms.CharField(label=gettext_lazy("Unit"), required=False)
    audience = forms.CharField(
        label=gettext_lazy("Who may read the answers?"),
        required=False,
        widget=forms.RadioSelect(choices=_AUDIENCES),
    )
    results = forms.CharField(
        label=gettext_lazy("When are the results public?"),
        required=False,
        widget=forms.RadioSelect(choices=_RESULTS),
    )
    starts_page = forms.BooleanField(label=gettext_lazy("Begins a new page"), required=False)

    def __init__(self, *args: Any, kind: str, is_survey: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.asked_kind = kind
        unused = set(_BOUNDS) - set(OF_KINDS.get(kind, ()))
        if not KINDS[kind].is_answered:
            unused |= {"required", "audience", "results"}
        if not is_survey:
            unused |= {"results", "starts_page"}
        for name in unused:
            del self.fields[name]
        self.fields["kind"].widget.choices = [
            one for one in QuestionKind.choices if is_survey or KINDS[one[0]].for_contributions
        ]
        self._fit_to_kind()

    def _fit_to_kind(self) -> None:
        for name in ("minimum", "maximum"):
            if name not in self.fields:
                continue
            if self.asked_kind == QuestionKind.DATE:
                self.fields[name].widget = forms.TextInput(attrs={"type": "date"})
                self.fields[name].label = (
                    _("First possible day") if name == "minimum" else _("Last possible day")
                )
            else:
                self.fields[name].widget = forms.TextInput(
                    attrs={"inputmode": "decimal", "class": "input--short"}
                )
        if self.asked_kind == QuestionKind.NOTE:
            self.fields["title"].label = _("Heading")
            self.fields["help_text"].help_text = _("Stands below the heading.")


@dataclass
class RowState:
    """A choice or a statement with what is wrong with it."""

    row: Row
    errors: dict[str, list[str]] = field(default_factory=dict)
    has_focus: bool = False

    @property
    def picture_address(self) -> str:
        """The address of the picture; empty without one."""
        try:
            return reverse("picture", args=(UUID(self.row.picture),))
        except ValueError:
            return ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed."""
        return not (self.row.title.strip() or self.row.alt.strip() or self.row.picture)


@dataclass
class Editor:
    """The state of the form."""

    kind: str
    is_survey: bool
    values: dict[str, Any] = field(default_factory=dict)
    lists: dict[str, list[RowState]] = field(default_factory=lambda: {name: [] for name in _LISTS})
    condition: TypedCondition = field(default_factory=TypedCondition)
    errors: dict[str, list[str]] = field(default_factory=dict)
    pasted: dict[str, str] = field(default_factory=dict)
    focus: str = ""

    def form(self) -> QuestionForm:
        """The form with what was typed, and what is wrong with its fields."""
        form = QuestionForm(initial=self.values, kind=self.kind, is_survey=self.is_survey)
        if self.errors:
            form = QuestionForm(
                {name: value for name, value in self.values.items() if value not in (False, None)},
                kind=self.kind,
                is_survey=self.is_survey,
            )
            form.is_valid()
            for name, words in self.errors.items():
                if name in form.fields:
                    for one in words:
                        form.add_error(name, one)
        return form

    def other_errors(self) -> list[str]:
        """What is wrong and belongs to no field."""
        shown = {*QuestionForm.base_fields, *_LISTS, "show_if"}
        return [one for name, words in self.errors.items() if name not in shown for one in words]

    @property
    def lists_choices(self) -> bool:
        """Whether the kind has choices to list."""
        return KINDS[self.kind].lists_choices

    @property
    def has_statements(self) -> bool:
        """Whether the kind has statements to list."""
        return self.kind == QuestionKind.MATRIX

    def add_first_rows(self) -> None:
        """Offer blank rows where none were typed yet."""
        for name in self._used_lists():
            if not self.lists[name]:
                self.lists[name] = [RowState(Row("")) for _number in range(_FIRST_ROWS)]
        if not self.condition.rules:
            self.condition = replace(self.condition, rules=(Rule(),))

    def draft(self, earlier: Sequence[Question]) -> QuestionDraft:
        """The question as typed, without blank rows."""
        for name in _LISTS:
            self.lists[name] = [one for one in self.lists[name] if not one.is_blank]
        texts = {name: str(self.values.get(name) or "") for name in ("title", "help_text")}
        return QuestionDraft(
            **texts,
            kind=self.kind,
            required=bool(self.values.get("required")),
            choices=[one.row for one in self.lists[CHOICES_NAME]],
            statements=[one.row for one in self.lists[ROWS_NAME]],
            bounds={name: str(self.values.get(name) or "") for name in OF_KINDS.get(self.kind, ())},
            show_if=self.condition.stored(earlier),
            audience=str(self.values.get("audience") or Audience.PUBLIC),
            results=str(self.values.get("results") or ResultsShown.LIVE),
            starts_page=bool(self.values.get("starts_page")),
        )

    def refuse(self, error: DomainError) -> None:
        """Note what a service refused, at the fields and rows that it names."""
        if not isinstance(error, Invalid):
            self.errors.setdefault("", []).append(words_of(error.problem))
            return
        for name, problems in error.fields.items():
            words = [words_of(problem) for problem in problems]
            which, _dot, rest = name.partition(".")
            number, _dot, part = rest.partition(".")
            if which in _LISTS and number.isdecimal() and int(number) < len(self.lists[which]):
                self.lists[which][int(number)].errors.setdefault(part, []).extend(words)
                self.errors.setdefault(which, [])
            else:
                self.errors.setdefault(name, []).extend(words)

    def press(self, button: str) -> None:
        """Do what a button of the form says: `add:choices`, `remove:choices:2`, `up:rows:1`, `add:rules`, ..."""
        what, _colon, rest = button.partition(":")
        name, _colon, number = rest.partition(":")
        index = int(number) if number.isdecimal() and len(number) < 5 else -1
        if name == "rules":
            self._press_rules(what, index)
        elif name in _LISTS:
            self._press_rows(what, self.lists[name], index)

    def _press_rules(self, what: str, index: int) -> None:
        rules = list(self.condition.rules)
        if what == "add" and len(rules) < MOST_RULES:
            rules.append(Rule())
            self.focus = f"rules.{len(rules) - 1}"
        elif what == "remove" and 0 <= index < len(rules):
            del rules[index]
            self.focus = f"rules.{max(0, index - 1)}"
        elif what == "ask" and 0 <= index < len(rules):
            self.focus = f"rules.{index}"
        self.condition = replace(self.condition, mode=RULES if rules else ALWAYS, rules=tuple(rules))

    def _press_rows(self, what: str, rows: list[RowState], index: int) -> None:
        if what == "add" and len(rows) <= MOST_CHOICES:
            rows.append(RowState(Row("")))
            rows[-1].has_focus = True
        if not 0 <= index < len(rows):
            return
        if what == "remove":
            del rows[index]
            if rows:
                rows[min(index, len(rows) - 1)].has_focus = True
        elif what in ("up", "down"):
            moved = rows.pop(index)
            moved.has_focus = True
            rows.insert(max(0, index + (1 if what == "down" else -1)), moved)

    def _used_lists(self) -> list[str]:
        return [
            name
            for name, is_used in ((CHOICES_NAME, self.lists_choices), (ROWS_NAME, self.has_statements))
            if is_used
        ]


def editor_of(draft: QuestionDraft, *, is_survey: bool) -> Editor:
    """The editor of a stored or a new question."""
    named = ("title", "help_text", "kind", "required", "audience", "results", "starts_page")
    return Editor(
        kind=draft.kind,
        is_survey=is_survey,
        values={**{name: getattr(draft, name) for name in named}, **draft.bounds},
        lists={
            CHOICES_NAME: [RowState(row) for row in draft.choices],
            ROWS_NAME: [RowState(row) for row in draft.statements],
        },
        condition=condition_of(draft.show_if),
    )


def typed_editor(
    request: HttpRequest, draft: QuestionDraft, campaign: Campaign, *, is_survey: bool
) -> Editor:
    """The editor with what the form sent; sent pictures are stored at once, so that no error loses them."""
    data = request.POST
    kind = data.get("kind", "")
    if kind not in KINDS or not (is_survey or KINDS[kind].for_contributions):
        kind = draft.kind
    editor = Editor(
        kind=kind,
        is_survey=is_survey,
        values={
            "kind": kind,
            **{name: data.get(name, "") for name in ("title", "help_text", "audience", "results", *_BOUNDS)},
            **{name: name in data for name in ("required", "starts_page")},
        },
        lists={name: _rows(data, name) for name in _LISTS},
        condition=typed_condition(data, _kept(draft)),
    )
    for which in (CHOICES, ROWS):
        _paste(editor, data, which)
    if kind == QuestionKind.PICTURE_CHOICE:
        _store_pictures(editor, request, campaign)
    return editor


def _kept(draft: QuestionDraft) -> Mapping[str, Any]:
    return condition_of(draft.show_if).kept


def _rows(data: QueryDict, name: str) -> list[RowState]:
    found: list[RowState] = []
    while (key := f"{name}.{len(found)}.title") in data:
        stem = f"{name}.{len(found)}"
        row = Row(
            title=data.get(key, ""),
            value=data.get(f"{stem}.value", ""),
            asks_text=f"{stem}.asks_text" in data,
            picture=data.get(f"{stem}.picture", ""),
            alt=data.get(f"{stem}.alt", ""),
        )
        found.append(RowState(row))
    return found


def _paste(editor: Editor, data: QueryDict, which: ListOfRows) -> None:
    """Make rows of the lines that were typed or pasted; too many stay as they are, lest the form outgrow its limit."""
    text = data.get(f"{which.name}.pasted", "")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) + len(editor.lists[which.name]) > which.most:
        editor.pasted[which.name] = text
        editor.refuse(invalid(which.name, f"too_many_{which.name}", max=which.most))
        return
    editor.lists[which.name] += [RowState(Row(line)) for line in lines]


def _store_pictures(editor: Editor, request: HttpRequest, campaign: Campaign) -> None:
    for number, state in enumerate(editor.lists[CHOICES_NAME][:MOST_PICTURES]):
        sent = request.FILES.get(f"{CHOICES_NAME}.{number}.file")
        if not isinstance(sent, UploadedFile):
            continue
        words = state.row.alt.strip() or state.row.title.strip() or _("Picture")
        try:
            picture = store_picture(campaign, sent.read(MAX_BYTES + 1), words[:300])
        except Invalid as refused:
            problems = (words_of(one) for found in refused.fields.values() for one in found)
            state.errors["picture"] = list(problems)
            editor.errors.setdefault(CHOICES_NAME, [])
        except DomainError as refused:
            editor.refuse(refused)
        else:
            state.row = replace(state.row, picture=str(picture.pk))
