"""Campaigns that publish protected areas are always reviewed first, and keep what they promised."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, Moderation, Publication, Release
from mapping.services.campaigns import NewCampaign, create_campaign
from mapping.services.errors import Invalid
from mapping.services.submit import Submission, submit, submit_city
from tests import personas
from tests.api.conftest import feature, send
from tests.personas import Citizen, point, staff_browser

REFUSAL = "Beiträge zu geschützten Flächen werden immer zuerst geprüft."


def test_database_refuses_a_protected_campaign_that_publishes_at_once(cells_campaign: Campaign) -> None:
    with pytest.raises(IntegrityError, match="campaign_protected_is_reviewed_first"), transaction.atomic():
        Campaign.objects.filter(pk=cells_campaign.pk).update(moderation=Moderation.POST)


def test_database_refuses_to_protect_a_campaign_that_publishes_at_once(post_campaign: Campaign) -> None:
    with pytest.raises(IntegrityError, match="campaign_protected_is_reviewed_first"), transaction.atomic():
        Campaign.objects.filter(pk=post_campaign.pk).update(publication=Publication.CELLS)


def test_service_refuses_it_with_a_sentence(db: None) -> None:
    new = NewCampaign(slug="x", title="X", publication=Publication.CELLS, moderation=Moderation.POST)
    with pytest.raises(Invalid) as refused:
        create_campaign(new)
    [problems] = refused.value.fields.values()
    assert [problem.params["message"] for problem in problems] == [REFUSAL]


def test_form_refuses_it_with_a_sentence(cells_campaign: Campaign) -> None:
    cells_campaign.moderation = Moderation.POST
    with pytest.raises(ValidationError) as refused:
        cells_campaign.full_clean()
    assert REFUSAL in str(refused.value)


def form_of(browser: Client, campaign: Campaign, fields: dict[str, str]) -> tuple[str, dict[str, Any]]:
    """The address of a campaign's form in the administration, and what the form sends with some fields changed."""
    address = reverse("admin:mapping_campaign_change", args=[campaign.pk])
    form = browser.get(address).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    counts = {
        f"{prefix}-{name}_FORMS": "0"
        for prefix in ("categories", "memberships")
        for name in ("TOTAL", "INITIAL")
    }
    sent = {name: value for name, value in values.items() if value not in (None, False)}
    return address, sent | fields | counts


def test_administration_refuses_it_with_a_sentence(cells_campaign: Campaign, administrator: User) -> None:
    browser = staff_browser(administrator)
    answer = browser.post(*form_of(browser, cells_campaign, {"moderation": "post"}))
    assert answer.status_code == 200
    assert REFUSAL in answer.content.decode()
    cells_campaign.refresh_from_db()
    assert cells_campaign.moderation == Moderation.PRE


def test_contribution_waits_even_where_the_campaign_in_memory_says_otherwise(
    cells_campaign: Campaign, citizen: Citizen
) -> None:
    cells_campaign.moderation = Moderation.POST
    stored = submit(cells_campaign, Submission("spot", point()), citizen.secret)
    assert stored.contribution.status == ContributionStatus.PENDING


def test_one_visitor_does_not_fill_an_area_alone(cells_campaign: Campaign) -> None:
    """Four requests without a cookie: none of them counts before it was reviewed."""
    for _ in range(4):
        assert send(Client(), cells_campaign.slug, feature()).status_code == 201
    statuses = cells_campaign.contributions.values_list("status", flat=True)
    assert set(statuses) == {ContributionStatus.PENDING}


@pytest.mark.parametrize("by", ["citizens", "the city", "the interface", "Open311"])
@pytest.mark.parametrize(("publication", "version"), [("cells", 4), ("points", 7)])
def test_ids_that_we_give_tell_no_moment_where_areas_protect(
    citizen: Citizen, db: None, by: str, publication: str, version: int
) -> None:
    """A UUID of version 7 begins with the millisecond in which it was made."""
    campaign = personas.make_campaign(publication=publication)
    match by:
        case "citizens":
            submit(campaign, Submission("spot", point(), text="Dark"), citizen.secret)
        case "the city":
            submit_city(campaign, Submission("spot", point(), text="Dark"))
        case "the interface":
            assert send(Client(), campaign.slug, feature()).status_code == 201
        case _:
            sent = f"service_code={campaign.slug}.spot&lat=49.4447&long=7.7689&description=Dark&device_id=12345678"
            form = "application/x-www-form-urlencoded"
            answer = Client().post("/open311/v2/requests.json", sent, content_type=form)
            assert answer.status_code == 201, answer.content
    assert campaign.contributions.get().pk.version == version


# --- less protection than was promised ----------------------------------------------------------------------------

LESS = ({"publication": "points"}, {"k": 4}, {"publication": "points", "k": 9}, {"k": 2, "title": "Renamed"})
MORE = ({"k": 6}, {"title": "Renamed"}, {"publication": "cells", "k": 100}, {"closes_at": None})


@pytest.mark.parametrize("fields", LESS)
def test_less_protection_is_refused_once_somebody_contributed(
    cells_campaign: Campaign, fields: dict[str, Any]
) -> None:
    personas.make_contribution(cells_campaign, status=ContributionStatus.PENDING)
    for name, value in fields.items():
        setattr(cells_campaign, name, value)
    with pytest.raises(ValidationError) as refused:
        cells_campaign.full_clean()
    assert set(refused.value.message_dict) <= {"publication", "k"}
    with pytest.raises(IntegrityError, match="under the promise"), transaction.atomic():
        cells_campaign.save()
    with pytest.raises(IntegrityError, match="under the promise"), transaction.atomic():
        Campaign.objects.filter(pk=cells_campaign.pk).update(**fields)


@pytest.mark.parametrize("fields", MORE)
def test_more_protection_is_allowed(cells_campaign: Campaign, fields: dict[str, Any]) -> None:
    personas.make_contribution(cells_campaign)
    for name, value in fields.items():
        setattr(cells_campaign, name, value)
    cells_campaign.full_clean()
    cells_campaign.save()


@pytest.mark.parametrize("fields", LESS)
def test_campaign_to_which_nobody_contributed_may_change(
    cells_campaign: Campaign, fields: dict[str, Any]
) -> None:
    for name, value in fields.items():
        setattr(cells_campaign, name, value)
    cells_campaign.full_clean()
    cells_campaign.save()


def test_campaign_whose_release_is_public_keeps_its_promise_when_all_have_gone(
    cells_campaign: Campaign,
) -> None:
    Release.objects.create(campaign=cells_campaign, number=1, k=5, contributions=9, participants_at_least=5)
    cells_campaign.k = 4
    with pytest.raises(ValidationError):
        cells_campaign.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        cells_campaign.save()


def test_campaign_that_publishes_points_may_protect_by_any_number(campaign: Campaign) -> None:
    personas.make_contribution(campaign)
    campaign.k = 2
    campaign.full_clean()
    campaign.save()
    campaign.publication = Publication.CELLS
    campaign.full_clean()
    campaign.save()


def test_contribution_is_not_moved_to_where_it_is_protected_less(
    cells_campaign: Campaign, campaign: Campaign
) -> None:
    stored = personas.make_contribution(cells_campaign)
    smaller = personas.make_campaign("smaller", publication="cells", k=4)
    larger = personas.make_campaign("larger", publication="cells", k=6)
    for one in (campaign, smaller):
        with pytest.raises(IntegrityError, match="stays protected"), transaction.atomic():
            Contribution.objects.filter(pk=stored.pk).update(campaign=one)
    Contribution.objects.filter(pk=stored.pk).update(campaign=larger)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"publication": "points"}, {"de": "neue Beteiligung an", "en": "make a new campaign"}),
        ({"k": "4"}, {"de": "mindestens 5 Personen", "en": "at least 5 people"}),
    ],
)
def test_administration_says_why_protection_stays(
    cells_campaign: Campaign,
    administrator: User,
    language: str,
    fields: dict[str, str],
    words: dict[str, str],
) -> None:
    personas.make_contribution(cells_campaign)
    browser = staff_browser(administrator)
    browser.cookies["django_language"] = language
    answer = browser.post(*form_of(browser, cells_campaign, fields))
    assert answer.status_code == 200
    assert words[language] in answer.content.decode()
    cells_campaign.refresh_from_db()
    assert (cells_campaign.publication, cells_campaign.k) == (Publication.CELLS, 5)
