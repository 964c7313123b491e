"""Why a file cannot be written, as values that commands and views turn into sentences."""

from __future__ import annotations


class TooLargeForFormat(ValueError):
    """A format's own limit lies below what should be written (the name of the format)."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
