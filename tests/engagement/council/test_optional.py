"""Objects of other systems without what OParl leaves to them: nothing of them is lost."""

from datetime import date

import pytest

from accounts.models import User
from engagement.models import BodyMember, Document
from engagement.services.council import parsing
from tests.engagement.council.server import Council
from tests.engagement.council.test_reading import read, session, submit

pytestmark = pytest.mark.django_db


def test_sessions_and_items_without_a_name_have_one(council: Council, editor: User) -> None:
    agenda = [council.item(1, ""), council.item(2, "") | {"number": ""}, council.item(3, "Radweg")]
    council.list_meetings(council.meeting(name=None, agendaItem=agenda))
    assert read(editor, council).skipped == 0
    assert session().event.title == "Ausschuss für Mobilität"
    assert [one.title for one in session().agenda.all()] == ["TOP 1", "TOP 2", "Radweg"]


def test_session_of_a_nameless_body_has_a_title() -> None:
    assert (
        parsing.meeting({"id": "http://x/1", "start": "2031-07-01T18:00:00+02:00"}).values.title == "Sitzung"
    )


def test_body_with_a_short_name_alone_is_read(council: Council, editor: User) -> None:
    council.answers["/organization/1"] |= {"name": None, "shortName": "AfM"}
    assert read(editor, council).skipped == 0
    assert session().body.name == "AfM"


def test_person_is_named_by_the_parts_of_the_name(council: Council, editor: User) -> None:
    council.put("/person/1", "Person", givenName="Mina", familyName="Muster")
    assert read(editor, council).skipped == 0
    assert session().body.members.filter(name="Mina Muster").exists()


def test_paper_without_a_name_has_its_type_and_number(council: Council, editor: User) -> None:
    submit(council, name=None)
    assert read(editor, council).skipped == 0
    assert Document.objects.filter(title="Beschlussvorlage V/12").exists()


def test_long_addresses_are_not_cut(council: Council, editor: User) -> None:
    more = "/organization/1/meeting?after=" + "9" * 700
    minutes = "/minutes.pdf?signature=" + "a" * 700
    meeting = council.meeting(2)
    meeting["resultsProtocol"]["accessUrl"] = council.root + minutes
    council.answers[minutes] = council.answers["/minutes.pdf"]
    council.answers[more] = {"data": [meeting], "links": {}}
    council.answers["/organization/1/meeting"] = {"data": [], "links": {"next": council.root + more}}
    assert read(editor, council).skipped == 0
    assert session().event.title == "Sitzung 2"
    assert Document.objects.public().get().kind == "minutes"


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2031-07-01", "2030-07-01", (date(2031, 7, 1), None)),
        ("0001-01-01", "2030-07-01", (None, date(2030, 7, 1))),
        ("2030-07-01", "9999-12-31", (date(2030, 7, 1), None)),
        ("2030-07-01T00:00:00+02:00", "2031-07-01", (date(2030, 7, 1), date(2031, 7, 1))),
    ],
)
def test_days_that_cannot_be_refuse_no_member(
    council: Council, editor: User, start: str, end: str, expected: tuple[date | None, date | None]
) -> None:
    days = {"startDate": start, "endDate": end}
    council.answers["/membership/1"] |= days
    council.answers["/organization/1"] |= days
    assert read(editor, council).skipped == 0
    member = BodyMember.objects.get(name="Mina Muster")
    assert (member.since, member.until) == expected
    assert (member.body.since, member.body.until) == expected
