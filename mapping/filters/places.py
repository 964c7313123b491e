"""Filters by category, bounding box and district."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mapping.filters.choices import Choices
from mapping.filters.dimension import (
    Control,
    Dimension,
    HeldBy,
    Named,
    Option,
    Pairs,
    Params,
    Reader,
)
from mapping.geo.bbox import Box, boxes_of
from mapping.models import Campaign, District
from mapping.models.contribution import ContributionQuerySet


class _Category(Named):
    """The category, by short name."""

    name = "category"
    title = gettext_lazy("Categories")
    description = "Short names of categories, as a comma list or repeated."
    held_by: ClassVar[HeldBy] = "footprint"
    problem = "unknown_category"
    is_seldom = False

    def options(self, choices: Choices) -> Sequence[Option]:
        """See `Named`."""
        return [Option(one.slug, one.title) for one in choices.categories]

    def contributions(
        self, found: ContributionQuerySet, value: tuple[str, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.in_categories(value, campaign)

    def footprints(self, value: tuple[str, ...], campaign_id: int, params: Params) -> str:
        """See `Dimension`."""
        params["categories"] = list(value)
        return (
            "f.category_id = ANY(ARRAY(SELECT id::integer FROM mapping_category"
            " WHERE campaign_id = %(campaign)s AND slug = ANY(%(categories)s::text[])))"
        )

    def statements(self, value: tuple[str, ...], choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        titles = [one.title for one in choices.categories if one.slug in value]
        yield str(self.title), ", ".join(titles) or _("none")


class _Box(Dimension[tuple[Box, ...]]):
    """A bounding box in degrees (west, south, east, north), in two parts where it crosses the antimeridian."""

    name = "bbox"
    title = gettext_lazy("Box")
    description = (
        "west,south,east,north in degrees (WGS 84); west greater than east crosses the antimeridian. Finds what the "
        "box of a place meets."
    )
    held_by: ClassVar[HeldBy] = "contribution"

    def read(self, reader: Reader, choices: Choices) -> tuple[Box, ...] | None:
        """See `Dimension`."""
        return reader.read(self.name, boxes_of)

    def find(self, query: QueryDict, choices: Choices, prefix: str) -> tuple[Box, ...] | None:
        """See `Dimension`."""
        text = query.get(prefix + self.name, "")
        try:
            return boxes_of(text) if text else None
        except ValueError:
            return None

    def pairs(self, value: tuple[Box, ...]) -> Pairs:
        """See `Dimension`."""
        return list(self.written(value).items())

    def written(self, value: tuple[Box, ...]) -> Mapping[str, str]:
        """See `Dimension`."""
        (west, south, _east, north), (_west, _south, east, _north) = value[0], value[-1]
        return {self.name: ",".join(f"{number:.10g}" for number in (west, south, east, north))}

    def contributions(
        self, found: ContributionQuerySet, value: tuple[Box, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.within_any(value)

    def statements(self, value: tuple[Box, ...], choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        yield str(self.title), self.written(value)[self.name].replace(",", " ")


class _District(Named):
    """The district, by code."""

    name = "district"
    title = gettext_lazy("Districts")
    description = "Codes of districts, as a comma list or repeated."
    held_by: ClassVar[HeldBy] = "district"
    control: ClassVar[Control] = "list"

    def read(self, reader: Reader, choices: Choices) -> tuple[str, ...] | None:
        """See `Dimension`."""
        if self.name not in reader.names:
            return None
        codes = [one.code for one in choices.districts]
        return reader.choices(self.name, codes, "unknown_district" if codes else "no_districts")

    def options(self, choices: Choices) -> Sequence[Option]:
        """See `Named`."""
        return [Option(one.code, one.name) for one in choices.districts]

    def contributions(
        self, found: ContributionQuerySet, value: tuple[str, ...], campaign: Campaign
    ) -> ContributionQuerySet:
        """See `Dimension`."""
        return found.in_districts(campaign.district_layer_id, district_ids(campaign.pk, value))

    def statements(self, value: tuple[str, ...], choices: Choices) -> Iterator[tuple[str, str]]:
        """See `Dimension`."""
        named = sorted((one.code, one.name) for one in choices.districts if one.code in value)
        yield str(self.title), ", ".join(name for _code, name in named) or _("none")


def district_ids(campaign_id: int, codes: tuple[str, ...]) -> list[int]:
    """The districts of the campaign's layer that have one of the codes."""
    layers = Campaign.objects.filter(pk=campaign_id).values("district_layer")
    return sorted(District.objects.filter(layer__in=layers, code__in=codes).values_list("pk", flat=True))


CATEGORY: Final = _Category()
BOX: Final = _Box()
DISTRICT: Final = _District()

DIMENSIONS: Final = (CATEGORY, BOX, DISTRICT)
