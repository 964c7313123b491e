"""Who has a place at a date, and who waits for one."""

from __future__ import annotations

from django.db.models import Sum
from django.utils import timezone

from engagement.models import EventDate, EventStatus, Registration, RegistrationState
from engagement.services.registrations import notices


def free_places(date: EventDate) -> int | None:
    """Places that nobody has; None where their number is not limited."""
    most = date.event.registration_places
    if most is None:
        return None
    taken = date.registrations.filter(state=RegistrationState.REGISTERED).aggregate(sum=Sum("people"))["sum"]
    return max(0, most - (taken or 0))


def has_queue(date: EventDate) -> bool:
    """Whether somebody waits for a place."""
    return date.registrations.filter(state=RegistrationState.WAITING).exists()


def next_state(date: EventDate, people: int) -> RegistrationState:
    """What a new registration gets: nobody passes those who wait already."""
    free = free_places(date)
    if free is None or (free >= people and not has_queue(date)):
        return RegistrationState.REGISTERED
    return RegistrationState.WAITING


def move_up(date: EventDate) -> list[Registration]:
    """Hand free places to those who wait, in the order in which they came; they get a letter.

    Who needs more places than there are is not passed over. A date that is over or cancelled has none to hand out.
    Callers must hold the lock of `lock_date`.
    """
    if date.status == EventStatus.CANCELLED or date.ends_at <= timezone.now():
        return []
    moved = []
    free = free_places(date)
    queue = date.registrations.filter(state=RegistrationState.WAITING).order_by("created_at", "pk")
    for one in queue:
        if free is not None and one.people > free:
            break
        one.state = RegistrationState.REGISTERED
        one.save(update_fields=["state"])
        moved.append(one)
        free = None if free is None else free - one.people
    notices.moved_up(moved)
    return moved


def position_of(registration: Registration) -> int:
    """Where somebody stands on the waiting list, from 1."""
    waiting = Registration.objects.filter(date=registration.date_id, state=RegistrationState.WAITING)
    earlier = waiting.filter(created_at__lt=registration.created_at) | waiting.filter(
        created_at=registration.created_at, pk__lt=registration.pk
    )
    return earlier.count() + 1


def lock_date(date: EventDate) -> EventDate:
    """The date with its event, locked until the end of the transaction: places are handed out one after the other."""
    return (
        EventDate.objects.select_for_update(of=("self",), no_key=True).select_related("event").get(pk=date.pk)
    )
