"""Errors of file export, which commands and views turn into messages."""

from __future__ import annotations


class TooLargeForFormat(ValueError):
    """The data exceed a format's own limit; the argument is the name of the format."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
