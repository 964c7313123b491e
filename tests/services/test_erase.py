"""What is taken back leaves nothing behind but a hash of its id."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from hashlib import sha256

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

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
    Withdrawal,
)
from mapping.models.contribution import new_contribution_id
from mapping.services import feedback
from mapping.services.erase import erase_participant, withdraw
from mapping.services.errors import Conflict
from mapping.services.moderation import moderate
from mapping.services.photos.pictures import EncodedPhoto
from mapping.services.submit import Submission, submit, submit_city
from tests import personas
from tests.personas import GOOD_ANSWERS, Citizen, point
from tests.services.photos.test_attachments import colourful, files

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


def test_withdrawing_deletes_everything(
    rich: Contribution, citizen: Citizen, django_capture_on_commit_callbacks: OnCommit
) -> None:
    assert len(files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        withdraw(rich)
    for kind in (Contribution, Photo, Comment, Support, Reply, Footprint, ModerationEvent):
        assert not kind.objects.exists(), kind
    assert files() == []
    left = Withdrawal.objects.get()
    assert (bytes(left.digest), left.campaign, left.actor) == (
        sha256(rich.pk.bytes).digest(),
        rich.campaign,
        None,
    )


def test_record_names_who_of_the_staff_took_something_away(
    rich: Contribution, manager: User, caplog: pytest.LogCaptureFixture
) -> None:
    person = rich.participant
    assert person is not None
    other = personas.make_contribution(rich.campaign)
    withdraw(other, actor=manager)
    erase_participant(person, actor=manager)
    assert list(Withdrawal.objects.values_list("actor", flat=True)) == [manager.pk] * 2
    assert [record.getMessage() for record in caplog.records if record.name == "geoparticipation.access"] == [
        f"user={manager.pk} campaign={rich.campaign.slug} view={what}" for what in ("withdraw", "erase")
    ]


def test_no_way_brings_a_withdrawn_id_back(rich: Contribution, campaign: Campaign) -> None:
    """The database itself refuses it, whichever path is taken and however many rows come at once."""
    pk = rich.pk
    withdraw(rich)
    again = [
        Contribution(campaign=campaign, category=personas.category_of(campaign, "spot"), id=one)
        for one in (new_contribution_id(), pk)
    ]
    with pytest.raises(IntegrityError, match="was withdrawn"), transaction.atomic():
        Contribution.objects.bulk_create(again)
    with pytest.raises(Conflict) as refused:
        submit_city(campaign, Submission("spot", point(), id=pk))
    assert refused.value.code == "id_taken"


def test_repetition_that_waited_for_the_withdrawal_brings_nothing_back(
    campaign: Campaign, citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It looked before the contribution was stored, and stores after it was withdrawn."""
    sent = Submission("spot", point(), "Once", id=new_contribution_id())

    def meanwhile(*_: object) -> list[EncodedPhoto]:
        monkeypatch.undo()
        withdraw(submit(campaign, sent, citizen.secret).contribution)
        return []

    monkeypatch.setattr("mapping.services.submit.encoded", meanwhile)
    with pytest.raises(Conflict) as refused:
        submit(campaign, sent, citizen.secret)
    assert refused.value.code == "withdrawn"
    assert not Contribution.objects.exists()


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
    withdraw(rich)
    assert Withdrawal.objects.count() == 1


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

    other.refresh_from_db()
    assert Contribution.objects.get() == other
    assert Withdrawal.objects.ids_among([rich.pk, more.pk, other.pk]) == {rich.pk, more.pk}
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
    assert not Contribution.objects.filter(pk=here.pk).exists()
    assert Contribution.objects.get() == there


def test_erasing_twice_is_erasing_once(campaign: Campaign, published: Contribution, citizen: Citizen) -> None:
    person = citizen.participant(campaign)
    erase_participant(person)
    erase_participant(person)
    assert not Participant.objects.exists()
