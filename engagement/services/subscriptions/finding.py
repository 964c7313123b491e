"""What became public since: found by comparing public rows with the happenings that were noted, never by hooks.

A row counts as new until it is noted, whenever it became public: no clock can lose one, and none is noted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.contrib.gis.geos import GEOSGeometry
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Left

from engagement.models import (
    Document,
    DocumentVersion,
    Event,
    EventDate,
    EventStatus,
    Happening,
    HappeningKind,
    Plan,
    PlanChange,
    Rhythm,
    SubjectKind,
    Subscription,
    Update,
)
from engagement.services.registrations.notices import REMINDED_BEFORE
from mapping.models import Campaign, Contribution, ContributionStatus, ModerationEvent, Reply, Source

RECENT: Final = timedelta(days=30)
"""What was changed or published longer ago is no news, even if nobody noted it: old records of an import, say."""
ANNOUNCED_LATELY: Final = timedelta(days=5)
"""Whoever heard of a date since needs no reminder of it."""
_LENGTH_OF_ID: Final = 36
"""Characters of a UUID, with which keys of dates begin."""
NOBODY: Final = Q(pk__in=())

Row = TypeVar("Row", bound=models.Model)


@dataclass(frozen=True)
class Found:
    """Something new, and the subscriptions that hear of it (a condition on `Subscription`)."""

    kind: HappeningKind
    key: str
    happened_at: datetime
    audience: Q
    contribution: Contribution | None = field(default=None)


def find(at: datetime) -> Iterator[Found]:
    """Everything that is public and was not noted yet; authors' reviews and replies, too."""
    yield from _campaigns(at)
    yield from _outcomes(at)
    yield from _events(at)
    yield from _changed_dates(at)
    yield from _dates_soon(at)
    yield from _updates(at)
    yield from _documents(at)
    yield from _plans(at)
    yield from _contributions(at)
    yield from _replies(at)
    yield from _reviews(at)


def _unknown(rows: QuerySet[Row], kind: HappeningKind) -> QuerySet[Row]:
    """Rows of which no happening of a kind was noted."""
    known = Happening.objects.filter(kind=kind, key=Cast(OuterRef("pk"), TextField()))
    return rows.filter(~Exists(known))


def _of(name: SubjectKind, rows: Iterable[Any]) -> Q:
    """Subscriptions to one of some rows, by their ids."""
    chosen = [one for one in rows if one is not None]
    return Q(**{f"{name}__in": chosen}) if chosen else NOBODY


def _near(place: GEOSGeometry | None, district: int | None = None) -> Q:
    """Subscriptions to the district, and to districts and circles that a place (EPSG:4326) meets."""
    found = _of(SubjectKind.DISTRICT, [district])
    if place is None:
        return found
    within = Q(kind=SubjectKind.CIRCLE, place__dwithin=(place, F("radius_metres")))
    return found | Q(district__geom__intersects=place) | within


def _calendar() -> Q:
    return Q(kind=SubjectKind.CALENDAR)


def _campaigns(at: datetime) -> Iterator[Found]:
    rows = Campaign.objects.visible().filter(Q(closes_at=None) | Q(closes_at__gt=at))
    for campaign in _unknown(rows, HappeningKind.CAMPAIGN):
        audience = _near(campaign.area) | _calendar()
        yield Found(HappeningKind.CAMPAIGN, str(campaign.pk), at, audience)


def _outcomes(at: datetime) -> Iterator[Found]:
    rows = Campaign.objects.visible().closed(at).exclude(outcome="")
    for campaign in _unknown(rows, HappeningKind.OUTCOME):
        audience = Q(campaign=campaign) | Q(category__campaign=campaign) | Q(contribution__campaign=campaign)
        yield Found(HappeningKind.OUTCOME, str(campaign.pk), at, audience)


def _of_event(event: Event) -> Q:
    return _calendar() | _followers_of_event(event) | _near(event.place, event.district_id)


def _followers_of_event(event: Event) -> Q:
    """Subscriptions to its public campaigns and its public body."""
    campaigns = [one.pk for one in event.campaigns.all() if not one.is_draft]
    session = getattr(event, "session", None)
    body = session.body_id if session is not None and not session.body.is_draft else None
    return _of(SubjectKind.CAMPAIGN, campaigns) | _of(SubjectKind.BODY, [body])


_RELATED_TO_EVENTS: Final = ("session__body",)


def _events(at: datetime) -> Iterator[Found]:
    """Events with a date ahead."""
    ahead = EventDate.objects.filter(event=OuterRef("pk"), ends_at__gt=at).taking_place()
    rows = Event.objects.public().filter(Exists(ahead))
    unknown = _unknown(rows, HappeningKind.EVENT).select_related(*_RELATED_TO_EVENTS)
    for event in unknown.prefetch_related("campaigns"):
        yield Found(HappeningKind.EVENT, str(event.pk), at, _of_event(event))


def key_of_start(date: EventDate) -> str:
    """Each start of a date is noted once as soon."""
    return f"{date.pk}@{date.starts_at:%Y%m%dT%H%M%S%z}"


def key_of_change(date: EventDate) -> str:
    """Each change of a date is noted once, also where it is moved or cancelled as it was before."""
    if date.changes:
        return f"{date.pk}@{date.changes}"
    # Changed before changes were counted.
    return key_of_start(date) if date.status == EventStatus.MOVED else str(date.pk)


_CHANGES: Final = (HappeningKind.MOVED, HappeningKind.CANCELLED, HappeningKind.RESTORED)


def _changed_dates(at: datetime) -> Iterator[Found]:
    """Moved, cancelled and restored dates ahead; of an event that was not announced before, nobody needs to hear."""
    is_changed = Q(changes__gt=0) | ~Q(status=EventStatus.PLANNED)
    rows = EventDate.objects.public().filter(is_changed, ends_at__gt=at)
    related = (f"event__{one}" for one in _RELATED_TO_EVENTS)
    dates = list(rows.select_related("event", *related).prefetch_related("event__campaigns"))
    noted = _noted_changes(dates)
    announced = set(
        Happening.objects.filter(
            kind=HappeningKind.EVENT, key__in={str(date.event_id) for date in dates}, happened_at__lt=at
        ).values_list("key", flat=True)
    )
    for date in dates:
        key, before = key_of_change(date), noted.get(str(date.pk), {})
        kind = _kind_of_change(date, [*before.values()][-1] if before else None)
        if kind is not None and not _is_told(kind, before.get(key)):
            audience = _of_event(date.event) if str(date.event_id) in announced else NOBODY
            yield Found(kind, key, at, audience)


def _is_told(kind: HappeningKind, told: str | None) -> bool:
    """Whether what was noted under the number of a change says as much.

    The version before counts no changes: where it cancels a date during an upgrade, the number stays.
    """
    return told == kind or (told == HappeningKind.RESTORED and kind == HappeningKind.MOVED)


def _noted_changes(dates: Iterable[EventDate]) -> dict[str, dict[str, str]]:
    """The kinds of the changes that were noted, by date and key, the oldest first."""
    noted: dict[str, dict[str, str]] = {}
    found = Happening.objects.annotate(date=Left("key", _LENGTH_OF_ID))
    found = found.filter(kind__in=_CHANGES, date__in=[str(one.pk) for one in dates])
    for date, key, kind in found.order_by("pk").values_list("date", "key", "kind"):
        noted.setdefault(date, {})[key] = kind
    return noted


def _kind_of_change(date: EventDate, before: str | None) -> HappeningKind | None:
    """What happened to a date since `before`, the kind that was noted last; None where nobody needs to hear of it."""
    if date.status == EventStatus.CANCELLED:
        return HappeningKind.CANCELLED
    if before == HappeningKind.CANCELLED:
        return HappeningKind.RESTORED
    return HappeningKind.MOVED if date.status == EventStatus.MOVED else None


def _dates_soon(at: datetime) -> Iterator[Found]:
    """Dates of the next two days, for those who follow the campaign or the body of an event.

    A series is announced once, so that its later dates would pass unnoticed. Weekly mails come too late for most.
    """
    soon = EventDate.objects.public().taking_place().filter(starts_at__range=(at, at + REMINDED_BEFORE))
    dates = list(soon.select_related("event__session__body").prefetch_related("event__campaigns"))
    keys = {date.pk: key_of_start(date) for date in dates}
    noted = Happening.objects.filter(kind=HappeningKind.REMINDER, key__in=keys.values())
    known = set(noted.values_list("key", flat=True))
    told = Q(kind=HappeningKind.EVENT, key__in=[str(date.event_id) for date in dates])
    changes = {date.pk: key_of_change(date) for date in dates}
    told |= Q(kind__in=(HappeningKind.MOVED, HappeningKind.RESTORED), key__in=changes.values())
    lately = Happening.objects.filter(told, happened_at__gt=at - ANNOUNCED_LATELY)
    announced = set(lately.values_list("key", flat=True))
    for date in dates:
        if keys[date.pk] in known:
            continue
        is_news = not announced.isdisjoint({str(date.event_id), changes[date.pk]})
        rhythm = Q(rhythm__in=(Rhythm.AT_ONCE, Rhythm.DAILY))
        audience = NOBODY if is_news else rhythm & _followers_of_event(date.event)
        yield Found(HappeningKind.REMINDER, keys[date.pk], at, audience)


def _updates(at: datetime) -> Iterator[Found]:
    rows = Update.objects.public().filter(published_at__gt=at - RECENT)
    for update in _unknown(rows, HappeningKind.UPDATE):
        yield Found(HappeningKind.UPDATE, str(update.pk), at, _of(SubjectKind.CAMPAIGN, [update.campaign_id]))


_RELATED_TO_DOCUMENTS: Final = ("session", "agenda_item__session", "event")


def _of_document(document: Document) -> Q:
    item, event = document.agenda_item, document.event
    bodies = [
        document.body_id,
        document.session.body_id if document.session else None,
        item.session.body_id if item else None,
    ]
    campaigns = [document.campaign_id]
    if event is not None:
        campaigns += event.campaigns.filter(is_draft=False).values_list("pk", flat=True)
    return (
        _of(SubjectKind.BODY, bodies)
        | _of(SubjectKind.CAMPAIGN, campaigns)
        | _of(SubjectKind.PLAN, [document.plan_id])
    )


def _documents(at: datetime) -> Iterator[Found]:
    rows = Document.objects.public().filter(changed_at__gt=at - RECENT).select_related(*_RELATED_TO_DOCUMENTS)
    for document in _unknown(rows, HappeningKind.DOCUMENT):
        yield Found(HappeningKind.DOCUMENT, str(document.pk), at, _of_document(document))
    related = [f"document__{one}" for one in _RELATED_TO_DOCUMENTS]
    versions = DocumentVersion.objects.filter(
        document__in=Document.objects.public(), number__gt=1, created_at__gt=at - RECENT
    ).select_related("document", *related)
    for version in _unknown(versions, HappeningKind.VERSION):
        yield Found(HappeningKind.VERSION, str(version.pk), at, _of_document(version.document))


def _plans(at: datetime) -> Iterator[Found]:
    rows = Plan.objects.public().filter(changed_at__gt=at - RECENT)
    for plan in _unknown(rows, HappeningKind.PLAN):
        audience = _near(plan.place, plan.district_id) | _of(SubjectKind.CAMPAIGN, [plan.campaign_id])
        yield Found(HappeningKind.PLAN, str(plan.pk), at, audience)
    changes = PlanChange.objects.filter(plan__in=Plan.objects.public(), changed_at__gt=at - RECENT)
    for change in _unknown(changes.select_related("plan"), HappeningKind.PLAN_CHANGE):
        plan = change.plan
        audience = _of(SubjectKind.PLAN, [plan.pk]) | _of(SubjectKind.CAMPAIGN, [plan.campaign_id])
        yield Found(HappeningKind.PLAN_CHANGE, str(change.pk), change.changed_at, audience)


def _contributions(at: datetime) -> Iterator[Found]:
    """New contributions of people, where anybody listens: whole imports are no news."""
    listening = Subscription.objects.confirmed()
    places = (SubjectKind.DISTRICT, SubjectKind.CIRCLE)
    rows = Contribution.objects.published().filter(created_at__gt=at - RECENT, source=Source.ONLINE)
    if not listening.filter(kind__in=places).exists():
        rows = rows.filter(category__in=listening.filter(kind=SubjectKind.CATEGORY).values("category"))
    for contribution in _unknown(rows, HappeningKind.CONTRIBUTION):
        audience = _of(SubjectKind.CATEGORY, [contribution.category_id]) | _near(contribution.geom)
        yield Found(HappeningKind.CONTRIBUTION, str(contribution.pk), at, audience, contribution)


def _replies(at: datetime) -> Iterator[Found]:
    """Public ones, and those to contributions whose authors want to hear of them."""
    written = Subscription.objects.confirmed().filter(is_author=True).values("contribution")
    rows = Reply.objects.filter(
        Q(pk__in=Reply.objects.published().order_by().values("pk")) | Q(contribution__in=written),
        created_at__gt=at - RECENT,
    ).select_related("contribution__campaign")
    for reply in _unknown(rows, HappeningKind.REPLY):
        contribution = reply.contribution
        audience = _of(SubjectKind.CONTRIBUTION, [contribution.pk])
        if contribution.status == ContributionStatus.PUBLISHED and contribution.campaign.publishes_points:
            audience |= _of(SubjectKind.CATEGORY, [contribution.category_id]) | _near(contribution.geom)
            audience |= _of(SubjectKind.CAMPAIGN, [contribution.campaign_id])
        yield Found(HappeningKind.REPLY, str(reply.pk), reply.created_at, audience, contribution)


def _reviews(at: datetime) -> Iterator[Found]:
    """Decisions about contributions whose authors want to hear of them."""
    written = Subscription.objects.confirmed().filter(is_author=True).values("contribution")
    decided = (ContributionStatus.PUBLISHED, ContributionStatus.REJECTED)
    rows = (
        ModerationEvent.objects.standing()
        .filter(contribution__in=written, created_at__gt=at - RECENT, to_status__in=decided)
        .exclude(from_status=F("to_status"))
        .select_related("contribution")
    )
    for event in _unknown(rows, HappeningKind.REVIEW):
        audience = Q(contribution=event.contribution, is_author=True)
        yield Found(HappeningKind.REVIEW, str(event.pk), event.created_at, audience, event.contribution)
