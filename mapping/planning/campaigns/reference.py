"""Reference distributions as planners give them: lines of a group and a number, typed, pasted or from a small file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from django.core.files.uploadedfile import UploadedFile

from mapping.aggregation.statistics.residents import Residents
from mapping.services.errors import Invalid, Problem, invalid
from mapping.services.surveys.comparing import MOST_GROUPS, GroupDraft

MOST_BYTES: Final = 100_000
_LONGEST_LINE: Final = 300
_SEPARATORS: Final = (";", "\t")
_NUMBER: Final = re.compile(r"([0-9]{1,12})(?:([.,])([0-9]{1,6}))?\s?%?")
_THOUSANDS: Final = 3


def parse_groups(text: str) -> list[GroupDraft]:
    """Read lines of a group and a number, separated by one semicolon or tab, without these by the only comma.

    Decimals have a comma or a point. A first line without a number is a heading. Raises Invalid on "groups":
    size_unreadable, size_ambiguous (line, text: three digits behind a comma or point may be thousands).
    """
    groups: list[GroupDraft] = []
    problems: list[Problem] = []
    lines = [
        (number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip(" ;,\t")
    ]
    for place, (number, line) in enumerate(lines[: MOST_GROUPS + 2]):
        title, size = _parts(line[:_LONGEST_LINE])
        found = _NUMBER.fullmatch(size)
        if found is None or not title:
            if place or any(one.isdigit() for one in size):
                problems.append(Problem("size_unreadable", {"line": number, "text": line[:60]}))
        elif found[2] and len(found[3]) == _THOUSANDS:
            problems.append(Problem("size_ambiguous", {"line": number, "text": line[:60]}))
        else:
            groups.append(GroupDraft(title, float(f"{found[1]}.{found[3] or 0}")))
    if problems:
        raise Invalid({"groups": problems[:5]})
    return groups


def text_of(file: UploadedFile[bytes]) -> str:
    """The text of a small CSV file in UTF-8 or, as older programs write it, Windows-1252.

    Raises Invalid on "file": upload_too_large (megabytes), file_no_text.
    """
    if (file.size or 0) > MOST_BYTES:
        raise invalid("file", "upload_too_large", megabytes=MOST_BYTES / 10**6)
    data = bytes(file.read())
    if b"\0" in data:
        raise invalid("file", "file_no_text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def lines_of(groups: Sequence[GroupDraft]) -> str:
    """The lines that `parse_groups` reads."""
    return "\n".join(f"{group.title}; {group.size:.6f}".rstrip("0").rstrip(".") for group in groups)


def groups_of(known: Residents) -> Iterator[GroupDraft]:
    """The districts with their inhabitants as groups; those of which nothing is known are left out."""
    for one in known.districts:
        if one.inhabitants is not None:
            yield GroupDraft(one.name, one.inhabitants)


def _parts(line: str) -> tuple[str, str]:
    """The two cells of a line; empty ones where it has more or fewer."""
    plain = line.rstrip("; \t")
    separator = next((one for one in _SEPARATORS if one in plain), ",")
    cells = [cell.strip().strip('"').strip() for cell in plain.split(separator)]
    return (cells[0], cells[1]) if len(cells) == 2 else ("", plain)
