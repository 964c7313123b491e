"""All kinds, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mapping.questions.choices import MultipleChoice, PartOfDay, SingleChoice, YesNo
from mapping.questions.kind import Kind
from mapping.questions.moments import Date, TimeOfDay
from mapping.questions.numbers import Number, Scale
from mapping.questions.texts import LongText, ShortText

KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ShortText(),
            LongText(),
            SingleChoice(),
            MultipleChoice(),
            Scale(),
            Number(),
            YesNo(),
            TimeOfDay(),
            Date(),
            PartOfDay(),
        )
    }
)
"""Every name of `QuestionKind` has its kind (`tests/questions`)."""
