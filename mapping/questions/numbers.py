"""Questions that are answered by a number: typed, or on a scale."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from typing import ClassVar, Final

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext

from mapping.questions.kind import (
    Answer,
    AnswerRefused,
    Asked,
    ColumnType,
    Kind,
    Limits,
    Measured,
    Open311Type,
    Options,
    radios,
)
from mapping.questions.names import QuestionKind
from mapping.wording import in_words_number

LARGEST_NUMBER: Final = 10**15
"""Beyond it JSON numbers lose precision of integers (RFC 8259 section 6), and no question needs such numbers."""
_TYPED_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:[.,][0-9]{1,20})?")
_SENT_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")
# 1.234,5 and 1,234.5: with both signs, the last one is the decimal separator.
_GROUPED: Final = (
    (re.compile(r"[+-]?[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]+"), "."),
    (re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+\.[0-9]+"), ","),
)
_LONGEST_SCALE: Final = 100
"""Most steps of a scale that are listed one by one."""


class Number(Kind):
    """A number within bounds, with a unit."""

    name: ClassVar = QuestionKind.NUMBER
    column: ClassVar[ColumnType] = "number"
    open311: ClassVar[Open311Type] = "number"
    measured: ClassVar[Measured | None] = "number"
    limits: ClassVar[Limits] = "number"

    def options_problem(self, options: object) -> str | None:
        """See `Kind`."""
        given = options if isinstance(options, dict) else {}
        minimum, maximum = (_bound(given, name, math.nan) for name in ("minimum", "maximum"))
        return gettext("The smallest value must lie below the largest one.") if minimum >= maximum else None

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        number = _number_of(value)
        minimum = _bound(options, "minimum", -LARGEST_NUMBER)
        maximum = _bound(options, "maximum", LARGEST_NUMBER)
        if not minimum <= number <= maximum:
            raise AnswerRefused("out_of_range_answer", minimum=minimum, maximum=maximum)
        return int(number) if number == int(number) else number

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        attrs = {"inputmode": "decimal", "autocomplete": "off", "maxlength": 24}
        return forms.CharField(required=False, widget=forms.TextInput(attrs=attrs))

    def posted(self, value: object) -> object:
        """See `Kind`; decimals may have a comma or a point."""
        compact = str(value).strip()
        if _TYPED_NUMBER.fullmatch(compact) is None:
            return str(value)
        number = float(compact.replace(",", "."))
        return int(number) if number.is_integer() else number

    def initial(self, answer: object) -> object:
        """See `Kind`."""
        # Without separators of thousands, which `posted` does not read.
        return number_format(answer, use_l10n=True) if isinstance(answer, float) else answer

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`."""
        if not isinstance(answer, int | float):
            return str(answer)
        return f"{in_words_number(answer)} {question.options.get('unit', '')}".strip()

    def counted(self, answer: object) -> Iterator[str]:
        """See `Kind`."""
        yield str(answer)

    def cell(self, options: Options, value: object) -> object:
        """See `Kind`."""
        if not isinstance(value, str):
            return value
        plain = value.strip()
        for form, thousands in _GROUPED:
            if form.fullmatch(plain):
                plain = plain.replace(thousands, "")
        try:
            return json.loads(plain.replace(",", "."))
        except ValueError:
            return value

    def limit(self, text: str) -> str | float | None:
        """See `Kind`."""
        if _SENT_NUMBER.fullmatch(text) is None:
            return None
        number = float(text)
        return int(number) if number.is_integer() else number

    def open311_hint(self, options: Options) -> str:
        """See `Kind`."""
        low, high, unit = (str(options.get(name, "")) for name in ("minimum", "maximum", "unit"))
        return f"{low}–{high} {unit}".strip() if low or high else unit

    def sent(self, value: str) -> object:
        """See `Kind`."""
        return float(value) if _SENT_NUMBER.fullmatch(value.strip()) else value


class Scale(Number):
    """A step of a scale whose ends may have titles; 1 to 5 where the options say nothing."""

    name: ClassVar = QuestionKind.SCALE
    column: ClassVar[ColumnType] = "integer"
    open311: ClassVar[Open311Type] = "singlevaluelist"

    def parse(self, value: object, options: Options) -> Answer | None:
        """See `Kind`."""
        number = _number_of(value)
        minimum, maximum = _bound(options, "minimum", 1), _bound(options, "maximum", 5)
        if number != int(number) or not minimum <= number <= maximum:
            raise AnswerRefused("not_on_the_scale", minimum=int(minimum), maximum=int(maximum))
        return int(number)

    def field(self, question: Asked) -> forms.Field:
        """See `Kind`."""
        return radios(question, [(str(step), str(step)) for step in _steps(question.options)])

    def words(self, question: Asked, answer: object) -> str:
        """See `Kind`: `4 of 5`, with the title of the scale's end if reached: `5 of 5 (unsafe)`."""
        if not isinstance(answer, int):
            return str(answer)
        options = question.options
        ends = {options.get("minimum", 1): "minimum_title", options.get("maximum", 5): "maximum_title"}
        words = gettext("%(answer)s of %(maximum)s") % {
            "answer": answer,
            "maximum": options.get("maximum", 5),
        }
        title = options.get(ends.get(answer, ""), "")
        return f"{words} ({title})" if title else words

    def choices(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`; a scale that is too long to be listed has none."""
        steps = _steps(options)
        if len(steps) <= _LONGEST_SCALE:
            yield from ((str(step), str(step)) for step in steps)

    def stored(self, value: str) -> object | None:
        """See `Kind`."""
        return int(value) if value.lstrip("-").isdecimal() else None

    def open311_type(self, options: Options) -> Open311Type:
        """See `Kind`; a scale that is too long to be listed is asked for as a number."""
        return self.open311 if len(_steps(options)) <= _LONGEST_SCALE else "number"

    def open311_values(self, options: Options) -> Iterator[tuple[str, str]]:
        """See `Kind`."""
        steps = _steps(options)
        titles = {steps.start: options.get("minimum_title"), steps.stop - 1: options.get("maximum_title")}
        for step in steps:
            title = titles.get(step)
            yield str(step), f"{step} ({title})" if title else str(step)


def _steps(options: Options) -> range:
    return range(int(_bound(options, "minimum", 1)), int(_bound(options, "maximum", 5)) + 1)


def _number_of(value: object) -> float:
    # bool is a subclass of int, but `true` is no number in JSON.
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise AnswerRefused("not_a_number_answer")
    if isinstance(value, float) and not math.isfinite(value):
        raise AnswerRefused("not_a_number_answer")
    if abs(value) > LARGEST_NUMBER:
        raise AnswerRefused("out_of_range_answer", minimum=-LARGEST_NUMBER, maximum=LARGEST_NUMBER)
    return value


def _bound(options: Options, name: str, default: float) -> float:
    value = options.get(name, default)
    return default if isinstance(value, bool) or not isinstance(value, int | float) else value
