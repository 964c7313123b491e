"""Events made, changed, published, cancelled, copied; drafts deleted."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from engagement import rules
from engagement.models import Event, EventKind, RegistrationState
from engagement.services.districts import district_at
from engagement.services.events import dates
from engagement.services.events.values import EventValues, Span, Timing, clean_line
from engagement.services.registrations import waiting
from engagement.services.removed import note_place_removed
from mapping.geo.text import address_from_title
from mapping.services.errors import Conflict, Invalid, NotAllowed, Problem, invalid
from mapping.services.photos.attachments import delete_files

LONGEST_SLUG: Final = 80
_PLACE: Final = ("place", "place_name", "address")
_UNTITLED: Final = "event"
_RESERVED: Final = frozenset({"new", "campaigns"})
"""Names that planners' addresses have for other things."""
_KEY_OF_ADDRESSES: Final = 0x67656F0B
"""Lock of PostgreSQL, so that two new events never choose the same address."""


def create_event(actor: User, values: EventValues, timing: Timing) -> Event:
    """Make a draft with its dates.

    Raises NotAllowed "not_event_editor", Invalid by the names of fields as `EventValues.columns` and `Timing.spans`.
    """
    _require_campaigns(actor, values)
    columns, spans = _checked(values, timing)
    with transaction.atomic():
        event = Event.objects.create(
            slug=free_slug(values.title),
            created_by=actor,
            district=district_at(values.place, values.campaigns),
            **columns,
            **_of_timing(timing),
        )
        event.campaigns.set(values.campaigns)
        dates.write(event, spans)
    return event


def change_event(
    event: Event,
    actor: User,
    values: EventValues,
    timing: Timing | None,
    *,
    reason: str = "",
    expected: str = "",
) -> Event:
    """Store new values; without `timing` the dates stay as they are.

    Dates in the past stay, and those that were moved or cancelled by hand. A public date that begins at another time is
    moved, one that the rule lost is cancelled, both for `reason`. `expected` is the `version_of` what was edited.
    Raises as `create_event`, and Conflict "step_changed" (params: version, the one there is).
    """
    _require_campaigns(actor, values)
    columns, spans = _checked(values, timing)
    words = clean_line("reason", reason)
    with transaction.atomic():
        stored = locked(event, actor)
        if expected and version_of(stored) != expected:
            raise Conflict("step_changed", version=version_of(stored))
        if not any(columns[name] for name in _PLACE):
            note_place_removed(stored)
        for name, value in columns.items():
            setattr(stored, name, value)
        stored.district = district_at(stored.place, values.campaigns)
        if timing is not None:
            for name, value in _of_timing(timing).items():
                setattr(stored, name, value)
            dates.rewrite(stored, spans, reason=words, at=timezone.now())
        stored.campaigns.set(values.campaigns)
        if not stored.is_draft:
            _require_publishable(stored)
        touch(stored)
        stored.save()
        # There may be more places than before.
        for date in stored.dates.filter(registrations__state=RegistrationState.WAITING).distinct():
            waiting.move_up(waiting.lock_date(date))
    return stored


def publish_event(event: Event, actor: User) -> Event:
    """Make a draft public; a public one stays as it is.

    Raises NotAllowed "not_event_editor", Invalid on "place_name" (place_needed) and "online_link" (link_needed).
    """
    with transaction.atomic():
        stored = locked(event, actor)
        if stored.is_draft:
            _require_publishable(stored)
            stored.is_draft = False
            stored.changed_at = timezone.now()
            stored.save(update_fields=["is_draft", "changed_at"])
    return stored


def cancel_event(event: Event, actor: User, reason: str) -> Event:
    """Cancel all dates of a public event that are not over.

    Raises NotAllowed "not_event_editor", Invalid on "reason" (required, too_long), Conflict "event_is_draft".
    """
    words = clean_line("reason", reason, is_required=True)
    with transaction.atomic():
        stored = locked(event, actor)
        if stored.is_draft:
            raise Conflict("event_is_draft")
        dates.cancel_all(stored, words, timezone.now())
        touch(stored)
        stored.save(update_fields=["sequence", "changed_at"])
    return stored


def delete_draft(event: Event, actor: User) -> None:
    """Delete a draft. Raises NotAllowed "not_event_editor", Conflict "event_is_public": people have it in calendars."""
    with transaction.atomic():
        stored = locked(event, actor)
        if not stored.is_draft:
            raise Conflict("event_is_public")
        files = [name for name in stored.dates.values_list("images__file", flat=True) if name]
        stored.delete()
        transaction.on_commit(lambda: delete_files(files), robust=True)


def values_of(event: Event) -> EventValues:
    """An event as the values that make it."""
    columns = {name: getattr(event, name) for name in EventValues.__dataclass_fields__ if name != "campaigns"}
    return EventValues(**columns, campaigns=list(event.campaigns.order_by("title", "pk")))


def version_of(event: Event) -> str:
    """A mark of the event as it is stored: another one after each change."""
    return event.changed_at.isoformat()


def locked(event: Event, actor: User) -> Event:
    """The event, locked until the end of the transaction.

    Raises NotAllowed "not_event_editor", Conflict "gone" where it was deleted meanwhile.
    """
    stored = Event.objects.select_for_update(of=("self",)).filter(pk=event.pk).first()
    if stored is None:
        raise Conflict("gone")
    if not rules.may_edit_event(actor, stored):
        raise NotAllowed("not_event_editor")
    return stored


def touch(event: Event, at: datetime | None = None) -> None:
    """Note a change; of a public event its SEQUENCE rises (RFC 5545, section 3.8.7.4). The caller saves it."""
    event.changed_at = at or timezone.now()
    if not event.is_draft:
        event.sequence += 1


def free_slug(title: str) -> str:
    """An address from a title that no event has: with -2, -3 and so on behind it where needed.

    Locked until the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_KEY_OF_ADDRESSES])
    name = address_from_title(title, max_length=LONGEST_SLUG) or _UNTITLED
    taken = set(
        Event.objects.filter(slug__startswith=name[: LONGEST_SLUG - 6]).values_list("slug", flat=True)
    )
    found, number = name, 2
    while found in taken or found in _RESERVED:
        end = f"-{number}"
        found, number = name[: LONGEST_SLUG - len(end)].rstrip("-") + end, number + 1
    return found


def _require_campaigns(actor: User, values: EventValues) -> None:
    """Managers of campaigns make events of theirs only."""
    if rules.may_edit_records(actor):
        return
    if not values.campaigns or not all(rules.may_edit_of_campaign(actor, one) for one in values.campaigns):
        raise NotAllowed("not_event_editor")


def _checked(values: EventValues, timing: Timing | None) -> tuple[dict[str, object], list[Span]]:
    """Columns and dates; raises Invalid with the problems of both."""
    problems: dict[str, list[Problem]] = {}
    columns: dict[str, object] = {}
    spans: list[Span] = []
    try:
        columns = values.columns()
    except Invalid as error:
        problems |= error.fields
    try:
        spans = timing.spans() if timing is not None else []
    except Invalid as error:
        problems |= error.fields
    if problems:
        raise Invalid(problems)
    return columns, spans


def _of_timing(timing: Timing) -> dict[str, object]:
    return {"time_zone": timing.time_zone, "is_all_day": timing.is_all_day, "rule": timing.rule}


def _require_publishable(event: Event) -> None:
    """People must learn where they take part."""
    if event.has_place and not event.place_name and not event.address:
        raise invalid("place_name", "place_needed")
    has_way = event.online_link or event.registration_hint or event.takes_registrations
    if event.kind != EventKind.ON_SITE and not has_way:
        raise invalid("online_link", "link_needed")
