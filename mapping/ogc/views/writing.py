"""Creation, replacement and deletion of items (OGC API Features Part 4, 20-002r1, sections 6 to 8)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated, UnsupportedMediaType
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from mapping import rules
from mapping.exports.selection import Selection
from mapping.exports.sources import Source, contributions_source, districts_source
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.http.access import user_of
from mapping.http.messages import sentence
from mapping.http.parameters.reading import Parameters
from mapping.http.parsers import MergePatchParser, StrictGeoJSONParser, StrictJSONParser
from mapping.http.problems import PreconditionFailed
from mapping.imports import districts
from mapping.models import Campaign, Contribution, District, DistrictLayer, LinkHolder
from mapping.ogc.campaign_kinds import DISTRICTS
from mapping.ogc.collections import COLLECTION_KINDS, Collection, SiteCollection
from mapping.ogc.crs import CRS84
from mapping.ogc.features import read_item, read_version
from mapping.ogc.lookup import collection_for
from mapping.ogc.writing import (
    WRITABLE,
    Sent,
    content_crs,
    district_of,
    is_current,
    is_receivable,
    merged,
    named_flat,
    sent_feature,
    submission_of,
)
from mapping.services import city
from mapping.services.checking.gates import require_role
from mapping.services.city import Precondition
from mapping.services.errors import NotAllowed, invalid

if TYPE_CHECKING:
    from mapping.ogc.views.base import OgcView
else:
    OgcView = object


class _Writing(OgcView):
    """Base class of creating and changing items."""

    @property
    def allowed_methods(self) -> list[str]:
        """The methods of this collection: QGIS reads them by OPTIONS before it offers editing."""
        methods: list[str] = super().allowed_methods
        kind = COLLECTION_KINDS.named(self.kwargs.get("collection_id", "").rpartition("-")[2])
        return methods if kind in WRITABLE else [one for one in methods if one in SAFE_METHODS]

    def options(  # type: ignore[override] # the stubs know Django's own requests only
        self, request: Request, collection_id: str, **_item: str
    ) -> Response:
        """Return the allowed methods of collections visible to the reader."""
        collection_for(request, collection_id)
        return super().options(request)

    def writer(self, request: Request) -> User:
        """The writing user, authenticated by a token; never by a session or a private link."""
        user = user_of(request)
        if isinstance(user, LinkHolder):
            raise NotAllowed("link_reads_only")
        if not isinstance(user, User):
            raise NotAuthenticated
        return user

    def collection_to_write(self, request: Request, collection_id: str, actor: User) -> Collection:
        """The collection to write to; raises MethodNotAllowed for computed ones and those of the administration."""
        Parameters(request.query_params, ()).done()
        collection = collection_for(request, collection_id)
        if isinstance(collection, SiteCollection) or collection.kind not in WRITABLE:
            raise MethodNotAllowed(request.method or "")
        if collection.holds_contributions:
            # Before anything else: users who may not write must not learn about data that are not public.
            require_role(rules.may_write_features, actor, collection.campaign, "not_manager")
        return collection


class WritesItems(_Writing):
    """POST to a collection."""

    def post(self, request: Request, collection_id: str) -> HttpResponseBase:
        """Store one Feature; 201 with its address."""
        actor = self.writer(request)
        collection = self.collection_to_write(request, collection_id, actor)
        sent = _sent(request)
        if collection.kind is DISTRICTS:
            layer = layer_of(collection.campaign)
            fields = districts_source(collection.campaign).fields
            identifier = districts.add(layer, district_of(sent, fields), actor=actor).code
        else:
            fields = _source(collection).fields
            with named_flat(fields):
                submission = submission_of(sent, collection, fields)
                identifier = str(city.put_up(collection.campaign, submission, actor=actor).pk)
        answer = _empty(201)
        answer["Location"] = self.addresses.collection(collection.id, "items", identifier)
        return answer


class WritesItem(_Writing):
    """PUT, PATCH and DELETE of one item."""

    parser_classes = (StrictJSONParser, StrictGeoJSONParser, MergePatchParser)

    def put(self, request: Request, collection_id: str, feature_id: str) -> HttpResponseBase:
        """Replace the item; with If-Match only if it is unchanged since the sender read it, with If-None-Match not."""
        actor = self.writer(request)
        collection = self.collection_to_write(request, collection_id, actor)
        if _media_type(request) == MergePatchParser.media_type:
            raise UnsupportedMediaType(MergePatchParser.media_type)
        precondition = _precondition(request, _source(collection), feature_id)
        _replace(collection, feature_id, lambda: _sent(request), actor, precondition)
        return _empty(204)

    def patch(self, request: Request, collection_id: str, feature_id: str) -> HttpResponseBase:
        """Change an item by JSON Merge Patch (RFC 7396): the result is validated as a replacement is.

        A concurrent change between reading and storing results in 412, with or without If-Match.
        """
        actor = self.writer(request)
        collection = self.collection_to_write(request, collection_id, actor)
        if _media_type(request) != MergePatchParser.media_type:
            raise UnsupportedMediaType(_media_type(request))
        source = _source(collection)
        seen = version_of(source, feature_id)
        asked = _precondition(request, source, feature_id)

        def precondition() -> None:
            asked()
            if version_of(source, feature_id) != seen:
                raise PreconditionFailed(sentence("changed_meanwhile", {}))

        _replace(collection, feature_id, lambda: _patched(request, source, feature_id), actor, precondition)
        return _empty(204)

    def delete(self, request: Request, collection_id: str, feature_id: str) -> HttpResponseBase:
        """Delete the item; with If-Match only if it is unchanged since the sender read it."""
        actor = self.writer(request)
        collection = self.collection_to_write(request, collection_id, actor)
        precondition = _precondition(request, _source(collection), feature_id)
        if collection.kind is DISTRICTS:
            districts.remove(
                _district(collection.campaign, feature_id), actor=actor, precondition=precondition
            )
        else:
            city.take_away(_contribution(collection, feature_id), actor=actor, precondition=precondition)
        return _empty(204)


def layer_of(campaign: Campaign) -> DistrictLayer:
    """The district layer of a campaign; `collection_for` has checked that it exists."""
    layer = campaign.district_layer
    if layer is None:
        raise Http404
    return layer


def version_of(source: Source, feature_id: str) -> str:
    """The version of an item for its entity tag; empty for an unknown item."""
    return read_version(source, feature_id, [one for one in source.fields if is_receivable(one)]) or ""


def _sent(request: Request) -> Sent:
    return sent_feature(request.data, content_crs(request.headers.get("Content-Crs")))


def _patched(request: Request, source: Source, feature_id: str) -> Sent:
    """The patched item. An unchanged place is in the storage CRS, a changed one in the CRS of the patch."""
    patch = request.data
    if not isinstance(patch, dict):
        raise invalid("body", "wrong_type")
    crs = content_crs(request.headers.get("Content-Crs"))
    if "geometry" not in patch:
        crs = CRS84
    stored = read_item(source, feature_id, crs)
    if stored is None:
        raise Http404
    feature = merged(json.loads(stored), patch)
    if isinstance(feature, dict):
        # A removed place is null, as in a Feature without geometry.
        feature.setdefault("geometry", None)
    return sent_feature(feature, crs)


def _replace(
    collection: Collection, feature_id: str, sent: Callable[[], Sent], actor: User, precondition: Precondition
) -> None:
    """Replace an item by the Feature sent; raises as the services do."""
    source = _source(collection)
    if collection.kind is DISTRICTS:
        district = _district(collection.campaign, feature_id)
        new = district_of(sent(), source.fields, district.code)
        districts.replace(district, new, actor=actor, precondition=precondition)
        return
    stored = _contribution(collection, feature_id)
    with named_flat(source.fields):
        submission = submission_of(sent(), collection, source.fields)
        city.replace(stored, submission, actor=actor, precondition=precondition)


def _media_type(request: Request) -> str:
    return str(request.content_type or "").partition(";")[0].strip().lower()


def _source(collection: Collection) -> Source:
    """All rows that can be written; permission is checked by the services."""
    if collection.kind is DISTRICTS:
        return districts_source(collection.campaign)
    return contributions_source(Selection(collection.campaign, ContributionFilter(STATUSES)), "")


def _precondition(request: Request, source: Source, feature_id: str) -> Callable[[], None]:
    wanted, unwanted = request.headers.get("If-Match"), request.headers.get("If-None-Match")

    def check() -> None:
        if wanted is None and unwanted is None:
            return
        version = version_of(source, feature_id) or None
        if not is_current(wanted, version) or (unwanted is not None and is_current(unwanted, version)):
            raise PreconditionFailed(sentence("changed_meanwhile", {}))

    return check


def _contribution(collection: Collection, feature_id: str) -> Contribution:
    found = Contribution.objects.filter(campaign=collection.campaign)
    if collection.place_type is not None:
        found = found.of_place_types([collection.place_type])
    try:
        contribution = found.filter(pk=feature_id).select_related("campaign", "category").first()
    except ValidationError:  # not an id of this kind
        contribution = None
    if contribution is None:
        raise Http404
    return contribution


def _district(campaign: Campaign, feature_id: str) -> District:
    # PostgreSQL cannot even compare NUL.
    code = feature_id.replace("\0", "\ufffd")
    found: District | None = layer_of(campaign).districts.filter(code=code).select_related("layer").first()
    if found is None:
        raise Http404
    return found


def _empty(status: int, **headers: Any) -> HttpResponse:
    answer = HttpResponse(status=status, headers=headers)
    del answer["Content-Type"]
    return answer
