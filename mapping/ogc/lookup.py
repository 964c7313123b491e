"""Collections visible to a reader, and lookup by id."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404
from rest_framework.request import Request

from mapping.http.access import campaign_for
from mapping.models import Campaign
from mapping.ogc.access import campaigns_for, sees_contributions, sees_everything
from mapping.ogc.campaign_kinds import BY_PLACE_TYPE
from mapping.ogc.collections import (
    COLLECTION_KINDS,
    SITE_KINDS,
    AnyCollection,
    Collection,
    CollectionKind,
    Reading,
    SiteCollection,
)
from mapping.services.errors import NotAllowed


def collections_for(request: Request) -> Iterator[AnyCollection]:
    """Every collection visible to the reader: those of the site that have rows, then by campaign."""
    for site_kind in SITE_KINDS:
        if site_kind.source().rows.exists():
            yield SiteCollection(site_kind)
    yield from _collections_of_campaigns(request)


def _collections_of_campaigns(request: Request) -> Iterator[Collection]:
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
        if len(BY_PLACE_TYPE.intersection(kinds)) == 1:  # the same as all contributions with a place
            kinds = [kind for kind in kinds if kind not in BY_PLACE_TYPE]
        yield from (Collection(campaign, kind, is_exact) for kind in kinds)


def possible_kinds(campaign: Campaign, *, is_exact: bool, has_area: bool) -> list[CollectionKind]:
    """The kinds of collections of a campaign that can have items for a reader."""
    reading = Reading(campaign, is_exact, has_area)
    return [kind for kind in COLLECTION_KINDS if kind.is_offered(reading)]


def collection_for(request: Request, collection_id: str) -> AnyCollection:
    """The collection with an id; raises as `campaign_collection_for` does."""
    site_kind = SITE_KINDS.named(collection_id)
    return campaign_collection_for(request, collection_id) if site_kind is None else SiteCollection(site_kind)


def campaign_collection_for(request: Request, collection_id: str) -> Collection:
    """The collection of a campaign with an id; raises Http404 for unknown and invisible ones.

    Raises NotAllowed "publishes_cells" for the contributions of a protected campaign, whose cells are public.
    """
    slug, _dash, name = collection_id.rpartition("-")
    kind = COLLECTION_KINDS.named(name)
    if kind is None:
        raise Http404
    campaign = campaign_for(request, slug)
    is_exact = sees_everything(request, campaign)
    if kind.contents == "contributions" and not sees_contributions(campaign, is_exact=is_exact):
        raise NotAllowed("publishes_cells")
    # An area that is not drawn yet is a collection without items.
    if kind.contents == "rows" and not kind.is_offered(Reading(campaign, is_exact, has_area=True)):
        raise Http404
    return Collection(campaign, kind, is_exact)
