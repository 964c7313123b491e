"""Filter by words of contributions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.choices import Choices
from mapping.filters.dimension import Control, Dimension, Group, HeldBy, Pairs, Reader
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign
from mapping.models.contribution import ContributionQuerySet

LONGEST_SEARCH: Final = 100
"""Characters of a search that are read."""


class _Words(Dimension[str]):
    """Words that title or text contain, all of them, in any case and order."""

    name = "q"
    title = gettext_lazy("Words")
    description = (
        f"Words of the title or text, in any case and order; all of them must be there. At most {LONGEST_SEARCH} "
        "characters."
    )
    held_by: ClassVar[HeldBy] = "contribution"
    control: ClassVar[Control] = "words"

    def read(self, reader: Reader, choices: Choices) -> str | None:
        """See `Dimension`; raises "too_long"."""
        return reader.read(self.name, _words_of) or None

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> str | None:
        """See `Dimension`; what is too long is cut."""
        return searched(query.get(prefix + self.name, "")) or None

    def pairs(self, value: str) -> Pairs:
        """See `Dimension`."""
        return [(self.name, value)]

    def written(self, value: str) -> Mapping[str, str]:
        """See `Dimension`."""
        return {self.name: value}

    def contributions(
        self, found: ContributionQuerySet, value: str, campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.containing(value)

    def statements(self, value: str, choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        yield str(self.title), _("“%(words)s”") % {"words": value}

    def groups(self, value: str | None, choices: Choices) -> Iterator[Group]:
        """See `Dimension`."""
        yield Group(self.name, str(self.title), self.control, (), (value or "",), "words")


def searched(text: str) -> str:
    """The words of a search without characters that no text holds, at most `LONGEST_SEARCH` characters."""
    return " ".join("".join(one if one.isprintable() else " " for one in text[:LONGEST_SEARCH]).split())


def _words_of(text: str) -> str:
    if len(text) > LONGEST_SEARCH:
        raise QueryProblem("too_long", parameter="q", max=LONGEST_SEARCH)
    return searched(text)


WORDS: Final = _Words()

DIMENSIONS: Final = (WORDS,)
