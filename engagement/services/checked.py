"""Texts of dates and papers, checked together before they are stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from mapping.services.checking.content import Collected, checked_text
from mapping.services.errors import Invalid


def checked_texts(
    values: Mapping[str, object],
    longest: Mapping[str, int],
    *,
    needed: Collection[str] = (),
    multiline: Collection[str] = (),
) -> dict[str, object]:
    """All values, those named in `longest` cleaned.

    Raises Invalid with all problems at once, by the names of the values: required, too_long, not_a_text.
    """
    collected, cleaned = Collected(), dict(values)
    for name in longest.keys() & values.keys():
        try:
            cleaned[name] = checked_text(
                values[name], max_length=longest[name], name=name, multiline=name in multiline
            )
        except Invalid as error:
            collected.take(error)
        else:
            if name in needed and not cleaned[name]:
                collected.add(name, "required")
    collected.raise_if_any()
    return cleaned
