"""Bodies of another council information system, read over HTTP."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings as current
from django.contrib.gis.geos import Point
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from accounts.models import User
from engagement.models import AgendaItem, Body, Document, EventStatus, Session
from engagement.services.bodies.editing import set_public
from engagement.services.council import fetching, reading
from engagement.services.council.fetching import Source, SourceProblem
from engagement.services.council.report import Report
from engagement.tasks import enqueue_councils, read_council
from mapping.geo.markup import as_html
from mapping.services.errors import NotAllowed
from tests import personas
from tests.background import waiting_tasks
from tests.engagement.council.server import Council, running

pytestmark = pytest.mark.django_db


def read(editor: User, council: Council) -> Report:
    return reading.read_body(editor, council.body)


def session() -> Session:
    return Session.objects.select_related("event", "body").get()


def state() -> list[Any]:
    """Every row that reading could change, with the moment of its change."""
    return [
        *Body.objects.values_list("pk", "name", "changed_at"),
        *Session.objects.values_list("pk", "changed_at", "event__changed_at", "event__sequence"),
        *AgendaItem.objects.order_by("pk").values_list("pk", "position", "changed_at"),
        *Document.objects.values_list("pk", "changed_at", "versions__number"),
    ]


def test_body_arrives_with_members_sessions_agenda_and_minutes(council: Council, editor: User) -> None:
    report = read(editor, council)
    assert (report.sessions, report.skipped) == (1, 0)
    found = session()
    assert found.body.name == "Ausschuss für Mobilität"
    assert [one.name for one in found.body.members.all()] == ["Mina Muster", "Otto Ortlos"]
    assert found.event.title == "Sitzung 1"
    assert found.event.place == Point(7.77, 49.44, srid=4326)
    assert found.event.dates.get().starts_at.isoformat() == "2031-07-01T16:00:00+00:00"
    assert list(found.agenda.values_list("title", "result", "is_public")) == [
        ("Radweg", "Beschlossen", True),
        ("Personal", "", False),
    ]
    assert Session.objects.public().exists()
    minutes = Document.objects.public().get()
    assert minutes.kind == "minutes"
    assert minutes.versions.get().name == "protokoll.pdf"


def test_reading_again_changes_nothing(council: Council, editor: User) -> None:
    read(editor, council)
    before = state()
    read(editor, council)
    assert state() == before


def test_changes_there_arrive_here(council: Council, editor: User) -> None:
    read(editor, council)
    later = council.meeting(start="2031-07-02T18:00:00+02:00", name="Sondersitzung")
    later["agendaItem"] = [council.item(3, "Neues"), council.item(1, "Radweg und Fußweg")]
    council.list_meetings(later)
    council.answers["/organization/1"] |= {
        "name": "Mobilität",
        "membership": [f"{council.root}/membership/2"],
    }
    read(editor, council)
    found = session()
    assert found.body.name == "Mobilität"
    assert [one.name for one in found.body.members.all()] == ["Otto Ortlos"]
    assert found.event.title == "Sondersitzung"
    date = found.event.dates.get()
    assert date.status == EventStatus.MOVED
    assert date.previous_starts_at == datetime(2031, 7, 1, 16, tzinfo=UTC)
    assert [one.title for one in found.agenda.all()] == ["Neues", "Radweg und Fußweg"]


@pytest.mark.parametrize("how", [{"cancelled": True}, {"deleted": True}])
def test_cancelled_and_deleted_sessions_are_cancelled(
    council: Council, editor: User, how: dict[str, Any]
) -> None:
    read(editor, council)
    council.list_meetings(council.meeting(**how))
    read(editor, council)
    assert session().event.dates.get().status == EventStatus.CANCELLED
    council.list_meetings(council.meeting())
    read(editor, council)
    assert session().event.dates.get().status != EventStatus.CANCELLED


def test_newer_file_is_a_new_version(council: Council, editor: User) -> None:
    from tests.engagement.papers.pdfs import with_words

    read(editor, council)
    changed = council.meeting()
    changed["resultsProtocol"]["modified"] = "2099-01-01T00:00:00+01:00"
    council.list_meetings(changed)
    read(editor, council)
    assert Document.objects.get().versions.count() == 1  # the same file
    council.answers["/minutes.pdf"] = with_words(["Berichtigt."])
    read(editor, council)
    assert Document.objects.get().versions.count() == 2


def test_what_staff_hid_stays_hidden(council: Council, editor: User) -> None:
    read(editor, council)
    set_public(editor, session().body, is_public=False)
    council.answers["/organization/1"]["name"] = "Umbenannt"
    read(editor, council)
    assert session().body.name == "Umbenannt"
    assert session().body.is_draft


def submit(council: Council, **paper: Any) -> None:
    """A paper on the first item of the agenda."""
    council.put("/consultation/1", "Consultation", paper=f"{council.root}/paper/1")
    file = council.meeting()["resultsProtocol"] | {"id": f"{council.root}/file/9", "fileName": "vorlage.pdf"}
    values = {
        "name": "Vorlage Radweg",
        "reference": "V/12",
        "date": "2031-06-02",
        "paperType": "Beschlussvorlage",
        "mainFile": file,
        "web": "https://rat.example.org/vorlage/12",
    }
    council.put("/paper/1", "Paper", **(values | paper))
    agenda = [
        council.item(1, "Radweg", consultation=f"{council.root}/consultation/1"),
        council.item(2, "Personal", public=False, consultation=f"{council.root}/consultation/2"),
    ]
    council.list_meetings(council.meeting(agendaItem=agenda))


def test_papers_on_the_agenda_arrive_under_their_items(council: Council, editor: User) -> None:
    submit(council)
    assert read(editor, council).skipped == 0
    paper = Document.objects.public().get(reference="V/12")
    assert (paper.title, paper.summary, paper.dated.isoformat()) == (
        "Vorlage Radweg",
        "Beschlussvorlage",
        "2031-06-02",
    )
    assert paper.agenda_item == session().agenda.get(title="Radweg")
    assert paper.versions.get().name == "vorlage.pdf"
    # The items that are not public lead nowhere.
    assert "/consultation/2" not in council.asked
    before = state()
    read(editor, council)
    assert state() == before
    submit(council, name="Vorlage Radweg, neu")
    read(editor, council)
    paper.refresh_from_db()
    assert paper.title == "Vorlage Radweg, neu"


def test_paper_without_a_pdf_is_a_link(council: Council, editor: User) -> None:
    submit(council, mainFile=None)
    assert read(editor, council).skipped == 0
    paper = Document.objects.public().get(reference="V/12")
    assert 'href="https://rat.example.org/vorlage/12"' in as_html(paper.text)


@pytest.mark.parametrize(
    ("values", "skipped"),
    [
        ({"mainFile": None, "web": "javascript:alert(1)"}, 0),
        ({"mainFile": None, "web": "https://rat.example.org/<b>"}, 0),
        ({"mainFile": None, "web": None}, 0),
        ({"name": "", "reference": "", "paperType": ""}, 1),
        ({"id": "x"}, 1),
        ({"deleted": True}, 0),
    ],
)
def test_papers_without_what_is_needed_are_left_out(
    council: Council, editor: User, values: dict[str, Any], skipped: int
) -> None:
    submit(council, **values)
    assert read(editor, council).skipped == skipped
    assert not Document.objects.exclude(kind="minutes").exists()


def test_papers_of_sessions_long_ago_are_not_read(council: Council, editor: User) -> None:
    submit(council)
    [meeting] = council.answers["/organization/1/meeting"]["data"]
    council.list_meetings(
        meeting | {"start": "2024-07-01T18:00:00+02:00", "end": "2024-07-01T20:00:00+02:00"}
    )
    read(editor, council)
    assert "/consultation/1" not in council.asked


def test_all_pages_are_read_and_broken_objects_are_skipped(council: Council, editor: User) -> None:
    council.answers["/organization/1/meeting"] = {
        "data": [
            council.meeting(1),
            {"name": "Ohne Beginn"},
            "nonsense",
            council.meeting(2, start="2031-13-01"),
        ],
        "links": {"next": f"{council.root}/more"},
    }
    council.answers["/more"] = {"data": [council.meeting(3, location=7, agendaItem={"a": 1})], "links": None}
    report = read(editor, council)
    assert (report.sessions, report.skipped) == (2, 2)
    assert sorted(Session.objects.values_list("event__title", flat=True)) == ["Sitzung 1", "Sitzung 3"]


@pytest.mark.parametrize(
    "broken",
    [
        {"id": "http://x/\0"},
        {"id": "http://x/\ud800"},
        {"start": "9999-12-31T23:30:00-12:00"},
        {"start": "0001-01-01T00:00:00+14:00"},
        {"location": {"geojson": {"type": "Point", "coordinates": [10**400, 1]}}},
        {"agendaItem": [{"id": "http://x/\0", "name": "x"}]},
        {"resultsProtocol": {"id": "http://x/\0", "accessUrl": "http://x/"}},
    ],
)
def test_values_that_cannot_be_stored_end_no_reading(
    council: Council, editor: User, broken: dict[str, Any]
) -> None:
    council.answers["/organization/1"]["membership"] = []
    council.answers["/organization/1/meeting"]["data"] = [council.meeting(2) | broken, council.meeting(1)]
    read(editor, council)
    assert Session.objects.filter(event__title="Sitzung 1").exists()


@pytest.mark.parametrize("path", [f"/membership/{'9' * 600}", "/membership/\0", "/membership/\ud800"])
def test_members_whose_address_cannot_be_stored_are_left_out(
    council: Council, editor: User, path: str
) -> None:
    membership = {"person": f"{council.root}/person/1"}
    council.put(path, "Membership", **membership)
    council.put("/membership/%00", "Membership", **membership)
    council.answers["/organization/1"]["membership"] += [council.root + path]
    read(editor, council)
    assert Session.objects.exists()
    assert session().body.members.count() == 2


def test_other_servers_are_never_asked(council: Council, editor: User) -> None:
    with running() as other:
        other.answers["/secret"] = {"name": "x"}
        council.answers["/minutes.pdf"] = f"{other.root}/secret"  # redirects
        council.answers["/membership/1"]["person"] = f"{other.root}/secret"
        council.answers["/organization/1/meeting"]["links"] = {}
        report = read(editor, council)
        assert other.asked == []
    assert report.skipped == 2
    assert Document.objects.public().count() == 0


@pytest.mark.parametrize(
    "address", ["file:///etc/passwd", "http://127.0.0.1/", "//example.org/", "http://[", "", "gopher://x/"]
)
def test_addresses_of_elsewhere_are_refused(council: Council, address: str) -> None:
    with pytest.raises(SourceProblem):
        Source(council.body).read(address)


def test_answers_are_limited(council: Council, monkeypatch: pytest.MonkeyPatch) -> None:
    council.answers["/deep"] = b"[" * 100_000
    with pytest.raises(SourceProblem, match="no JSON"):
        Source(council.body).read(f"{council.root}/deep")
    monkeypatch.setattr(fetching, "_LARGEST_JSON", 10)
    with pytest.raises(SourceProblem, match="too large"):
        Source(council.body).read(council.body)
    monkeypatch.setattr(fetching, "_MOST_REQUESTS", 1)
    source = Source(council.body)
    with pytest.raises(SourceProblem, match="too large"):
        source.read(council.body)
    with pytest.raises(SourceProblem, match="too many"):
        source.read(council.body)


def test_answers_that_come_byte_by_byte_end_in_time(
    council: Council, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "_MOST_SECONDS", 0.1)
    council.pause = 0.01
    with pytest.raises(SourceProblem, match="too long"):
        Source(council.body).read(council.body)


@pytest.mark.parametrize("encoding", ["gzip", "chunked"])
def test_packed_answers_and_answers_without_length_are_read(council: Council, encoding: str) -> None:
    council.encoding = encoding
    assert Source(council.body).read(council.body)["name"] == "Ausschuss für Mobilität"


@pytest.mark.parametrize("answer", [None, {"type": "x/Person", "name": "x"}, [], {"type": "x/Organization"}])
def test_source_that_is_no_body_stores_nothing(council: Council, editor: User, answer: Any) -> None:
    council.answers["/organization/1"] = answer
    with pytest.raises(SourceProblem):
        read(editor, council)
    assert not Body.objects.exists()


def test_addresses_that_are_not_allowed_are_not_asked(council: Council, editor: User) -> None:
    with pytest.raises(SourceProblem, match="allow"):
        reading.read_body(editor, f"{council.root}/organization/2")
    assert council.asked == []


def test_only_editors_read(council: Council) -> None:
    with pytest.raises(NotAllowed):
        reading.read_body(personas.make_user("nobody@example.org"), council.body)


def test_queue_reads_as_the_account_of_the_setting(
    council: Council, editor: User, settings: Settings
) -> None:
    enqueue_councils(timestamp=0)
    assert waiting_tasks() == [(reading.TASK, {"address": council.body})]
    settings.OPARL_READS_AS = "unknown@example.org"
    read_council(address=council.body)
    assert not Body.objects.exists()
    settings.OPARL_READS_AS = editor.email
    read_council(address=council.body)
    assert Body.objects.get().origin == council.body


def test_command_names_what_could_not_be_read(council: Council, editor: User, settings: Settings) -> None:
    call_command("read_oparl")
    settings.OPARL_SOURCES = [*current.OPARL_SOURCES, f"{council.root}/nothing"]
    with pytest.raises(CommandError):
        call_command("read_oparl")
    settings.OPARL_READS_AS = ""
    with pytest.raises(CommandError, match="OPARL_READS_AS"):
        call_command("read_oparl")


@pytest.mark.parametrize(
    ("sources", "reads_as", "found"),
    [
        ([], "", []),
        (["https://rat.example.org/organization/1"], "a@example.org", []),
        (["http://rat.example.org/organization/1"], "a@example.org", ["geoparticipation.E006"]),
        (["https://user:word@rat.example.org/1"], "a@example.org", ["geoparticipation.E006"]),
        (["https://rat.example.org/organization/1"], "", ["geoparticipation.E007"]),
    ],
)
def test_dangerous_settings_are_found(
    settings: Settings, sources: list[str], reads_as: str, found: list[str]
) -> None:
    settings.OPARL_SOURCES, settings.OPARL_READS_AS = sources, reads_as
    ids = [
        one.id
        for one in run_checks(tags=["security"])
        if one.id in {"geoparticipation.E006", "geoparticipation.E007"}
    ]
    assert ids == found
