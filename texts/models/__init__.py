"""Tables of texts, one file a noun; QuerySets hold the reads."""

from texts.models.suggestion import Fate, Suggestion
from texts.models.text import HIGHEST_LEVEL, LOWEST_LEVEL, MOST_SECTIONS, Section, Text
from texts.models.version import TextVersion, Wording, version_at

__all__ = [
    "HIGHEST_LEVEL",
    "LOWEST_LEVEL",
    "MOST_SECTIONS",
    "Fate",
    "Section",
    "Suggestion",
    "Text",
    "TextVersion",
    "Wording",
    "version_at",
]
