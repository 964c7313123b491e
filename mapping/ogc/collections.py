"""The collections of `/ogc/`: a few per campaign, named `<campaign>-<kind>`.

| kind | what | for whom |
| --- | --- | --- |
| `contributions` | every contribution, whatever its place | everyone, or analysts where a campaign publishes cells |
| `points`, `lines`, `areas` | the same by type of place, for programs that need one type | as above |
| `cells` | the heat map, or the release of campaigns that publish cells | everyone |
| `districts`, `area` | outlines | everyone |
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, get_args

from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from mapping.http.access import campaign_for
from mapping.models import Campaign
from mapping.models.campaign import PlaceType
from mapping.ogc.access import campaigns_for, sees_contributions, sees_everything
from mapping.services.errors import NotAllowed

Kind = Literal["contributions", "points", "lines", "areas", "cells", "districts", "area"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

PLACE_TYPES: Final[dict[Kind, PlaceType]] = {
    "points": PlaceType.POINT,
    "lines": PlaceType.LINE,
    "areas": PlaceType.POLYGON,
}
OF_CONTRIBUTIONS: Final[frozenset[Kind]] = frozenset({"contributions", *PLACE_TYPES})

TITLES: Final[dict[Kind, str | Promise]] = {
    "contributions": _("contributions"),
    "points": _("contributions, points"),
    "lines": _("contributions, lines"),
    "areas": _("contributions, areas"),
    "cells": _("heat map"),
    "districts": _("districts"),
    "area": _("area"),
}


@dataclass(frozen=True)
class Collection:
    """One collection of a campaign, as one reader sees it."""

    campaign: Campaign
    kind: Kind
    is_exact: bool
    """Whether the reader gets contributions in every status, and exact cells instead of a release."""

    @property
    def id(self) -> str:
        """Its name in addresses."""
        return f"{self.campaign.slug}-{self.kind}"

    @property
    def title(self) -> str:
        """Its name for people."""
        kind = _("protected areas") if self.is_release else TITLES[self.kind]
        return f"{self.campaign.title} – {kind}"

    @property
    def holds_contributions(self) -> bool:
        """Whether its items are contributions."""
        return self.kind in OF_CONTRIBUTIONS

    @property
    def place_type(self) -> PlaceType | None:
        """The one type of place that its items have; None where they may have any."""
        return PLACE_TYPES.get(self.kind)

    @property
    def is_release(self) -> bool:
        """Whether its cells are those of a release rather than of a heat map."""
        return self.kind == "cells" and not self.campaign.publishes_points and not self.is_exact


def collections_for(request: Request) -> Iterator[Collection]:
    """Every collection that the reader may see, by campaign."""
    campaigns = (
        campaigns_for(request)
        .defer("area", "description", "outcome")
        .select_related("district_layer")
        .distinct()
    )
    with_area = set(campaigns.filter(area__isnull=False).order_by().values_list("pk", flat=True))
    for campaign in campaigns.prefetch_related("categories").order_by("slug"):
        is_exact = sees_everything(request, campaign)
        kinds = possible_kinds(campaign, is_exact=is_exact, has_area=campaign.pk in with_area)
        if len(PLACE_TYPES.keys() & kinds) == 1:  # the same as all contributions with a place
            kinds = [kind for kind in kinds if kind not in PLACE_TYPES]
        yield from (Collection(campaign, kind, is_exact) for kind in kinds)


def possible_kinds(campaign: Campaign, *, is_exact: bool, has_area: bool) -> list[Kind]:
    """The collections of a campaign that can hold something for a reader.

    What categories take decides, not what is there: programs keep the names of collections. Of kinds of places that no
    category takes any more there may be some among all contributions.
    """
    categories = list(campaign.categories.all())
    taken = {one for category in categories for one in category.geometry_types}
    kinds: list[Kind] = []
    if categories and sees_contributions(campaign, is_exact=is_exact):
        kinds += ["contributions", *(kind for kind, one in PLACE_TYPES.items() if one in taken)]
    if taken & {*PLACE_TYPES.values()}:
        kinds.append("cells")
    if campaign.district_layer_id is not None:
        kinds.append("districts")
    return [*kinds, "area"] if has_area else kinds


def collection_for(request: Request, collection_id: str) -> Collection:
    """The collection of an id; Http404 for what the reader may not know of.

    Raises NotAllowed "publishes_cells" for the contributions of a protected campaign, whose cells are public.
    """
    slug, _dash, name = collection_id.rpartition("-")
    kind = next((known for known in KINDS if known == name), None)
    if kind is None:
        raise Http404
    campaign = campaign_for(request, slug)
    is_exact = sees_everything(request, campaign)
    if kind in OF_CONTRIBUTIONS and not sees_contributions(campaign, is_exact=is_exact):
        raise NotAllowed("publishes_cells")
    if kind == "districts" and campaign.district_layer_id is None:
        raise Http404
    return Collection(campaign, kind, is_exact)
