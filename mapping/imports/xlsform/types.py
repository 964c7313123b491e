"""Types of XLSForm as kinds of questions, with their options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from mapping.imports.xlsform.form import Finding
from mapping.imports.xlsform.lists import ChoiceList, Report, options_of
from mapping.imports.xlsform.sheets import SheetRow
from mapping.questions.choices import PartOfDay
from mapping.questions.names import QuestionKind

Structure = Literal["begin_group", "end_group", "begin_repeat", "end_repeat"]

LIKERT: Final = "likert"
PICTURES: Final = "pictures"
YES_NO: Final = "yes-no"
PART_OF_DAY: Final = "part-of-day"
MULTILINE: Final = "multiline"
TABLE_LIST: Final = "table-list"
LABEL_ROW: Final = "label"
UNLABELLED_ROW: Final = "list-nolabel"
OTHER_VALUE: Final = "other"
"""The value of the choice that `or_other` adds."""
_OTHER_TITLE: Final = "Anderes"

METADATA: Final = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit",
     "start-geopoint", "simid", "device_id", "subscriber_id"}
)  # fmt: skip
"""Types that record something of the device; nothing of it is asked or kept here."""
MEDIA: Final = frozenset({"image", "photo", "audio", "video", "file", "background-audio"})
_KINDS: Final[Mapping[str, QuestionKind]] = {
    "text": QuestionKind.TEXT,
    "string": QuestionKind.TEXT,
    "integer": QuestionKind.NUMBER,
    "int": QuestionKind.NUMBER,
    "decimal": QuestionKind.NUMBER,
    "range": QuestionKind.SCALE,
    "note": QuestionKind.NOTE,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME_OF_DAY,
    "geopoint": QuestionKind.PLACE,
    "gps": QuestionKind.PLACE,
    "acknowledge": QuestionKind.YES_NO,
    "trigger": QuestionKind.YES_NO,
}
_SELECTS: Final[Mapping[str, QuestionKind]] = {
    "select_one": QuestionKind.SINGLE_CHOICE,
    "select1": QuestionKind.SINGLE_CHOICE,
    "select_multiple": QuestionKind.MULTIPLE_CHOICE,
    "select_all_that_apply": QuestionKind.MULTIPLE_CHOICE,
    "rank": QuestionKind.RANKING,
}
_SELECT: Final = re.compile(
    r"(select[ _]one|select[ _]multiple|select1|select all that apply|rank)(?: from)? (.+?)( or[ _]other)?",
    re.IGNORECASE,
)
_STRUCTURE: Final = re.compile(r"(begin|end)[ _](group|repeat)", re.IGNORECASE)
_PARAMETER: Final = re.compile(r"([A-Za-z_-]{1,60})\s{0,9}=\s{0,9}([^\s,;]{1,60})")
_NUMBER: Final = r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_BOUND: Final = re.compile(
    rf"\.\s*(>=|<=|>|<)\s*(?:({_NUMBER})|(?:date\s*\(\s*)?['\"]([0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})['\"]\s*\)?)"
)
_AND: Final = re.compile(r"(?<!\s)\s+and\s+")
MOST_STEPS: Final = 101
"""Steps of the longest scale: 0 to 100."""


@dataclass(frozen=True, slots=True)
class RowType:
    """The type of a row, parsed; `kind` is None where it asks nothing here."""

    kind: QuestionKind | None
    list_name: str = ""
    or_other: bool = False
    is_whole: bool = False


def structure_of(text: str) -> Structure | None:
    """Whether a type begins or ends a group or a repeat."""
    found = _STRUCTURE.fullmatch(" ".join(text.split()))
    return f"{found[1].lower()}_{found[2].lower()}" if found else None  # type: ignore[return-value]


def row_type(text: str) -> RowType:
    """Parse the type of a question; without a kind for types that are not known."""
    plain = " ".join(text.split())
    select = _SELECT.fullmatch(plain)
    if select:
        kind = _SELECTS[select[1].lower().replace(" ", "_")]
        return RowType(kind, select[2].strip(), select[3] is not None)
    word = plain.lower()
    return RowType(_KINDS.get(word), is_whole=word in ("integer", "int", "range"))


def appearance_of(row: SheetRow) -> frozenset[str]:
    """The words of the column `appearance`."""
    return frozenset(row["appearance"].lower().split())


def options_for(
    found: RowType, row: SheetRow, lists: Mapping[str, ChoiceList], report: Report
) -> tuple[QuestionKind, dict[str, Any]] | None:
    """The kind of a question after its appearance, and its options; None where a fault was reported."""
    kind = found.kind
    words = appearance_of(row)
    if kind is QuestionKind.TEXT and MULTILINE in words:
        return QuestionKind.LONG_TEXT, {}
    if kind is QuestionKind.SCALE:
        return _scale(row, report)
    if kind in (QuestionKind.NUMBER, QuestionKind.DATE):
        return kind, _bounds(kind, row, report, is_whole=found.is_whole)
    if kind in _SELECTS.values() and kind is not None:
        return _choices(kind, found, row, lists, report)
    return (kind, {}) if kind is not None else None


def _choices(
    kind: QuestionKind, found: RowType, row: SheetRow, lists: Mapping[str, ChoiceList], report: Report
) -> tuple[QuestionKind, dict[str, Any]] | None:
    listed = lists.get(found.list_name)
    if listed is None or not listed.choices:
        report(Finding("survey", row.number, "list_missing", {"list": found.list_name[:80]}))
        return None
    words = appearance_of(row)
    if kind is QuestionKind.SINGLE_CHOICE and words & _FIXED.keys():
        fixed, allowed, code = _FIXED[next(iter(words & _FIXED.keys()))]
        if frozenset(value.lower() for value in listed.values) not in allowed:
            report(Finding("survey", row.number, code))
        return fixed, {}
    options = options_of(listed.choices)
    if found.or_other:
        if kind is QuestionKind.RANKING:
            report(Finding("survey", row.number, "ranking_with_other"))
        elif OTHER_VALUE not in listed.values:
            options["choices"].append({"value": OTHER_VALUE, "title": _OTHER_TITLE, "other": True})
    if kind is QuestionKind.SINGLE_CHOICE and (PICTURES in words or listed.has_pictures):
        return QuestionKind.PICTURE_CHOICE, options
    if listed.has_pictures:
        report(Finding("survey", row.number, "pictures_of_several"))
    return kind, options


def _scale(row: SheetRow, report: Report) -> tuple[QuestionKind, dict[str, Any]] | None:
    """The defaults are those of XLSForm: 1 to 10 by steps of 1."""
    given = {name.lower(): value for name, value in _PARAMETER.findall(row["parameters"])}
    try:
        start, end, step = (float(given.get(name, default)) for name, default in _RANGE)
    except ValueError:
        report(Finding("survey", row.number, "range_parameters"))
        return None
    if step != 1 or not start.is_integer() or not end.is_integer():
        report(Finding("survey", row.number, "range_step"))
        return None
    if not 0 < end - start < MOST_STEPS:
        report(Finding("survey", row.number, "range_ends", {"most": MOST_STEPS}))
        return None
    return QuestionKind.SCALE, {"minimum": int(start), "maximum": int(end)}


_FIXED: Final[Mapping[str, tuple[QuestionKind, tuple[frozenset[str], ...], str]]] = {
    PART_OF_DAY: (
        QuestionKind.PART_OF_DAY,
        (frozenset(value for value, _title in PartOfDay.fixed_choices),),
        "other_parts_of_day",
    ),
    YES_NO: (QuestionKind.YES_NO, (frozenset({"true", "false"}), frozenset({"yes", "no"})), "other_yes_no"),
}
"""Appearances of this site's own: kinds whose choices are fixed, and the values that their lists have."""
_RANGE: Final = (("start", "1"), ("end", "10"), ("step", "1"))


def _bounds(kind: QuestionKind, row: SheetRow, report: Report, *, is_whole: bool) -> dict[str, Any]:
    """The bounds of numbers and dates that a constraint states; other constraints are reported."""
    options: dict[str, Any] = {}
    if not row["constraint"]:
        return options
    for part in _AND.split(row["constraint"]):
        bound = _bound(kind, part.strip(), is_whole=is_whole)
        if bound is None or bound[0] in options:
            report(Finding("survey", row.number, "constraint"))
            return options
        options[bound[0]] = bound[1]
    return options


def _bound(kind: QuestionKind, text: str, *, is_whole: bool) -> tuple[str, Any] | None:
    found = _BOUND.fullmatch(text)
    if found is None:
        return None
    sign, number, day = found[1], found[2], found[3]
    member = "minimum" if sign in (">", ">=") else "maximum"
    if kind is QuestionKind.DATE:
        return (member, day) if day and sign in (">=", "<=") and _is_day(day) else None
    if number is None:
        return None
    value: int | float = float(number) if "." in number else int(number)
    if sign in (">", "<"):
        if not is_whole or isinstance(value, float):
            return None
        value += 1 if sign == ">" else -1
    return member, value


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
