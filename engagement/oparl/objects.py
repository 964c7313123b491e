"""How public rows are written as OParl's objects; `rows` has them with everything that is needed here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from engagement.models import AgendaItem, Body, BodyMember, Document, DocumentKind, EventStatus, Session
from engagement.oparl.files import files_of
from engagement.oparl.rows import has_place
from engagement.oparl.values import (
    THE_CITY,
    Json,
    day,
    filled,
    geojson,
    id_of,
    moment,
    site_address,
    written,
)

_BODY: Final = "body"
_OF_MEETINGS: Final = {DocumentKind.INVITATION: "invitation", DocumentKind.MINUTES: "resultsProtocol"}


def organization(row: Body) -> Json:
    """A body."""
    return _of_row(
        "organization",
        "Organization",
        row,
        body=id_of(_BODY, THE_CITY),
        name=row.name,
        organizationType="Gremium",
        startDate=day(row.since),
        endDate=day(row.until),
        membership=[id_of("membership", one.pk) for one in row.members.all()],
        meeting=site_address("oparl:meetings-of", row.pk),
        web=site_address("body", row.slug),
    )


def person(row: BodyMember) -> Json:
    """A member as a person: nobody knows whether two members of the same name are one person."""
    return _of_row(
        "person", "Person", row, body=id_of(_BODY, THE_CITY), name=row.name, membership=[_membership(row)]
    )


def membership(row: BodyMember) -> Json:
    """A membership by itself, with its person."""
    return _membership(row) | {"person": id_of("person", row.pk)}


def meeting(row: Any) -> Json:
    """A session with its agenda and its files."""
    session: Session = row
    event = session.event
    dates = list(event.dates.all())
    date = next((one for one in dates if one.status != EventStatus.CANCELLED), dates[0] if dates else None)
    files: dict[str, Any] = {"auxiliaryFile": []}
    for document in row.public_documents:
        name = _OF_MEETINGS.get(document.kind, "auxiliaryFile")
        found = files_of(document)
        if name in files or not found:
            files["auxiliaryFile"] += found
        else:
            files[name] = found[0]
            files["auxiliaryFile"] += found[1:]
    agenda = [_agenda_item(one) for one in row.public_agenda]
    return _of_row(
        "meeting",
        "Meeting",
        row,
        name=event.title,
        meetingState=_state(files, has_agenda=bool(agenda)),
        cancelled=date is not None and date.status == EventStatus.CANCELLED,
        start="" if date is None else moment(date.starts_at),
        end="" if date is None else moment(date.ends_at),
        location=_place(event, _modified_of_place(session)) if has_place(event) else None,
        organization=[id_of("organization", session.body_id)],
        agendaItem=agenda,
        web=site_address("event", event.slug),
        **files,
    )


def agenda_item(row: Any) -> Json:
    """An item of an agenda by itself, with its meeting."""
    return _agenda_item(row) | {"meeting": id_of("meeting", row.session_id)}


def paper(row: Any) -> Json:
    """A document: its newest version is the main file, the others are beside it."""
    document: Document = row
    files = files_of(document)
    item, plan = document.agenda_item, document.plan
    session = document.session or (item.session if item is not None else None)
    body = document.body_id or (session.body_id if session is not None else None)
    return _of_row(
        "paper",
        "Paper",
        row,
        body=id_of(_BODY, THE_CITY),
        name=document.title,
        reference=document.reference,
        date=day(document.dated),
        paperType=document.get_kind_display(),
        keyword=[document.get_topic_display()],
        mainFile=files[0] if files else None,
        auxiliaryFile=files[1:],
        underDirectionOf=[] if body is None else [id_of("organization", body)],
        consultation=[] if item is None else [_consultation(row)],
        location=[] if plan is None or plan.place is None else [_place(plan, plan.changed_at)],
        web=site_address("document", document.pk),
    )


def consultation(row: Any) -> Json:
    """That a document is discussed under an item of an agenda, by itself."""
    return _consultation(row) | {"paper": id_of("paper", row.pk)}


def place_of_meeting(row: Any) -> Json:
    """Where a session is, by itself."""
    return _place(row, row.modified) | {"meetings": [id_of("meeting", row.session.pk)]}


def place_of_plan(row: Any) -> Json:
    """Where a plan is, by itself, with the documents about it."""
    papers = [id_of("paper", one.pk) for one in row.public_documents]
    return _place(row, row.modified) | filled({"papers": papers})


def _membership(row: BodyMember) -> Json:
    return _of_row(
        "membership",
        "Membership",
        row,
        organization=id_of("organization", row.body_id),
        role=row.role,
        startDate=day(row.since),
        endDate=day(row.until),
    )


def _agenda_item(row: Any) -> Json:
    item: AgendaItem = row
    documents = row.public_documents
    return _of_row(
        "agendaitem",
        "AgendaItem",
        row,
        order=row.rank,
        number=item.number,
        name=item.title,
        public=True,
        resolutionText=item.result,
        consultation=id_of("consultation", documents[0].pk) if documents else "",
        auxiliaryFile=[file for one in documents for file in files_of(one)],
    )


def _consultation(row: Any) -> Json:
    session = row.agenda_item.session
    return _of_row(
        "consultation",
        "Consultation",
        row,
        agendaItem=id_of("agendaitem", row.agenda_item_id),
        meeting=id_of("meeting", session.pk),
        organization=[id_of("organization", session.body_id)],
    )


def _modified_of_place(session: Session) -> datetime:
    """As `rows.places_of_meetings` has it: the place becomes public with the session and its body."""
    return max(session.event.changed_at, session.changed_at, session.body.changed_at)


def _place(row: Any, modified: datetime) -> Json:
    return written(
        "location",
        "Location",
        row.pk,
        row.created_at,
        modified,
        description=row.place_name,
        streetAddress=getattr(row, "address", ""),
        geojson=geojson(row.place),
    )


def _state(files: dict[str, Any], *, has_agenda: bool) -> str:
    """The words that the standard recommends."""
    if "resultsProtocol" in files:
        return "durchgeführt"
    return "eingeladen" if has_agenda or "invitation" in files else "terminiert"


def _of_row(noun: str, kind: str, row: Any, **values: object) -> Json:
    return written(noun, kind, row.pk, row.created, row.modified, **values)
