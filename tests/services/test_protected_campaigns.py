"""Campaigns that publish protected areas are always reviewed first, whatever they were told."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from mapping.models import Campaign, ContributionStatus, Moderation, Publication
from mapping.services.campaigns import NewCampaign, create_campaign
from mapping.services.errors import Invalid
from mapping.services.submit import Submission, submit
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


def test_administration_refuses_it_with_a_sentence(cells_campaign: Campaign, administrator: User) -> None:
    browser = staff_browser(administrator)
    address = reverse("admin:mapping_campaign_change", args=[cells_campaign.pk])
    form = browser.get(address).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    answer = browser.post(
        address,
        {name: value for name, value in values.items() if value not in (None, False)}
        | {"moderation": "post"}
        | {
            f"{prefix}-{name}_FORMS": "0"
            for prefix in ("categories", "memberships")
            for name in ("TOTAL", "INITIAL")
        },
    )
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
