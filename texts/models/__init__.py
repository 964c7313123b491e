"""Tables of texts, one file a noun; QuerySets hold the reads."""

from texts.models.suggestion import Fate, Suggestion
from texts.models.text import LOWEST_LEVEL, MOST_SECTIONS, UNNUMBERED, Section, Text
from texts.models.version import TextVersion, Wording, version_at

__all__ = [
    "LOWEST_LEVEL",
    "MOST_SECTIONS",
    "UNNUMBERED",
    "Fate",
    "Section",
    "Suggestion",
    "Text",
    "TextVersion",
    "Wording",
    "version_at",
]
