"""Who does something too often is told when to go on; nobody else notices."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Comment, Contribution
from mapping.services import feedback
from mapping.services.errors import TooMany
from mapping.services.submit import Submission, revise, submit
from tests import personas
from tests.personas import Citizen, point


def test_two_hundred_submissions_in_a_minute_are_limited(campaign: Campaign, citizen: Citizen) -> None:
    start = timezone.now()
    refused = 0
    for number in range(200):
        at = start + timedelta(seconds=number * 0.25)
        try:
            submit(campaign, Submission("spot", point(), f"Number {number}"), citizen.secret, at=at)
        except TooMany as error:
            refused += 1
            assert 1 <= error.retry_after <= 60
            assert error.params == {"retry_after": error.retry_after}
    assert Contribution.objects.count() == 20
    assert refused == 180


def test_waiting_as_long_as_told_helps(campaign: Campaign, citizen: Citizen, settings: Settings) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 2
    start = timezone.now()
    for second in (0, 10):
        submit(campaign, Submission("spot", point()), citizen.secret, at=start + timedelta(seconds=second))
    now = start + timedelta(seconds=25.5)
    with pytest.raises(TooMany) as refused:
        submit(campaign, Submission("spot", point()), citizen.secret, at=now)
    assert refused.value.retry_after == 35
    later = now + timedelta(seconds=refused.value.retry_after)
    assert submit(campaign, Submission("spot", point()), citizen.secret, at=later).created
    with pytest.raises(TooMany):
        submit(campaign, Submission("spot", point()), citizen.secret, at=later)


def test_limit_is_per_person_and_campaign(
    campaign: Campaign,
    post_campaign: Campaign,
    citizen: Citizen,
    another_citizen: Citizen,
    settings: Settings,
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 1
    for where, who in ((campaign, citizen), (campaign, another_citizen), (post_campaign, citizen)):
        assert submit(where, Submission("spot", point()), who.secret).created


def test_sending_the_same_again_does_not_count(
    campaign: Campaign, citizen: Citizen, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 2
    submission = Submission("spot", point(), id=uuid4())
    for _ in range(10):
        submit(campaign, submission, citizen.secret)
    assert submit(campaign, Submission("spot", point()), citizen.secret).created


def test_comments_and_support_share_a_limit(
    published: Contribution, another_citizen: Citizen, settings: Settings
) -> None:
    settings.FEEDBACK_PER_MINUTE = 3
    other = personas.make_contribution(published.campaign)
    feedback.comment(published, "One", another_citizen.secret)
    feedback.comment(published, "Two", another_citizen.secret)
    feedback.set_support(published, 1, another_citizen.secret)
    with pytest.raises(TooMany):
        feedback.comment(published, "Three", another_citizen.secret)
    with pytest.raises(TooMany):
        feedback.set_support(other, 1, another_citizen.secret)
    # What changes nothing is no burden, and taking back must always be possible.
    feedback.comment(published, "Two", another_citizen.secret)
    feedback.set_support(published, 1, another_citizen.secret)
    feedback.set_support(published, 0, another_citizen.secret)
    assert Comment.objects.count() == 2


def test_changing_ones_own_again_and_again_is_limited(published: Contribution, settings: Settings) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 3
    for number in range(2):
        revise(published, Submission("spot", point(), f"Version {number}"))
    with pytest.raises(TooMany) as refused:
        revise(published, Submission("spot", point(), "Version 2"))
    assert 1 <= refused.value.retry_after <= 60
    published.refresh_from_db()
    assert published.text == "Version 1"
    later = timezone.now() + timedelta(seconds=refused.value.retry_after)
    assert revise(published, Submission("spot", point(), "Final"), at=later).text == "Final"


def test_limit_of_zero_stops_everything(campaign: Campaign, citizen: Citizen, settings: Settings) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 0
    with pytest.raises(TooMany) as refused:
        submit(campaign, Submission("spot", point()), citizen.secret)
    assert refused.value.retry_after == 60
