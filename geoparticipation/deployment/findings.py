"""What a check finds: one sentence, and how grave it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["error", "warning", "ok"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `subject` names the check; errors keep a site from being public, warnings do not."""

    level: Level
    subject: str
    sentence: str


def error(subject: str, sentence: str) -> Finding:
    """What must be mended before the site is public."""
    return Finding("error", subject, sentence)


def warning(subject: str, sentence: str) -> Finding:
    """What may be intended."""
    return Finding("warning", subject, sentence)


def ok(subject: str, sentence: str) -> Finding:
    """What was looked at and is right."""
    return Finding("ok", subject, sentence)
