"""All kinds, by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mapping.questions.choices import MultipleChoice, PartOfDay, PictureChoice, SingleChoice, YesNo
from mapping.questions.kind import Kind
from mapping.questions.matrix import Matrix
from mapping.questions.moments import Date, TimeOfDay
from mapping.questions.note import Note
from mapping.questions.numbers import Number, Scale
from mapping.questions.place import Place
from mapping.questions.ranking import Ranking
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
            PictureChoice(),
            Ranking(),
            Matrix(),
            Place(),
            Note(),
        )
    }
)
"""Every name of `QuestionKind` has its kind (`tests/questions`)."""
