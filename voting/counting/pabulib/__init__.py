"""Files of Pabulib, the library of participatory budgets: https://pabulib.org/format.

UTF-8, three parts (META, PROJECTS, VOTES), fields divided by semicolons and quoted as in CSV.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["approval", "ordinal", "cumulative", "scoring", "choose-1"]
KINDS: Final[tuple[Kind, ...]] = ("approval", "ordinal", "cumulative", "scoring", "choose-1")
WITHDRAWN_COST: Final = 999_999_999
"""The cost of a project that was withdrawn while people voted."""


@dataclass(frozen=True, slots=True)
class PabulibProject:
    """One project; cost in whole units of money, None where it was withdrawn."""

    key: str
    name: str
    cost: int | None
    selected: bool | None = None


@dataclass(frozen=True, slots=True)
class PabulibBallot:
    """What one voter chose: 1 (approval, choose-1), a rank from 1 (ordinal) or points (cumulative, scoring)."""

    choices: Mapping[str, int]
    district: str = ""


@dataclass(frozen=True, slots=True)
class PabulibFile:
    """A whole file. `meta` holds all keys as they stand, `unknown` names those that nothing here reads."""

    kind: Kind
    budget: int
    meta: Mapping[str, str]
    projects: Sequence[PabulibProject]
    ballots: Sequence[PabulibBallot]
    unknown: Sequence[str] = ()


class PabulibError(ValueError):
    """A file cannot be read: why, and in which line (0: the whole file)."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"Line {line}: {reason}" if line else reason)
        self.line, self.reason = line, reason
