"""Filters by source of contributions and by the city's reply."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.choices import Choices
from mapping.filters.dimension import (
    HeldBy,
    Named,
    Option,
    Params,
    known_only,
)
from mapping.models import Campaign, ReplyStatus, Source
from mapping.models.contribution import ContributionQuerySet
from mapping.models.footprint import SOURCE_CODES

NO_REPLY: Final = "none"


class _Source(Named):
    """The source of contributions."""

    name = "source"
    title = gettext_lazy("Received")
    description = f"How contributions came in, a comma list of {', '.join(Source.values)}."
    held_by: ClassVar[HeldBy] = "footprint"

    def options(self, choices: Choices) -> Sequence[Option]:
        """See `Named`."""
        return [Option(str(value), str(title)) for value, title in Source.choices]

    def check(self, value: tuple[str, ...]) -> None:
        """See `Dimension`."""
        known_only(self.name, value, Source.values)

    def contributions(
        self, found: ContributionQuerySet, value: tuple[str, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.from_sources(value)

    def footprints(self, value: tuple[str, ...], campaign_id: int, params: Params) -> str:
        """See `Dimension`."""
        params["sources"] = [SOURCE_CODES[source] for source in value]
        return "f.source = ANY(%(sources)s::smallint[])"


class _Reply(Named):
    """The status of the city's newest reply, or none."""

    name = "reply"
    title = gettext_lazy("The city's reply")
    description = (
        f"What the city answered, a comma list of {', '.join(ReplyStatus.values)}, {NO_REPLY} (no reply yet); the "
        "newest reply counts."
    )
    held_by: ClassVar[HeldBy] = "contribution"

    def options(self, choices: Choices) -> Sequence[Option]:
        """See `Named`."""
        return [
            *(Option(str(value), str(title)) for value, title in ReplyStatus.choices),
            Option(NO_REPLY, _("No reply yet")),
        ]

    def check(self, value: tuple[str, ...]) -> None:
        """See `Dimension`."""
        known_only(self.name, value, (*ReplyStatus.values, NO_REPLY))

    def contributions(
        self, found: ContributionQuerySet, value: tuple[str, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        statuses = [one for one in value if one != NO_REPLY]
        return found.answered_with(statuses, or_without_reply=NO_REPLY in value)


SOURCE: Final = _Source()
REPLY: Final = _Reply()

DIMENSIONS: Final = (SOURCE, REPLY)
