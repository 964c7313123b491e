"""Matrices: groups of the appearance table-list, and rows of the appearance list-nolabel below a row of labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from mapping.imports.xlsform.drafts import Draft
from mapping.imports.xlsform.form import Finding
from mapping.imports.xlsform.lists import ChoiceList, Report, options_of
from mapping.imports.xlsform.sheets import SheetRow
from mapping.imports.xlsform.types import RowType
from mapping.questions.matrix import MOST_ROWS
from mapping.questions.names import QuestionKind
from mapping.translated.texts import ROWS


@dataclass(eq=False, slots=True)
class OpenMatrix:
    """A matrix whose rows are being read."""

    draft: Draft
    list_name: str = ""
    rows: list[dict[str, str]] = field(default_factory=list)
    texts: list[Mapping[str, str]] = field(default_factory=list)
    """The translations of each row by language."""
    required: set[bool] = field(default_factory=set)

    def add(
        self,
        row: SheetRow,
        found: RowType,
        title: str,
        lists: Mapping[str, ChoiceList],
        report: Report,
        *,
        texts: Mapping[str, str],
        is_required: bool,
    ) -> None:
        """Add a statement with its translations; faults are reported."""
        if found.kind is not QuestionKind.SINGLE_CHOICE or (
            self.list_name and found.list_name != self.list_name
        ):
            report(Finding("survey", row.number, "matrix_other_type"))
            return
        listed = lists.get(found.list_name)
        if listed is None or not listed.choices:
            report(Finding("survey", row.number, "list_missing", {"list": found.list_name[:80]}))
            return
        if not title:
            report(Finding("survey", row.number, "without_label", {"name": row["name"]}))
        if any(
            one["value"].casefold() == row["name"].casefold() or one["title"].casefold() == title.casefold()
            for one in self.rows
        ):
            report(Finding("survey", row.number, "row_twice"))
        if len(self.rows) == MOST_ROWS:
            report(Finding("survey", row.number, "matrix_too_long", {"most": MOST_ROWS}))
        self.list_name = found.list_name
        self.draft.options = options_of(listed.choices)
        self.draft.translate_choices(listed)
        self.rows.append({"value": row["name"], "title": title})
        self.texts.append(texts)
        self.required.add(is_required)

    def close(self, report: Report) -> None:
        """Give the question its rows; names that begin with that of the matrix are shortened."""
        draft = self.draft
        if not draft.name:
            report(Finding("survey", draft.row, "matrix_without_name"))
        if not self.rows:
            report(Finding("survey", draft.row, "matrix_empty"))
            return
        prefix = f"{draft.name}_"
        if all(one["value"].startswith(prefix) and one["value"] != prefix for one in self.rows):
            self.rows = [one | {"value": one["value"].removeprefix(prefix)} for one in self.rows]
        draft.options["rows"] = self.rows
        for one, texts in zip(self.rows, self.texts, strict=True):
            draft.translate(f"{ROWS}.{one['value']}", texts)
        if len(self.required) > 1:
            report(Finding("survey", draft.row, "matrix_mixed_required"))
        draft.required = draft.required or self.required == {True}
