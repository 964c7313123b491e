"""Errors of file export, which commands and views turn into messages."""

from __future__ import annotations


class TooLargeForFormat(ValueError):
    """The data exceed a format's own limit; the argument is the name of the format, `code` names the message."""

    code = "too_large_for_format"

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class TooManyColumns(TooLargeForFormat):
    """The data have more columns than a format can hold."""

    code = "too_many_columns"
