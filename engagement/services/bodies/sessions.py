"""Sessions of a body, each with its event in the calendar, and their agendas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import AgendaItem, Body, Document, Session
from engagement.services.bodies.editing import locked, move, next_position, require_editor, touch
from engagement.services.checked import checked_texts
from engagement.services.events.changes import create_event, delete_draft, publish_event
from engagement.services.events.values import EventValues, Timing
from engagement.services.removed import note_consultations_removed, note_removed, with_files
from mapping.services.campaigns import validate
from mapping.services.errors import Conflict, Invalid, invalid

LONGEST: Final[Mapping[str, int]] = {"number": 20, "title": 300, "text": 5_000, "result": 5_000}
"""Characters of each text of an agenda item."""
MOST_ITEMS: Final = 100
MOST_NUMBER: Final = 9_999


def create_session(
    actor: User, body: Body, number: int | None, values: EventValues, timing: Timing
) -> Session:
    """Make a session and its event, both drafts.

    Raises NotAllowed (not_records_editor, not_event_editor), Conflict "gone", Invalid on "number"
    (session_number_range, session_number_taken) and as `services.events.changes.create_event`.
    """
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Body.objects.all(), body)
        problems = _problems_of_number(owner, number, None)
        try:
            event = create_event(actor, values, timing)
        except Invalid as error:
            raise Invalid(problems.fields | error.fields if problems else error.fields) from None
        if problems:
            raise problems
        return Session.objects.create(body=owner, event=event, number=number)


def set_number(actor: User, session: Session, number: int | None) -> Session:
    """Change the number of a session; date and place are those of its event. Raises as `create_session`."""
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Body.objects.all(), session.body)
        stored = locked(Session.objects.all(), session)
        if problems := _problems_of_number(owner, number, stored):
            raise problems
        stored.number = number
        stored.changed_at = timezone.now()
        stored.save(update_fields=["number", "changed_at"])
    return stored


def publish_session(actor: User, session: Session) -> None:
    """Put the session's date into the calendar, with its agenda and its documents that are no drafts.

    Raises NotAllowed, Conflict (gone, body_is_draft), Invalid as `services.events.changes.publish_event`.
    """
    require_editor(actor)
    with transaction.atomic():
        stored = locked(Session.objects.select_related("body", "event"), session)
        if stored.body.is_draft:
            raise Conflict("body_is_draft")
        publish_event(stored.event, actor)
        touch(stored)


def delete_session(actor: User, session: Session) -> None:
    """Delete a session with its agenda and its event, both drafts; its documents stay with the body.

    Raises NotAllowed "not_records_editor", Conflict (gone, session_public_event).
    """
    require_editor(actor)
    with transaction.atomic():
        stored = locked(Session.objects.select_related("event", "body"), session)
        if not stored.event.is_draft:
            raise Conflict("session_public_event")
        for document in stored.documents.select_for_update(of=("self",)):
            document.body, document.changed_at = stored.body, timezone.now()
            document.save(update_fields=["body", "changed_at"])
        event = stored.event
        stored.delete()
        delete_draft(event, actor)


def save_item(
    actor: User, session: Session, item: AgendaItem | None, values: Mapping[str, object]
) -> AgendaItem:
    """Store an agenda item (texts of `LONGEST`, is_public, campaign), a new one as the last.

    Raises NotAllowed "not_records_editor", Conflict (gone, too_many_items), Invalid by the names of the values.
    """
    require_editor(actor)
    cleaned = checked_texts(values, LONGEST, needed={"title"}, multiline={"text", "result"})
    with transaction.atomic():
        owner = locked(Session.objects.all(), session)
        if item is None:
            if owner.agenda.count() >= MOST_ITEMS:
                raise Conflict("too_many_items", max=MOST_ITEMS)
            stored = AgendaItem(session=owner, position=next_position(owner.agenda.all()))
        else:
            stored = locked(AgendaItem.objects.filter(session=owner), item)
        was_public = item is not None and stored.is_public
        for name, value in cleaned.items():
            setattr(stored, name, value)
        if was_public and not stored.is_public and Session.objects.public().filter(pk=owner.pk).exists():
            note_removed([stored, *with_files(Document.objects.filter(agenda_item=stored))])
        stored.changed_at = timezone.now()
        validate(stored)
        stored.save()
        if stored.is_public or was_public:
            touch(owner)  # what is embedded in it; a hidden item leaves no trace
    return stored


def move_item(actor: User, item: AgendaItem, step: int) -> None:
    """Move an agenda item up (-1) or down (1). Raises NotAllowed "not_records_editor", Conflict "gone"."""
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Session.objects.all(), item.session)
        move(list(owner.agenda.order_by("position", "pk")), item, step)
        if item.is_public:
            touch(owner)


def delete_item(actor: User, item: AgendaItem) -> None:
    """Delete an agenda item; its documents stay with the session. Raises NotAllowed, Conflict "gone"."""
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Session.objects.select_related("event", "body"), item.session)
        stored = locked(AgendaItem.objects.filter(session=owner), item)
        if stored.is_public and not owner.event.is_draft and not owner.body.is_draft:
            note_removed([stored])
            note_consultations_removed(stored.documents.public())
        for document in stored.documents.select_for_update(of=("self",)):
            document.session, document.changed_at = owner, timezone.now()
            document.is_draft = document.is_draft or not stored.is_public
            document.save(update_fields=["session", "changed_at", "is_draft"])
        stored.delete()
        if stored.is_public:
            touch(owner)


def _problems_of_number(body: Body, number: int | None, session: Session | None) -> Invalid | None:
    if number is None:
        return None
    if not 1 <= number <= MOST_NUMBER:
        return invalid("number", "session_number_range", max=MOST_NUMBER)
    others = body.sessions.filter(number=number)
    if (others if session is None else others.exclude(pk=session.pk)).exists():
        return invalid("number", "session_number_taken")
    return None
