"""Reads the sheet `survey` row by row into drafts of questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mapping.imports.xlsform.drafts import Draft, Name, RuleText, Use
from mapping.imports.xlsform.form import Finding
from mapping.imports.xlsform.languages import Languages
from mapping.imports.xlsform.lists import ChoiceList, Report, Texts, is_true
from mapping.imports.xlsform.matrices import OpenMatrix
from mapping.imports.xlsform.sheets import Sheet, SheetRow
from mapping.imports.xlsform.types import (
    LABEL_ROW,
    MEDIA,
    METADATA,
    TABLE_LIST,
    UNLABELLED_ROW,
    RowType,
    Structure,
    appearance_of,
    options_for,
    row_type,
    structure_of,
)
from mapping.models import Audience, ResultsShown
from mapping.questions.names import QuestionKind
from mapping.questions.registry import KINDS
from mapping.services.setup.asking.bounds import LONGEST_WORDS

LONGEST_TITLE: Final = 200
LONGEST_HELP: Final = 300
_FALSE: Final = frozenset({"", "no", "false", "false()", "nein", "0"})
_OPTIONS: Final[Mapping[QuestionKind, tuple[tuple[str, str], ...]]] = {
    QuestionKind.SCALE: (("minimum_title", "start_label"), ("maximum_title", "end_label")),
    QuestionKind.NUMBER: (("unit", "unit"),),
}
"""Texts in the options of a question by its kind, with the column of each."""
_MEDIA_COLUMNS: Final = ("image", "audio", "video", "big-image")


@dataclass(eq=False, slots=True)
class _Group:
    """A group that has not ended yet; `matrix` where its rows become one question."""

    row: SheetRow
    is_repeat: bool
    rule: RuleText | None = None
    matrix: OpenMatrix | None = None


class Survey:
    """The drafts, names and rules of a sheet."""

    def __init__(self, lists: Mapping[str, ChoiceList], languages: Languages, report: Report) -> None:
        self._lists, self._report = lists, report
        self._texts = Texts("survey", languages, report)
        self.drafts: list[Draft] = []
        self.names: dict[str, Name] = {}
        self.rules: list[RuleText] = []
        self._groups: list[_Group] = []
        self._labelled: OpenMatrix | None = None
        self._is_new_page = False

    def read(self, sheet: Sheet) -> None:
        """Read all rows; faults are reported."""
        for row in sheet.rows:
            if is_true(row["disabled"]):
                continue
            structure = structure_of(row["type"])
            if structure is not None:
                self._close_labelled()
                self._structure(structure, row)
            else:
                self._question(row)
        self._close_labelled()
        for group in self._groups:
            self._report(Finding("survey", group.row.number, "group_without_end"))

    def _structure(self, structure: Structure, row: SheetRow) -> None:
        is_repeat = structure.endswith("repeat")
        if structure.startswith("end"):
            self._end(row, is_repeat=is_repeat)
            return
        if is_repeat:
            self._report(Finding("survey", row.number, "repeat"))
        group = _Group(row, is_repeat, self._rule(row))
        self._groups.append(group)
        if not is_repeat and TABLE_LIST in appearance_of(row):
            group.matrix = OpenMatrix(self._draft(row, QuestionKind.MATRIX))
            return
        self._name(row, "unread" if is_repeat else "group")
        self._is_new_page = True
        if self._texts.raw(row, "label"):
            self._heading(row)

    def _end(self, row: SheetRow, *, is_repeat: bool) -> None:
        if not self._groups or self._groups[-1].is_repeat != is_repeat:
            self._report(Finding("survey", row.number, "end_without_group"))
            return
        group = self._groups.pop()
        if group.rule is not None:
            group.rule.last = len(self.drafts) - 1
        if group.matrix is not None:
            group.matrix.close(self._report)
        else:
            self._is_new_page = True

    def _question(self, row: SheetRow) -> None:
        word = row["type"]
        if not word:
            if row["name"] or row.filled("label"):
                self._report(Finding("survey", row.number, "type_missing"))
            return
        plain = word.strip().lower()
        if plain in METADATA or plain in ("calculate", "hidden", *MEDIA):
            self._unasked(row, plain)
            return
        found = row_type(word)
        if found.kind is None:
            self._close_labelled()
            self._report(Finding("survey", row.number, "unknown_type", {"type": word[:80]}))
            self._name(row, "unread")
            return
        if self._took_matrix_row(row, found):
            return
        self._close_labelled()
        if LABEL_ROW in appearance_of(row) and found.kind is QuestionKind.SINGLE_CHOICE:
            heading = self._taken_heading(row)
            draft = self._draft(row, QuestionKind.MATRIX, heading.title if heading else "")
            for tag, texts in heading.translations.items() if heading else ():
                draft.translate("title", {tag: texts["title"]} if "title" in texts else {})
            self._labelled = OpenMatrix(draft, found.list_name)
            return
        self._check_columns(row)
        made = options_for(found, row, self._lists, self._report)
        draft = self._draft(row, made[0] if made else found.kind)
        listed = self._lists.get(found.list_name)
        if made:
            draft.options, draft.is_whole = made[1], found.is_whole
            self._fill_options(draft, row, listed)
        if listed is not None and not found.or_other:
            draft.others = set(listed.others)

    def _fill_options(self, draft: Draft, row: SheetRow, listed: ChoiceList | None) -> None:
        """Take the texts of options, with all translations."""
        if listed is not None and KINDS[draft.kind].lists_choices:
            draft.translate_choices(listed)
        for member, column in _OPTIONS.get(draft.kind, ()):
            if text := self._texts.own(row, column, LONGEST_WORDS):
                draft.options[member] = text
                draft.translate(member, self._texts.further(row, column, LONGEST_WORDS))

    def _unasked(self, row: SheetRow, plain: str) -> None:
        if plain in MEDIA:
            self._report(Finding("survey", row.number, "media", {"column": plain}))
            self._name(row, "unread")
            return
        if plain in METADATA:
            self._report(Finding("survey", row.number, "metadata", {"name": row["name"] or plain}))
        else:
            self._report(Finding("survey", row.number, "calculate"))
        self._name(row, "calculate")

    def _took_matrix_row(self, row: SheetRow, found: RowType) -> bool:
        """Whether the row became one of a matrix: in a group of the appearance table-list, or below a row of labels."""
        matrix = self._groups[-1].matrix if self._groups else None
        if matrix is None and self._labelled is not None and UNLABELLED_ROW in appearance_of(row):
            matrix = self._labelled if found.list_name == self._labelled.list_name else None
        if matrix is None:
            return False
        self._name(row, "matrix_row")
        if row["relevant"]:
            self._report(Finding("survey", row.number, "matrix_row_rule"))
        title = self._texts.line(row, "label", LONGEST_TITLE)
        texts = self._texts.further(row, "label", LONGEST_TITLE)
        is_required = self._is_required(row)
        matrix.add(row, found, title or "", self._lists, self._report, texts=texts, is_required=is_required)
        return True

    def _close_labelled(self) -> None:
        if self._labelled is not None:
            self._labelled.close(self._report)
            self._labelled = None

    def _heading(self, row: SheetRow) -> None:
        """The label of a group as a note at the top of its page."""
        label = self._texts.raw(row, "label")
        draft = Draft(
            row.number, row["name"] or "page", QuestionKind.NOTE, "", len(self.drafts), is_heading=True
        )
        self._fill_note(draft, row, label)
        self._add(draft)

    def _draft(self, row: SheetRow, kind: QuestionKind, title: str = "") -> Draft:
        draft = Draft(row.number, row["name"], kind, title, len(self.drafts))
        if kind is QuestionKind.NOTE:
            self._fill_note(draft, row, self._texts.raw(row, "label"))
        else:
            draft.title = self._texts.line(row, "label", LONGEST_TITLE) or title
            draft.help_text = self._texts.line(row, "hint", LONGEST_HELP) or ""
            draft.translate("title", self._texts.further(row, "label", LONGEST_TITLE))
            draft.translate("help_text", self._texts.further(row, "hint", LONGEST_HELP))
            if not draft.title and not row.filled("label"):
                self._report(Finding("survey", row.number, "without_label", {"name": row["name"]}))
        draft.required = kind is not QuestionKind.NOTE and self._is_required(row)
        self._audience(draft, row)
        self._name(row, "question", draft)
        if structure_of(row["type"]) is None:
            draft.own_rule = self._rule(row)
        self._add(draft)
        return draft

    def _add(self, draft: Draft) -> None:
        draft.starts_page, self._is_new_page = self._is_new_page, False
        draft.rules = [group.rule for group in self._groups if group.rule is not None]
        if draft.own_rule is not None:
            draft.rules.append(draft.own_rule)
        self.drafts.append(draft)

    def _fill_note(self, draft: Draft, row: SheetRow, label: str) -> None:
        """The first line of a note is its heading, what follows its explanation; so in every language."""
        draft.title, draft.help_text = self._note_parts(row, label, self._texts.raw(row, "hint"))
        for tag, language in self._texts.languages.further.items():
            further, hint = (row.translated(column, [language]) for column in ("label", "hint"))
            title, help_text = self._note_parts(row, further, hint, f"::{language}")
            draft.translate("title", {tag: title} if title else {})
            draft.translate("help_text", {tag: help_text} if help_text else {})
        if not label:
            self._report(Finding("survey", row.number, "without_label", {"name": row["name"]}))

    def _note_parts(self, row: SheetRow, label: str, hint: str, ending: str = "") -> tuple[str, str]:
        heading, _end, rest = label.strip().partition("\n")
        rest = "\n".join(one for one in (rest, hint) if one)
        return (
            self._texts.cleaned(heading, row, f"label{ending}", LONGEST_TITLE) or "",
            self._texts.cleaned(rest, row, f"hint{ending}", LONGEST_HELP) or "",
        )

    def _audience(self, draft: Draft, row: SheetRow) -> None:
        """Columns of this site's own: who may read the answers, and when results are shown."""
        audience, results = row["audience"].lower(), row["results"].lower()
        if audience and audience not in Audience.values:
            self._report(Finding("survey", row.number, "unknown_audience"))
        elif audience:
            draft.audience = audience
        if results and results not in ResultsShown.values:
            self._report(Finding("survey", row.number, "unknown_results"))
        elif results:
            draft.results = results

    def _check_columns(self, row: SheetRow) -> None:
        for column, code in (("choice_filter", "choice_filter"), ("calculation", "calculate")):
            if row[column]:
                self._report(Finding("survey", row.number, code))
        if is_true(row["read_only"]):
            self._report(Finding("survey", row.number, "read_only"))
        for column in _MEDIA_COLUMNS:
            if row.filled(column):
                self._report(Finding("survey", row.number, "media", {"column": column}))
        if row["constraint"] and row_type(row["type"]).kind not in (QuestionKind.NUMBER, QuestionKind.DATE):
            self._report(Finding("survey", row.number, "constraint"))

    def _is_required(self, row: SheetRow) -> bool:
        text = row["required"]
        if not is_true(text) and text.lower() not in _FALSE:
            self._report(Finding("survey", row.number, "required_rule"))
        return is_true(text)

    def _rule(self, row: SheetRow) -> RuleText | None:
        if not row["relevant"]:
            return None
        rule = RuleText(row.number, row["relevant"], len(self.drafts), len(self.drafts))
        rule.parse(self._report)
        self.rules.append(rule)
        return rule

    def _name(self, row: SheetRow, use: Use, draft: Draft | None = None) -> None:
        name = row["name"]
        if not name:
            if use in ("question", "matrix_row"):
                self._report(Finding("survey", row.number, "name_missing"))
            return
        known = self.names.get(name)
        # Groups may be named like questions within them.
        if known is None or known.use == "group":
            self.names[name] = Name(row.number, use, draft)
        elif use != "group":
            self._report(
                Finding("survey", row.number, "name_twice", {"name": name[:80], "row": str(known.row)})
            )

    def _taken_heading(self, row: SheetRow) -> Draft | None:
        """For a row of labels without a text: the heading of its group, which becomes the title of the matrix."""
        group = self._groups[-1] if self._groups else None
        last = self.drafts[-1] if self.drafts else None
        if group is None or last is None or row.filled("label") or last.row != group.row.number:
            return None
        self.drafts.pop()
        self._is_new_page = last.starts_page
        return last
