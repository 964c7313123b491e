"""Bodies of another system read into this one: once as new, then brought up to date, known by their ids there.

What was read is public at once, as it is there. Staff may change it here and hide it; reading it again brings titles,
times, agendas and files up to date, and leaves what is hidden hidden.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import AgendaItem, Body, BodyMember, EventDate, EventStatus, Session
from engagement.rules import may_edit_records
from engagement.services.bodies import editing, sessions
from engagement.services.council import papers, parsing
from engagement.services.council.fetching import Source, SourceProblem
from engagement.services.council.parsing import Item, Json, Meeting, Unusable
from engagement.services.council.report import Report
from engagement.services.events import single
from engagement.services.events.changes import change_event, values_of
from mapping.services.errors import DomainError

TASK: Final = "engagement.read_council"
REASON: Final = "Laut Ratsinformationssystem"
"""Why a session was cancelled, as people read it."""
_MOST_PAGES: Final = 50
_PAPERS_READ_FOR: Final = timedelta(days=400)
"""So long after a session: each paper costs two requests, and old ones do not change."""


def reader() -> User | None:
    """The account that reads, while it may edit dates and papers; None without one."""
    user = (
        User.objects.filter(email__iexact=settings.OPARL_READS_AS).first()
        if settings.OPARL_READS_AS
        else None
    )
    return user if may_edit_records(user) else None  # type: ignore[arg-type] # None is nobody


def read_body(actor: User, address: str) -> Report:
    """Read an Organization with its members, meetings, agendas, invitations, minutes and papers.

    Raises SourceProblem where its address cannot be read or is not in OPARL_SOURCES, NotAllowed "not_records_editor".
    """
    if address not in settings.OPARL_SOURCES:
        raise SourceProblem("an address that the operator did not allow")
    source, report = Source(address), Report()
    found = source.read(address)
    if not parsing.is_a(found, "Organization") or not parsing.name_of(found):
        raise SourceProblem("this is no Organization with a name")
    body = _body(actor, address, found)
    _members(actor, source, body, found, report)
    for one in _meetings(source, found):
        try:
            if parsing.is_deleted(one):
                _cancel_deleted(actor, body, one)
            else:
                _session(actor, source, body, parsing.meeting(one, body.name), report)
                report.sessions += 1
        except (Unusable, DomainError) as error:
            report.skip(one, error)
    return report


def _body(actor: User, address: str, found: Json) -> Body:
    since, until = parsing.span(found)
    values: dict[str, object] = {"name": parsing.name_of(found), "since": since, "until": until}
    known = Body.objects.filter(origin=address).first()
    if known is not None:
        return editing.save_body(actor, known, values) if papers.differs(known, values) else known
    with transaction.atomic():
        body = editing.save_body(actor, None, values)
        Body.objects.filter(pk=body.pk).update(origin=address)
        return editing.set_public(actor, body, is_public=True)


def _members(actor: User, source: Source, body: Body, found: Json, report: Report) -> None:
    listed: list[str] = []
    for address in parsing.addresses(found.get("membership"))[: editing.MOST_MEMBERS]:
        try:
            membership = source.read(address)
            if parsing.is_deleted(membership):
                continue
            person = source.read(parsing.address(membership, "person"))
            listed.append(address)
            _member(actor, body, address, membership, person)
        except (SourceProblem, DomainError) as error:
            # Somebody who could not be read today has not left.
            listed.append(address)
            report.skip({"id": address}, error)
    for gone in body.members.exclude(origin="").exclude(origin__in=listed):
        editing.delete_member(actor, gone)


def _member(actor: User, body: Body, address: str, membership: Json, person: Json) -> None:
    since, until = parsing.span(membership)
    role = parsing.text(membership, "role", 120)
    values: dict[str, object] = {
        "name": parsing.name_of_person(person),
        "role": role,
        "since": since,
        "until": until,
    }
    known = body.members.filter(origin=address).first()
    if known is None:
        with transaction.atomic():
            member = editing.save_member(actor, body, None, values)
            BodyMember.objects.filter(pk=member.pk).update(origin=address)
    elif papers.differs(known, values):
        editing.save_member(actor, body, known, values)


def _meetings(source: Source, found: Json) -> Iterator[Json]:
    """The meetings of all pages of the list; what was read before a page fails is kept."""
    address = parsing.address(found, "meeting")
    for _page in range(_MOST_PAGES):
        if not address:
            return
        page = source.read(address)
        yield from parsing.objects(page.get("data"))
        links = page.get("links")
        address = parsing.address(links, "next") if isinstance(links, dict) else ""


def _session(actor: User, source: Source, body: Body, meeting: Meeting, report: Report) -> None:
    known = Session.objects.select_related("event").filter(origin=meeting.origin).first()
    if known is None:
        with transaction.atomic():
            known = sessions.create_session(actor, body, None, meeting.values, meeting.timing)
            Session.objects.filter(pk=known.pk).update(origin=meeting.origin)
            _agenda(actor, known, meeting.agenda)
            if not body.is_draft:
                sessions.publish_session(actor, known)
    else:
        with transaction.atomic():
            _event(actor, known, meeting)
            _agenda(actor, known, meeting.agenda)
    _time(actor, known, meeting)
    for file in meeting.files:
        try:
            papers.store_file(actor, source, known, file)
        except (SourceProblem, DomainError) as error:
            report.skip({"id": file.origin}, error)
    if meeting.end > timezone.now() - _PAPERS_READ_FOR:
        papers.read_papers(actor, source, known, meeting.agenda, report)


def _event(actor: User, session: Session, meeting: Meeting) -> None:
    """Title and place, where they are others."""
    now, there = values_of(session.event), meeting.values
    names = ("title", "place_name", "address", "place")
    changed = {name: getattr(there, name) for name in names if getattr(there, name) != getattr(now, name)}
    if changed:
        values = type(now)(**{**vars(now), **changed})
        session.event = change_event(session.event, actor, values, None)


def _time(actor: User, session: Session, meeting: Meeting) -> None:
    """Times and cancellation of a date that is not over; others stay as they were."""
    date: EventDate | None = session.event.dates.order_by("starts_at").first()
    if date is None or date.ends_at <= timezone.now():
        return
    is_cancelled = date.status == EventStatus.CANCELLED
    if meeting.is_cancelled:
        if not is_cancelled and not session.event.is_draft:
            single.cancel_date(date, actor, REASON)
    elif (date.starts_at, date.ends_at) != (meeting.start, meeting.end):
        single.move_date(date, actor, meeting.timing, "")
    elif is_cancelled:
        single.restore_date(date, actor)


def _agenda(actor: User, session: Session, agenda: tuple[Item, ...]) -> None:
    """Items by their ids there, in the order there; items that were made here stay behind them."""
    known = {one.origin: one for one in session.agenda.exclude(origin="")}
    for item in agenda[: sessions.MOST_ITEMS]:
        stored = known.pop(item.origin, None)
        if stored is None:
            new = sessions.save_item(actor, session, None, item.values)
            AgendaItem.objects.filter(pk=new.pk).update(origin=item.origin)
        elif papers.differs(stored, item.values):
            sessions.save_item(actor, session, stored, item.values)
    for gone in known.values():
        sessions.delete_item(actor, gone)
    _order(session, agenda)


def _order(session: Session, agenda: tuple[Item, ...]) -> None:
    wanted = {item.origin: position for position, item in enumerate(agenda)}
    rows = list(session.agenda.order_by("position", "pk"))
    ordered = sorted(rows, key=lambda one: wanted.get(one.origin, len(wanted)))
    if ordered == rows:
        return
    for position, one in enumerate(ordered):
        one.position = position
    AgendaItem.objects.bulk_update(ordered, ["position"])
    editing.touch(session)


def _cancel_deleted(actor: User, body: Body, found: Json) -> None:
    """A session that is deleted there does not take place: its date is cancelled, for people have it in calendars."""
    session = Session.objects.filter(body=body, origin=parsing.origin_of(found)).first()
    date = None if session is None else session.event.dates.order_by("starts_at").first()
    if date is None or date.ends_at <= timezone.now() or date.status == EventStatus.CANCELLED:
        return
    single.cancel_date(date, actor, REASON)
