"""The form of a ballot: fields by the rule of the vote, what was typed into them, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.http import QueryDict

from mapping.services.checking.content import Collected
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from voting.models import Rule, Vote
from voting.services.ballot_papers import PaperOption
from voting.services.checking import CHOICES, field_of, most_ranks

CHOICE: Final = "choice"
"""The name of radio buttons and check boxes; their values are ids of options."""
RANK: Final = "rank"
CODE: Final = "code"
EMPTY: Final = "empty"
"""The name of the check box that confirms an empty ballot."""
_LONGEST: Final = 20
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,10}")
_PICKED: Final = frozenset({Rule.ONE_OF, Rule.UP_TO, Rule.BUDGET, Rule.APPROVAL})


@dataclass
class Entry:
    """The field of an option: what stands in it, and what is wrong with it."""

    shown: PaperOption
    typed: str = ""
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of a field of its own (for or against, points)."""
        return str(self.shown.id)


@dataclass
class RankEntry:
    """The list to unfold of one rank, from 1; `chosen` is the id of an option as text, empty for none."""

    number: int
    chosen: str = ""


class BallotForm:
    """The ballot of a vote; `data` is what was sent, without it the stored choices are shown.

    `options` are in the order in which the voter sees them.
    """

    def __init__(
        self,
        vote: Vote,
        options: Sequence[PaperOption],
        *,
        choices: Mapping[UUID, int] | None = None,
        data: QueryDict | None = None,
    ) -> None:
        self.vote = vote
        self.rule = Rule(vote.rule)
        self.data = data
        self.entries = [Entry(one) for one in options if one.is_standing]
        self.code = "" if data is None else data.get(CODE, "")[: 3 * _LONGEST]
        self.problems: list[str] = []
        self.code_problems: list[str] = []
        self.ranks: list[RankEntry] = []
        self.offers_empty = False
        if data is None:
            self.fill(choices or {})
        else:
            self._keep(data)

    @property
    def is_picked(self) -> bool:
        """Whether options are picked by radio buttons or check boxes."""
        return self.rule in _PICKED

    @property
    def has_choices(self) -> bool:
        """Whether anything is chosen."""
        return any(entry.typed for entry in self.entries)

    @property
    def wrong(self) -> list[Entry]:
        """The options with a problem."""
        return [entry for entry in self.entries if entry.problems]

    @property
    def is_wrong(self) -> bool:
        """Whether anything was refused."""
        return bool(self.problems or self.code_problems or self.wrong)

    def fill(self, choices: Mapping[UUID, int]) -> None:
        """Show choices, in place of what was typed."""
        by_rank = {rank: pk for pk, rank in choices.items()} if self.rule == Rule.RANKING else {}
        for entry in self.entries:
            value = choices.get(entry.shown.id)
            entry.typed = "" if value is None else str(value)
        self.ranks = [
            RankEntry(number, str(by_rank.get(number, "")))
            for number in range(1, most_ranks(self.vote, len(self.entries)) + 1)
        ]

    def choices(self) -> dict[UUID, int]:
        """The values that were sent, by the id of an option; the service checks whether they may be.

        Raises Invalid for what is no value at all, and for an empty ballot that is not confirmed to be one.
        """
        assert self.data is not None  # noqa: S101 - only forms that were sent have choices
        problems = Collected()
        if self.is_picked:
            found = dict.fromkeys(_ids(self.data.getlist(CHOICE), problems), 1)
        elif self.rule == Rule.RANKING:
            found = self._ranked(problems)
        else:
            found = dict(self._numbers(problems))
        if not found and not problems.fields and self.data.get(EMPTY) != "1":
            self.offers_empty = True
            problems.add(CHOICES, "nothing_chosen")
        problems.raise_if_any()
        return found

    def take(self, error: DomainError) -> None:
        """Show why a ballot was refused: at the fields, the code, or above all."""
        if not isinstance(error, Invalid):
            self.problems.append(sentence(error.code, error.params))
            return
        by_name = {field_of(entry.shown.id): entry for entry in self.entries}
        for name, problems in error.fields.items():
            words = [sentence(one.code, one.params) for one in problems]
            if name == CODE:
                self.code_problems += words
            elif name in by_name:
                by_name[name].problems += words
            else:
                self.problems += [one for one in words if one not in self.problems]

    def _keep(self, data: QueryDict) -> None:
        """Show what was sent, right or wrong."""
        picked = set(data.getlist(CHOICE))
        for entry in self.entries:
            if self.is_picked:
                entry.typed = "1" if entry.name in picked else ""
            else:
                entry.typed = data.get(entry.name, "")[:_LONGEST]
        self.ranks = [
            RankEntry(number, data.get(f"{RANK}-{number}", ""))
            for number in range(1, most_ranks(self.vote, len(self.entries)) + 1)
        ]

    def _ranked(self, problems: Collected) -> dict[UUID, int]:
        found: dict[UUID, int] = {}
        for rank in self.ranks:
            for pk in _ids([rank.chosen], problems):
                if pk in found:
                    problems.add(field_of(pk), "ranked_again", rank=rank.number)
                found[pk] = rank.number
        return found

    def _numbers(self, problems: Collected) -> Iterator[tuple[UUID, int]]:
        """The numbers in the fields of options; nothing and 0 leave an option out."""
        for entry in self.entries:
            text = entry.typed.strip()
            if not text:
                continue
            if not _NUMBER.fullmatch(text):
                problems.add(field_of(entry.shown.id), "not_whole")
            elif int(text):
                yield entry.shown.id, int(text)


def _ids(values: Sequence[str], problems: Collected) -> Iterator[UUID]:
    """The ids among sent values; "" leaves a field empty."""
    for value in values:
        try:
            if value:
                yield UUID(value[:40])
        except ValueError:
            problems.add(CHOICES, "option_unknown")
