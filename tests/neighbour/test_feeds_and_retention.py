"""A neighbour's feed is served beside that of the city's replies, and its rows go when their time is over."""

from datetime import timedelta
from xml.etree import ElementTree as ET

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from mapping.models import Campaign, Contribution, ContributionStatus, Reply, ReplyStatus
from tests import personas
from tests.neighbour.conftest import make_meeting
from tests.neighbour.models import Meeting

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(name: str) -> list[tuple[str, str]]:
    """The titles and addresses of a feed's entries."""
    response = Client().get(f"/feeds/{name}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    return [
        (str(one.findtext(f"{ATOM}title")), str(one.findtext(f"{ATOM}id")))
        for one in root.iter(f"{ATOM}entry")
    ]


def test_feed_of_the_neighbour_has_public_rows_only(meeting: Meeting, hidden_meeting: Meeting) -> None:
    [(title, address)] = entries("meetings")
    assert title == meeting.title
    assert address == "http://testserver/campaigns/fear-spaces/meetings/#walk"


def test_unknown_feed_is_not_there(neighbour: None) -> None:
    assert Client().get("/feeds/nothing").status_code == 404


def test_feed_of_a_neighbour_goes_with_it(db: None) -> None:
    assert Client().get("/feeds/meetings").status_code == 404


def test_replies_of_the_city_are_a_feed(campaign: Campaign) -> None:
    shown = personas.make_contribution(campaign)
    Reply.objects.create(contribution=shown, status=ReplyStatus.PLANNED, text="Lamps \x08come in June.")
    [(title, address)] = entries("replies")
    assert campaign.title in title
    assert f"/campaigns/fear-spaces/contributions/{shown.pk}/" in address


def test_feed_of_replies_passes_the_gate(campaign: Campaign, cells_campaign: Campaign) -> None:
    for hidden in (
        personas.make_contribution(campaign, status=ContributionStatus.REJECTED),
        personas.make_contribution(cells_campaign),
    ):
        Reply.objects.create(contribution=hidden, status=ReplyStatus.PLANNED, text="Secret")
    assert Contribution.objects.count() == 2
    assert entries("replies") == []


def test_nightly_command_removes_what_is_past_its_time(meeting: Meeting, campaign: Campaign) -> None:
    make_meeting(campaign, "old", "Long ago", timezone.now() - timedelta(days=400))
    make_meeting(campaign, "soon", "Soon", timezone.now() + timedelta(days=1))
    call_command("remove_expired_exports")
    assert Meeting.objects.filter(code="old").exists()
    call_command("forget_networks")
    assert not Meeting.objects.filter(code="old").exists()
    assert Meeting.objects.filter(code="soon").exists()
