"""Options of lists to unfold."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a list to unfold."""

    value: str
    title: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Options under one heading."""

    title: str
    choices: Sequence[Choice]
