"""Contributions come in, once, checked, with the author's private link."""

import pytest

from mapping.models import Campaign, Contribution, Footprint
from mapping.services.submit import Submission, submit
from tests.personas import Citizen, line, point


@pytest.mark.django_db
def test_a_point_waits_for_review(campaign: Campaign, citizen: Citizen) -> None:
    submitted = submit(campaign, Submission("spot", point(), "Dark <b>here</b>"), citizen.secret)
    stored = Contribution.objects.get()
    assert submitted.created
    assert submitted.is_author
    assert stored.text == "Dark <b>here</b>"
    assert stored.status == "pending"
    assert Footprint.objects.count() == 1
    submit(campaign, Submission("street", line()), citizen.secret)
    assert Footprint.objects.count() > 2
