"""The working group with its eleven sessions, agendas and minutes; three of the minutes are PDF files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Body, Document, DocumentKind, Session, Topic
from engagement.services.bodies.editing import save_body, save_member, set_public
from engagement.services.bodies.sessions import create_session, publish_session, save_item
from engagement.services.documents import editing
from engagement.services.documents.files import add_version, read_version
from engagement.services.documents.printing import printed
from engagement.services.events.values import EventValues, Timing
from mapping.exports.documents.pdf import is_possible
from mapping.models import Campaign

_THURSDAY: Final = 3
_MONTHS_AGO: Final = 9
"""When the first session was."""
_AS_PDF: Final = {3, 6, 9}
"""Sessions whose minutes are files."""


@dataclass(frozen=True, slots=True)
class _Paper:
    """A document before it is stored."""

    title: str
    kind: str
    dated: date
    text: str
    holders: Mapping[str, Any]
    is_file: bool = False
    reference: str = ""
    topic: str = Topic.PARTICIPATION


def fill(report: Callable[[str], object]) -> None:
    """Make the working group, unless it is there."""
    plan: dict[str, Any] = json.loads(
        Path(settings.BASE_DIR, "fixtures", "demo", "papers.json").read_text("utf-8")
    )
    if Body.objects.filter(name=plan["body"]["name"]).exists():
        return
    actor = _editor()
    with transaction.atomic():
        today = timezone.localdate()
        first = _thursday(today, -_MONTHS_AGO)
        body = set_public(actor, save_body(actor, None, plan["body"] | {"since": first}), is_public=True)
        for name, role in plan["members"]:
            save_member(actor, body, None, {"name": name, "role": role, "since": first})
        sessions = [_session(actor, body, number, plan) for number in range(1, len(plan["sessions"]) + 1)]
        papers = [_further(one, sessions) for one in plan["documents"]]
        stored = [_publish(actor, paper) for paper in papers if paper is not None]
        _add_next_versions(actor, plan["documents"], stored)
    report(f"papers: {len(sessions)} sessions, {Document.objects.filter(is_draft=False).count()} documents")


def _editor() -> User:
    """The planner of the demo, who may edit dates and papers."""
    from accounts.models import Role
    from mapping.demo import seed

    actor = seed.demo_users()[Role.MANAGER]
    if not actor.may_edit_dates_and_papers:
        actor.may_edit_dates_and_papers = True
        actor.save(update_fields=["may_edit_dates_and_papers"])
    return actor


def _thursday(today: date, months: int) -> date:
    """The first Thursday of a month, counted from this one."""
    index = today.year * 12 + today.month - 1 + months
    begin = date(index // 12, index % 12 + 1, 1)
    return begin + timedelta(days=(_THURSDAY - begin.weekday()) % 7)


def _session(actor: User, body: Body, number: int, plan: Mapping[str, Any]) -> Session:
    """A session with its agenda; past ones with results and minutes."""
    one = plan["sessions"][number - 1]
    day = _thursday(timezone.localdate(), number - 1 - _MONTHS_AGO)
    session = create_session(
        actor,
        body,
        number,
        EventValues(
            title=f"{number}. Sitzung: {one['about']}",
            summary="Die Sitzung ist öffentlich. Fragen sind am Ende willkommen.",
            topic=Topic.PARTICIPATION,
            organiser=body.name,
            place_name=plan["place"],
            address=plan["address"],
        ),
        Timing(starts_on=day, starts_time=time(18), ends_time=time(20)),
    )
    is_past = timezone.make_aware(datetime.combine(day, time(20))) <= timezone.now()
    for position, (title, result) in enumerate(one["agenda"], 1):
        values = {"number": str(position), "title": title, "result": result if is_past else ""}
        save_item(actor, session, None, values)
    publish_session(actor, session)
    if is_past and any(result for _title, result in one["agenda"]):
        _publish(actor, _minutes(session, number, day, one, plan["members"]))
    return session


def _minutes(
    session: Session, number: int, day: date, one: Mapping[str, Any], members: Sequence[Sequence[str]]
) -> _Paper:
    present = ", ".join(name for name, _role in members[: 5 + number % 4])
    items = "\n\n".join(
        f"## {position} {title}\n\n{result}" for position, (title, result) in enumerate(one["agenda"], 1)
    )
    text = (
        f"# {number}. Sitzung: {one['about']}\n\n**Beispieldaten.** Beginn 18 Uhr, Ende 19.50 Uhr.\n\n"
        f"Anwesend: {present}\n\n{items}\n\nFür das Protokoll: {members[number % len(members)][0]}"
    )
    return _Paper(
        title=f"Protokoll der {number}. Sitzung",
        kind=DocumentKind.MINUTES,
        dated=day,
        text=text,
        holders={"session": session},
        is_file=number in _AS_PDF,
    )


def _further(one: Mapping[str, Any], sessions: Sequence[Session]) -> _Paper | None:
    """A document of a session or of a campaign; none where the campaign is not there."""
    if "campaign" in one:
        campaign = Campaign.objects.defer("area").filter(slug=one["campaign"]).first()
        if campaign is None:
            return None
        holders: dict[str, Any] = {"campaign": campaign}
        dated = timezone.localdate() - timedelta(days=20)
    else:
        session = sessions[one["session"] - 1]
        holders = {"session": session, "body": session.body}
        dated = timezone.localtime(session.event.dates.get().starts_at).date()
    return _Paper(
        title=one["title"],
        kind=one["kind"],
        dated=dated,
        text=one["text"],
        holders=holders,
        is_file=bool(one.get("pdf")),
        reference=one.get("reference", ""),
        topic=one.get("topic", Topic.PARTICIPATION),
    )


def _publish(actor: User, paper: _Paper) -> Document:
    """Store a document as it was written, or as the PDF of it, where those can be made."""
    is_file = paper.is_file and is_possible()
    values = {
        "title": paper.title,
        "kind": paper.kind,
        "dated": paper.dated,
        "topic": paper.topic,
        "reference": paper.reference,
        "author": "Geschäftsstelle der Arbeitsgruppe (Beispieldaten)",
        "text": "" if is_file else paper.text,
    }
    document = editing.save_document(actor, None, values | dict(paper.holders))
    if is_file:
        _add_file(actor, document, paper.text)
    return editing.set_public(actor, document, is_public=True)


def _add_file(actor: User, document: Document, text: str, note: str = "") -> None:
    written = Document(**{name: getattr(document, name) for name in ("id", "title", "kind", "dated")})
    written.text = text
    version = add_version(actor, document, [printed(written)], name=f"{document.title}.pdf", note=note)
    read_version(version.pk)


def _add_next_versions(actor: User, plans: Sequence[Mapping[str, Any]], stored: Sequence[Document]) -> None:
    by_title = {one.title: one for one in stored}
    for plan in plans:
        document = by_title.get(plan["title"])
        if "next" in plan and document is not None and document.versions.exists():
            _add_file(actor, document, plan["next"]["text"], plan["next"]["note"])
