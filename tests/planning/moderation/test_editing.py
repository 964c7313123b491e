"""Editing with the original kept and shown."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Contribution, ContributionStatus
from tests import personas
from tests.personas import STATION, UNIVERSITY, staff_browser


@pytest.fixture
def browser(moderator: User) -> Client:
    return staff_browser(moderator)


def address(contribution: Contribution) -> str:
    return reverse("planning:edit", args=(contribution.campaign.slug, contribution.pk))


def fields(contribution: Contribution, **changes: str) -> dict[str, str]:
    """What the form sends when nothing but `changes` was touched."""
    values = {
        "text": contribution.text,
        "category": contribution.category.slug,
        "expected": contribution.status,
    }
    if contribution.geom is not None and contribution.geom.geom_type == "Point":
        values |= {"latitude": f"{contribution.geom.y:.6f}", "longitude": f"{contribution.geom.x:.6f}"}
    return {name: str(value) for name, value in (values | changes).items()}


def test_the_original_is_kept_and_shown(pending: Contribution, browser: Client) -> None:
    answer = browser.post(address(pending), fields(pending, text="Dark.", reason="A name"))
    assert answer.status_code == 302
    before = pending.text
    pending.refresh_from_db()
    assert pending.text == "Dark."
    assert pending.status == ContributionStatus.PENDING
    event = pending.moderation_events.exclude(original={}).get()
    assert event.original == {"text": before}
    page = browser.get(reverse("planning:queue", args=(pending.campaign.slug,)), {"item": str(pending.pk)})
    (step,) = [step for step in page.context["shown"].events if step.original]
    assert [part.words for part in step.original] == [before]
    assert before.encode() in page.content


def test_the_place_stays_where_it_is_unless_moved(pending: Contribution, browser: Client) -> None:
    place = pending.geom
    browser.post(address(pending), fields(pending, text="Dark."))
    pending.refresh_from_db()
    assert pending.geom == place
    browser.post(address(pending), fields(pending, latitude=str(UNIVERSITY[1]), longitude=str(UNIVERSITY[0])))
    pending.refresh_from_db()
    assert pending.geom is not None
    assert pending.geom.coords == pytest.approx(UNIVERSITY)
    event = pending.moderation_events.exclude(original={}).first()
    assert event is not None
    assert event.original["geometry"]["coordinates"] == pytest.approx(STATION)


def test_a_place_outside_is_refused_at_the_form(pending: Contribution, browser: Client) -> None:
    answer = browser.post(address(pending), fields(pending, latitude="52.52", longitude="13.40"))
    assert answer.status_code == 422
    assert answer.context["form"].errors
    pending.refresh_from_db()
    assert pending.geom is not None
    assert pending.geom.coords == pytest.approx(STATION)


def test_another_category_asks_its_questions(pending: Contribution, browser: Client) -> None:
    page = browser.get(address(pending), {"category": "survey"})
    assert page.context["form"].question_fields()
    answer = browser.post(address(pending), fields(pending, category="survey"))
    assert answer.status_code == 302
    pending.refresh_from_db()
    assert pending.category.slug == "survey"


def test_lines_are_not_offered_categories_of_points(browser: Client, pending: Contribution) -> None:
    line = personas.make_contribution(
        pending.campaign,
        "LINESTRING(7.76 49.44, 7.77 49.45)",
        category="street",
        status=ContributionStatus.PENDING,
    )
    offered = [category.slug for category in browser.get(address(line)).context["categories"]]
    assert offered == ["street", "anything", "plan"]


def test_somebody_faster_wins(pending: Contribution, browser: Client) -> None:
    sent = fields(pending, text="Late.")
    Contribution.objects.filter(pk=pending.pk).update(status=ContributionStatus.REJECTED)
    assert browser.post(address(pending), sent).status_code == 422
    pending.refresh_from_db()
    assert pending.text != "Late."


def test_analysts_edit_nothing(pending: Contribution, analyst: User) -> None:
    assert staff_browser(analyst).get(address(pending)).status_code == 403


def test_saving_leads_back_into_the_queue_only(pending: Contribution, browser: Client) -> None:
    answer = browser.post(address(pending), fields(pending, text="Dark.", here="https://example.org/"))
    assert answer.headers["Location"] == reverse("planning:queue", args=(pending.campaign.slug,))
