"""Planners edit plans and reply to proposals in forms that work without JavaScript."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from engagement.models import Plan, Stage
from engagement.services.plans.editing import version_of
from engagement.services.plans.proposals import propose
from mapping.models import Campaign
from mapping.services.identity import new_secret
from tests import personas
from tests.engagement.making import make_editor, make_plan
from tests.personas import staff_browser, user_called

FORM = {
    "title": "Neue Mitte",
    "topic": "centre",
    "stage": "idea",
    "expected_participation": "open",
    "admitted_on": "2026-03-01",
    "decisions-TOTAL_FORMS": "1",
    "decisions-INITIAL_FORMS": "0",
    "decisions-0-decided_on": "2026-02-09",
    "decisions-0-title": "Decision of the council",
    "geometry": json.dumps(personas.square()),
}


@pytest.fixture
def browser(db: None) -> Client:
    client = staff_browser(make_editor())
    client.cookies["django_language"] = "en"
    return client


def form_of(plan: Plan, **changed: str) -> dict[str, str]:
    return FORM | {"title": plan.title, "expected": version_of(plan)} | changed


@pytest.mark.parametrize("page", ["", "new/", "proposals/", "{plan}/", "proposals/{proposal}/"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("anonymous", 302),
        ("outsider", 403),
        ("analyst", 403),
        ("moderator", 403),
        ("manager", 403),
        ("administrator", 200),
        ("dismissed", 302),
        ("editor", 200),
    ],
)
def test_pages_are_for_those_who_edit_plans(campaign: Campaign, who: str, status: int, page: str) -> None:
    plan = make_plan(takes_proposals_until=timezone.localdate())
    proposal = propose(plan, "Ask us.", new_secret())
    user = make_editor() if who == "editor" else user_called(who, campaign)
    client = staff_browser(user) if isinstance(user, User) else Client()
    address = f"/planning/plans/{page.format(plan=plan.slug, proposal=proposal.pk)}"
    assert client.get(address).status_code == status


def test_plan_is_made_published_and_deleted(browser: Client) -> None:
    response = browser.post("/planning/plans/new/", FORM)
    plan = Plan.objects.get()
    assert response.headers["Location"] == f"/planning/plans/{plan.slug}/"
    assert (plan.is_draft, plan.decisions.count(), plan.place is not None) == (True, 1, True)
    page = browser.get(f"/planning/plans/{plan.slug}/").content.decode()
    assert "Decision of the council" in page
    assert "Put on the public list" in page
    browser.post(f"/planning/plans/{plan.slug}/publish/", {"public": "1"})
    assert Plan.objects.public().exists()
    browser.post(f"/planning/plans/{plan.slug}/delete/")
    assert Plan.objects.exists()
    browser.post(f"/planning/plans/{plan.slug}/publish/", {"public": "0"})
    browser.post(f"/planning/plans/{plan.slug}/delete/")
    assert not Plan.objects.exists()


def test_public_plan_is_moved_with_an_explanation(browser: Client) -> None:
    plan = make_plan()
    address = f"/planning/plans/{plan.slug}/"
    refused = browser.post(address, form_of(plan, stage="planning"))
    assert refused.status_code == 422
    assert "explain to the public" in refused.content.decode()
    assert browser.post(address, form_of(plan, stage="planning", change="It was decided.")).status_code == 302
    plan.refresh_from_db()
    assert (plan.stage, plan.changes.get().text) == (Stage.PLANNING, "It was decided.")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"title": ""}, "This field is required."),
        ({"costs_euros": "-1"}, "greater than or equal to 0"),
        ({"admitted_on": "31.02.2026"}, "Enter a valid date."),
        ({"geometry": "{"}, "must be a GeoJSON geometry"),
        ({"geometry": '{"type": "Point", "coordinates": [500, 1]}'}, "does not exist"),
        ({"geometry": "[" * 100_000}, "must be a GeoJSON geometry"),
        ({"expected_participation": "none"}, "why no participation is planned"),
        ({"decisions-0-link": "javascript:alert(1)"}, "no address of a web page"),
        ({"decisions-0-title": ""}, "A decision needs a date and a title"),
        ({"decisions-TOTAL_FORMS": "x"}, "ManagementForm"),
    ],
)
def test_wrong_values_are_refused_at_their_field(
    browser: Client, changed: dict[str, Any], words: str
) -> None:
    response = browser.post("/planning/plans/new/", FORM | changed)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Plan.objects.exists()


def test_changes_of_somebody_else_are_shown_before_they_are_overwritten(browser: Client) -> None:
    plan = make_plan()
    old = form_of(plan)
    browser.post(f"/planning/plans/{plan.slug}/", old | {"title": "First"})
    refused = browser.post(f"/planning/plans/{plan.slug}/", old | {"title": "Second"})
    assert refused.status_code == 422
    plan.refresh_from_db()
    assert plan.title == "First"


def test_proposal_is_replied_to(browser: Client) -> None:
    plan = make_plan(takes_proposals_until=timezone.localdate() + timedelta(days=1))
    proposal = propose(plan, "Ask the pupils.", new_secret())
    assert "Ask the pupils." in browser.get("/planning/plans/proposals/").content.decode()
    address = f"/planning/plans/proposals/{proposal.pk}/"
    assert browser.post(address, {"state": "accepted", "answer": ""}).status_code == 422
    browser.post(address, {"state": "accepted", "answer": "We will.", "expected": "pending"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.answer) == ("accepted", "We will.")
    browser.post(f"{address}delete/")
    assert not plan.proposals.exists()


def test_planners_find_the_list_among_the_sections(browser: Client) -> None:
    page = browser.get("/planning/").content.decode()
    assert 'href="/planning/plans/"' in page
