"""One column of a survey's responses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mapping.exports.fields import Choice
from mapping.exports.responses.values import Read

Type = Literal["text", "integer", "number", "boolean", "date", "time"]
Measure = Literal["nominal", "ordinal", "scale"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its label, the type of its values and how a response is read.

    `question` is the short name of the question and `part` the choice, statement or axis that the column is about.
    `choices` are the labels of values; those of booleans are named true and false.
    """

    name: str
    title: str
    type: Type
    read: Read
    measure: Measure = "nominal"
    question: str = ""
    kind: str = ""
    part: str = ""
    description: str = ""
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    is_for_staff: bool = False
    is_removed: bool = False
