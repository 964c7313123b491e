"""What is never public leaves an entry whatever a campaign publishes: responses, answers for staff, people's rows."""

import logging

import pytest
from django.test import Client

from accounts.models import User
from audit.actions import Action
from audit.models import Entry
from mapping.models import Audience, Campaign, Contribution, ContributionStatus, Question
from tests import personas
from tests.personas import staff_browser
from tests.surveys.answering import answer
from tests.surveys.world import ask


def looks() -> list[str]:
    """The views of the looks that are recorded."""
    return sorted(Entry.objects.filter(action=Action.LOOKED).values_list("view", flat=True))


@pytest.fixture
def pending(campaign: Campaign) -> Contribution:
    """Waits in a campaign that publishes points, with an answer that only the staff may read."""
    category = personas.category_of(campaign, "survey")
    Question.objects.create(
        category=category, slug="who", title="Who?", kind="text", audience=Audience.STAFF, position=99
    )
    return personas.make_contribution(
        campaign, category="survey", text="", answers={"who": "Ada"}, status=ContributionStatus.PENDING
    )


@pytest.mark.parametrize(("page", "view"), [("survey/", "survey"), ("survey/texts/", "survey-texts")])
def test_looks_at_responses_are_recorded(
    campaign: Campaign, analyst: User, page: str, view: str, caplog: pytest.LogCaptureFixture
) -> None:
    ask(campaign, "why", "text")
    answer(campaign, {"why": "dark"})
    browser = staff_browser(analyst)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        for _time in range(2):
            assert browser.get(f"/planning/{campaign.slug}/{page}").status_code == 200
    entry = Entry.objects.get(action=Action.LOOKED)
    assert (entry.user, entry.campaign_id, entry.view) == (analyst, campaign.pk, view)
    assert not [one for one in caplog.records if one.name == "geoparticipation.access"]


@pytest.mark.parametrize(
    ("page", "view"),
    [
        ("{slug}/queue/", "queue staff"),
        ("{slug}/queue/?item={pk}&status=rejected", "queue staff"),
        ("{slug}/queue/{pk}/edit/", "edit staff"),
        ("waiting/", "waiting staff"),
    ],
)
def test_looks_at_answers_for_staff_are_recorded(
    campaign: Campaign, moderator: User, pending: Contribution, page: str, view: str
) -> None:
    address = f"/planning/{page.format(slug=campaign.slug, pk=pending.pk)}"
    browser = staff_browser(moderator)
    Contribution.objects.filter(pk=pending.pk).update(answers={"scale": 4}, staff_answers={})
    assert browser.get(address).status_code == 200
    assert looks() == []
    Contribution.objects.filter(pk=pending.pk).update(answers={"who": "Ada"})
    shown = browser.get(address)
    assert "Ada" in shown.content.decode()
    assert looks() == [view]


def test_rows_in_the_administration_are_recorded(administrator: User, pending: Contribution) -> None:
    browser = staff_browser(administrator)
    assert "Ada" in browser.get(f"/admin/mapping/contribution/{pending.pk}/change/").content.decode()
    assert looks() == ["admin contribution"]
    browser.get("/admin/mapping/contribution/")
    assert looks() == ["admin contribution", "admin list contribution"]
    assert set(Entry.objects.filter(action=Action.LOOKED).values_list("campaign", "user")) == {
        (pending.campaign_id, administrator.pk)
    }


def test_nobody_else_leaves_an_entry(pending: Contribution) -> None:
    for address in ("", "survey/", f"contributions/{pending.pk}/"):
        Client().get(f"/campaigns/{pending.campaign.slug}/{address}")
    assert looks() == []
