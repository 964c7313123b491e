"""The home page is made once for everybody, and made anew at once after whatever changes it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from threading import Barrier, Thread
from time import monotonic
from unittest.mock import patch

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from mapping.models import Campaign, Contribution, ContributionStatus, Phase, Reply, ReplyStatus, change
from mapping.models.setup.city import City
from mapping.web.overview import kept
from mapping.web.overview.home import home_changes_at, home_sections
from tests import personas
from tests.engagement.making import make_event
from tests.personas import Citizen

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One entry for each time that the page is made and not taken from what is kept."""
    times: list[str] = []

    def counted() -> object:
        times.append("made")
        return home_sections()

    monkeypatch.setattr("geoparticipation.views.home_sections", counted)
    return times


def shown(client: Client | None = None) -> str:
    response = (client or Client()).get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_page_is_made_once_for_visitors_whom_nothing_tells_apart(
    made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    personas.make_campaign()
    # Other databases of the same server move the real one, e.g. those of tests beside this one.
    monkeypatch.setattr(change, "_SNAPSHOT", "SELECT 'snapshot', 'server', 'database', NULL")
    browsers = [Client(), Client(), Citizen("someone", "s" * 32).browser()]
    assert len({shown(one) for one in browsers}) == 1
    assert len(made) == 1


def test_changes_of_every_kind_show_at_once() -> None:
    campaign = personas.make_campaign(title="Dark places")

    def publish() -> None:
        contribution = personas.make_contribution(campaign)
        Reply.objects.create(
            contribution=contribution, status=ReplyStatus.DONE, text="The lamp shines again."
        )

    def withdraw() -> None:
        Contribution.objects.update(status=ContributionStatus.REJECTED)

    def date() -> None:
        make_event(title="A walk at night")

    changes: list[tuple[Callable[[], object], str, bool]] = [
        (publish, "The lamp shines again.", True),
        (withdraw, "The lamp shines again.", False),
        (lambda: Campaign.objects.update(title="Unlit places"), "Unlit places", True),
        (lambda: personas.make_campaign("trees", title="More trees"), "More trees", True),
        (date, "A walk at night", True),
        (lambda: City.objects.update_or_create(defaults={"name": "Neustadt"}), "Neustadt", True),
        (lambda: Campaign.objects.update(is_draft=True), "Unlit places", False),
    ]
    for make_change, words, appears in changes:
        assert (words in shown()) is not appears
        make_change()
        assert (words in shown()) is appears


def test_uncommitted_changes_are_shown_to_nobody_else_and_not_kept() -> None:
    campaign = personas.make_campaign(title="Dark places")
    before = shown()
    connection.set_autocommit(False)
    try:
        Campaign.objects.filter(pk=campaign.pk).update(title="Never committed")
        assert "Never committed" in shown()
        connection.rollback()
    finally:
        connection.set_autocommit(True)
    assert shown() == before


def test_clock_alone_ends_campaigns_and_begins_phases(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now().replace(microsecond=0)
    campaign = personas.make_campaign(
        title="Dark places", opens_at=now - timedelta(days=1), closes_at=now + timedelta(seconds=3)
    )
    Phase.objects.create(
        campaign=campaign,
        title="Collecting",
        opens_at=now + timedelta(seconds=1),
        closes_at=now + timedelta(seconds=2),
        allows=["contribute"],
    )
    moments = [now]
    for _ in range(3):
        following = home_changes_at(moments[-1])
        assert following is not None
        moments.append(following)
    assert [int((one - now).total_seconds()) for one in moments] == [0, 1, 2, 3]

    def page_at(moment: datetime) -> str:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return shown()

    pages = [page_at(one) for one in moments]
    assert all(one != following for one, following in pairwise(pages))
    assert "Abgeschlossen" not in pages[0]
    assert pages[-1].index("Abgeschlossen") < pages[-1].index("Dark places")


def test_staff_kiosks_and_messages_get_pages_of_their_own(made: list[str]) -> None:
    campaign = personas.make_campaign()
    shown()
    staff = personas.staff_browser(personas.make_user("planner@example.org"))
    assert "/accounts/logout/" in shown(staff)
    kiosk = Client()
    kiosk.cookies["kiosk"] = campaign.slug
    assert "kiosk" in shown(kiosk)
    messages = Client()
    messages.cookies["messages"] = "x"
    shown(messages)
    assert len(made) == 4
    assert "/accounts/logout/" not in shown()
    assert 'class="plain kiosk"' not in shown()


def test_each_language_and_host_has_its_own() -> None:
    personas.make_campaign()
    english = Client()
    english.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert 'lang="de"' in shown()
    assert '<html lang="en"' in shown(english)
    assert '<html lang="de"' in shown()


def test_known_page_is_not_sent_again_until_it_changes() -> None:
    campaign = personas.make_campaign()
    first = Client().get("/")
    assert first["Cache-Control"] == "no-cache"
    assert Client().get("/", headers={"If-None-Match": first["ETag"]}).status_code == 304
    Campaign.objects.filter(pk=campaign.pk).update(title="Unlit places")
    assert Client().get("/", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_who_waits_takes_the_page_that_was_begun_after_they_came() -> None:
    turn, first_is_making, others_wait = kept._Turn(), Barrier(2), Barrier(2)
    answers: list[bytes] = []

    def make() -> HttpResponse:
        first_is_making.wait(10)
        others_wait.wait(10)
        return HttpResponse("made before the change")

    first = Thread(target=lambda: answers.append(turn.take(monotonic(), make).content))
    first.start()
    first_is_making.wait(10)
    arrived = monotonic()
    others_wait.wait(10)
    first.join()
    for _ in range(2):
        answers.append(turn.take(arrived, lambda: HttpResponse(f"made {len(answers)}")).content)
    assert answers == [b"made before the change", b"made 1", b"made 1"]


def test_addresses_with_other_parameters_are_not_kept() -> None:
    request = RequestFactory().get("/", {"utm": "1"})
    assert kept._is_for_everybody(RequestFactory().get("/"), frozenset())
    assert not kept._is_for_everybody(request, frozenset())
    with patch.object(kept, "_LONGEST_QUERY", 0):
        assert not kept._is_for_everybody(request, frozenset({"utm"}))
