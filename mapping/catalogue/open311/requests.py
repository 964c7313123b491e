"""Service requests: published points, read back with what the city replied."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.catalogue.open311.errors import Refused
from mapping.catalogue.open311.rendering import Row
from mapping.catalogue.open311.services import code_of, find_service
from mapping.http.parameters.reading import Parameters
from mapping.models import Contribution, Photo, ReplyStatus
from mapping.models.campaign import PlaceType
from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import Reply

LONGEST_SPAN: Final = timedelta(days=90)
MOST: Final = 1000
"""Requests in one answer."""
DEEPEST: Final = 100_000
"""Requests that pages lead to: beyond it the dates have to be narrowed."""
_MOST_CODES: Final = 100
_FINISHED: Final = (ReplyStatus.DONE, ReplyStatus.NOT_POSSIBLE)
"""Replies after which a request is closed."""


@dataclass(frozen=True)
class Asked:
    """Which requests somebody wants: by id, which overrides all other arguments, or by everything else."""

    ids: tuple[uuid.UUID, ...]
    codes: tuple[str, ...]
    start: datetime
    end: datetime
    statuses: tuple[str, ...]
    page: int
    page_size: int


def read_arguments(parameters: Parameters) -> Asked:
    """Read the query of an address; raises Invalid or Refused."""
    ids = parameters.words("service_request_id")
    codes = parameters.words("service_code")
    first, last = parameters.interval("start_date").start, parameters.interval("end_date").end
    statuses = parameters.choices("status", ("open", "closed")) or ()
    page = parameters.whole_number("page", 1, 1, DEEPEST)
    page_size = parameters.whole_number("page_size", MOST, 1, MOST)
    parameters.done()
    if len(ids) > MOST:
        raise Refused(400, "service_request_id", _("These are too many at once."))
    if len(codes) > _MOST_CODES:
        raise Refused(400, "service_code", _("These are too many at once."))
    if page * page_size > DEEPEST:
        raise Refused(400, "page", _("There are no pages so far down; please narrow the dates."))
    start, end = _span(first, last)
    return Asked(tuple(map(_id, ids)), codes, start, end, statuses, page, page_size)


def find_requests(asked: Asked, photo_base: str) -> list[Row]:
    """The requests, newest first."""
    found = _points()
    if asked.ids:
        return _rows(found.filter(pk__in=asked.ids).newest_first(), photo_base)
    if asked.codes:
        categories = [find_service(code).pk for code in asked.codes]
        found = found.filter(category__in=categories)
    found = found.created_between(asked.start, asked.end)
    if set(asked.statuses) == {"closed"}:
        found = found.replied_with(_FINISHED)
    elif set(asked.statuses) == {"open"}:
        found = found.not_replied_with(_FINISHED)
    before = (asked.page - 1) * asked.page_size
    return _rows(found.newest_first()[before : before + asked.page_size], photo_base)


def find_request(pk: uuid.UUID, photo_base: str) -> list[Row]:
    """One request, in a list as the standard has it; raises Refused."""
    found = _rows(_points().filter(pk=pk), photo_base)
    if not found:
        raise Refused(404, "service_request_id", _("There is no such request, or it is not published."))
    return found


def _points() -> ContributionQuerySet:
    published = Contribution.objects.published().of_place_types((PlaceType.POINT,))
    return published.filter(category__takes_contributions=True)


def _rows(found: ContributionQuerySet, photo_base: str) -> list[Row]:
    photo = Photo.objects.filter(contribution=OuterRef("pk")).order_by("position")
    reply = Reply.objects.filter(contribution=OuterRef("pk")).order_by("-created_at", "-pk")
    rows = found.annotate(
        photo=Subquery(photo.values("pk")[:1]),
        reply_status=Subquery(reply.values("status")[:1]),
        reply_text=Subquery(reply.values("text")[:1]),
        replied_at=Subquery(reply.values("created_at")[:1]),
    ).values(
        "pk",
        "geom",
        "text",
        "created_at",
        "category__slug",
        "category__title",
        "campaign__slug",
        "campaign__organiser",
        "photo",
        "reply_status",
        "reply_text",
        "replied_at",
    )
    return [_request(row, photo_base) for row in rows]


def _request(row: Mapping[str, Any], photo_base: str) -> Row:
    return {
        "service_request_id": str(row["pk"]),
        "status": "closed" if row["reply_status"] in _FINISHED else "open",
        "status_notes": row["reply_text"],
        "service_name": row["category__title"],
        "service_code": code_of(row["campaign__slug"], row["category__slug"]),
        "description": row["text"],
        "agency_responsible": row["campaign__organiser"] or None,
        "service_notice": None,
        "requested_datetime": _w3(row["created_at"]),
        "updated_datetime": _w3(row["replied_at"] or row["created_at"]),
        "expected_datetime": None,
        "address": None,
        "address_id": None,
        "zipcode": None,
        "lat": round(row["geom"].y, 7),
        "long": round(row["geom"].x, 7),
        "media_url": None if row["photo"] is None else f"{photo_base}{row['photo']}.jpg",
    }


def _span(first: datetime | None, last: datetime | None) -> tuple[datetime, datetime]:
    """The dates that are searched: 90 days at most, the last ones unless told otherwise."""
    end = last or (first + LONGEST_SPAN if first is not None else timezone.now() + timedelta(seconds=1))
    start = first or end - LONGEST_SPAN
    if start >= end:
        raise Refused(400, "end_date", _("The interval ends before it begins."))
    # A day is told by both its ends, which the change to winter time makes an hour longer.
    if end - start > LONGEST_SPAN + timedelta(hours=25):
        raise Refused(400, "start_date, end_date", _("The dates may span 90 days at most."))
    return start, end


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused(400, "service_request_id", _("The id must be a UUID.")) from error


def _w3(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")
