"""What is taken back leaves nothing behind but an empty shell."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from django.core.files.storage import default_storage

from accounts.models import User
from mapping.models import (
    Campaign,
    Comment,
    Contribution,
    Footprint,
    ModerationEvent,
    Participant,
    Photo,
    Reply,
    Support,
)
from mapping.services import feedback, moderate
from mapping.services.erase import erase_participant, withdraw
from mapping.services.submit import Submission, submit
from tests import personas
from tests.personas import GOOD_ANSWERS, Citizen, point
from tests.services.test_photos import colourful, files

OnCommit = Callable[..., AbstractContextManager[object]]


@pytest.fixture
def rich(campaign: Campaign, citizen: Citizen, another_citizen: Citizen, moderator: User) -> Contribution:
    """A contribution with everything that can hang on one."""
    sent = Submission("survey", point(), "My name is Ada", GOOD_ANSWERS, zoom=17, photos=[colourful(0)])
    stored = submit(campaign, sent, citizen.secret).contribution
    moderate.edit(stored, moderator, text="My name is [...]", reason="Ada's name")
    moderate.publish(stored, moderator)
    feedback.set_support(stored, 1, another_citizen.secret)
    feedback.set_support(stored, -1, citizen.secret)
    made = feedback.comment(stored, "Hello Ada", another_citizen.secret)
    moderate.publish_comment(made, moderator)
    feedback.reply(stored, moderator, "planned", "Dear Ada")
    return Contribution.objects.get(pk=stored.pk)


def test_withdrawing_empties_the_row(
    rich: Contribution, citizen: Citizen, django_capture_on_commit_callbacks: OnCommit
) -> None:
    assert len(files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(rich)

    shell = Contribution.objects.get()
    assert (shell.pk, shell.status) == (rich.pk, "withdrawn")
    assert (shell.text, shell.answers, shell.geom, shell.geom_laea) == ("", {}, None, None)
    assert (shell.participant, shell.zoom, bytes(shell.fingerprint)) == (None, None, b"")
    assert (shell.support_count, shell.opposition_count, shell.comment_count) == (0, 0, 0)
    for kind in (Photo, Comment, Support, Reply, Footprint):
        assert not kind.objects.exists(), kind
    assert files() == []
    assert "Ada" not in str(list(ModerationEvent.objects.values_list("original", "reason")))
    last = ModerationEvent.objects.filter(contribution=shell).latest("pk")
    assert (last.from_status, last.to_status, last.actor) == ("published", "withdrawn", None)


def test_author_of_whom_nothing_is_left_is_forgotten(rich: Contribution, citizen: Citizen) -> None:
    campaign = rich.campaign
    withdraw(rich)
    assert not Participant.objects.filter(key=bytes_of(citizen, campaign)).exists()


def test_author_of_other_contributions_stays(rich: Contribution, citizen: Citizen) -> None:
    personas.make_contribution(rich.campaign, by=citizen)
    withdraw(rich)
    assert Participant.objects.filter(key=bytes_of(citizen, rich.campaign)).exists()


def bytes_of(citizen: Citizen, campaign: Campaign) -> bytes:
    from mapping.services.identity import participant_key

    return participant_key(campaign, citizen.secret)


def test_withdrawing_twice_is_withdrawing_once(rich: Contribution) -> None:
    withdraw(rich)
    events = ModerationEvent.objects.count()
    withdraw(rich)
    assert ModerationEvent.objects.count() == events


def test_files_stay_until_the_withdrawal_is_final(
    rich: Contribution, django_capture_on_commit_callbacks: OnCommit
) -> None:
    with django_capture_on_commit_callbacks():
        withdraw(rich)
    assert len(files()) == 1
    assert default_storage.exists(files()[0])


def test_erasing_a_person_takes_all_that_they_gave(
    rich: Contribution, campaign: Campaign, citizen: Citizen, another_citizen: Citizen, moderator: User
) -> None:
    other = personas.make_contribution(campaign, by=another_citizen)
    moderate.publish_comment(feedback.comment(other, "By Ada", citizen.secret), moderator)
    feedback.comment(other, "By Ada too", citizen.secret)
    feedback.set_support(other, 1, citizen.secret)
    more = personas.make_contribution(campaign, by=citizen, status=personas.PENDING)

    erase_participant(citizen.participant(campaign))

    rich.refresh_from_db()
    more.refresh_from_db()
    other.refresh_from_db()
    assert (rich.status, more.status, other.status) == ("withdrawn", "withdrawn", "published")
    assert (other.support_count, other.comment_count) == (0, 0)
    assert not Comment.objects.exists()
    assert not Support.objects.exists()
    assert Participant.objects.get() == other.participant
    assert set(Footprint.objects.values_list("contribution", flat=True)) == {other.pk}


def test_erasing_a_person_leaves_their_rows_elsewhere(
    campaign: Campaign, post_campaign: Campaign, citizen: Citizen
) -> None:
    here = personas.make_contribution(campaign, by=citizen)
    there = personas.make_contribution(post_campaign, by=citizen)
    erase_participant(citizen.participant(campaign))
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.status, there.status) == ("withdrawn", "published")


def test_erasing_twice_is_erasing_once(campaign: Campaign, published: Contribution, citizen: Citizen) -> None:
    person = citizen.participant(campaign)
    erase_participant(person)
    erase_participant(person)
    assert not Participant.objects.exists()
