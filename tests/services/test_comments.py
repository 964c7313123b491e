"""Answers to comments, one level deep, and support for comments, counted once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from mapping.models import Campaign, Comment, CommentStatus, CommentSupport, Contribution, Participant, Phase
from mapping.services import feedback
from mapping.services.erase import erase_participant
from mapping.services.errors import DomainError, Invalid, NotAllowed, TooMany
from mapping.services.identity import number_who_took_part
from mapping.services.moderation import moderate
from tests import personas
from tests.personas import Citizen

pytestmark = pytest.mark.django_db


def test_an_answer_hangs_on_its_comment_and_waits_like_others(
    published: Contribution, another_citizen: Citizen
) -> None:
    parent = personas.make_comment(published)
    made = feedback.comment(published, "Why?", another_citizen.secret, parent=parent.public_id)
    assert (made.parent, made.answers_comment, made.status) == (parent, True, "pending")
    again = feedback.comment(published, "Why?", another_citizen.secret, parent=parent.public_id)
    assert again == made
    # The same words below the contribution itself are something else.
    assert feedback.comment(published, "Why?", another_citizen.secret) != made


def test_answers_are_counted_as_comments(post_campaign: Campaign, citizen: Citizen) -> None:
    stored = personas.make_contribution(post_campaign)
    parent = feedback.comment(stored, "I agree", citizen.secret)
    feedback.comment(stored, "Why?", citizen.secret, parent=parent.public_id)
    stored.refresh_from_db()
    assert stored.comment_count == 2


@pytest.mark.parametrize(
    ("parent", "code"),
    [
        ("nothing", "no_such_comment"),
        ("pending", "no_such_comment"),
        ("elsewhere", "no_such_comment"),
        ("answer", "answer_to_answer"),
    ],
)
def test_only_public_comments_of_the_contribution_are_answered(
    published: Contribution, citizen: Citizen, parent: str, code: str
) -> None:
    comment = personas.make_comment(published)
    parents = {
        "nothing": uuid.uuid4(),
        "pending": personas.make_comment(published, status=CommentStatus.PENDING).public_id,
        "elsewhere": personas.make_comment(personas.make_contribution(published.campaign)).public_id,
        "answer": personas.make_comment(published, parent=comment).public_id,
    }
    number = Comment.objects.count()
    with pytest.raises(Invalid) as refused:
        feedback.comment(published, "Why?", citizen.secret, parent=parents[parent])
    assert refused.value.fields["parent"][0].code == code
    assert Comment.objects.count() == number


def test_an_answer_outlives_the_comment_that_it_is_to(
    published: Contribution, another_citizen: Citizen
) -> None:
    parent = personas.make_comment(published, by=another_citizen)
    answer = personas.make_comment(published, "Why?", parent=parent)
    erase_participant(another_citizen.participant(published.campaign))
    answer.refresh_from_db()
    assert (answer.parent, answer.answers_comment) == (None, True)
    published.refresh_from_db()
    assert published.comment_count == 1


def test_comments_are_supported_once(
    published: Contribution, citizen: Citizen, another_citizen: Citizen
) -> None:
    comment = personas.make_comment(published)
    for person, expected in ((citizen, 1), (citizen, 1), (another_citizen, 2)):
        assert feedback.support_comment(comment, person.secret).support_count == expected
    assert feedback.take_back_comment_support(comment, citizen.secret).support_count == 1
    assert feedback.take_back_comment_support(comment, citizen.secret).support_count == 1
    comment.refresh_from_db()
    assert comment.support_count == CommentSupport.objects.count() == 1
    published.refresh_from_db()
    assert published.support_count == 0


def test_who_takes_support_for_a_comment_back_is_forgotten(
    published: Contribution, another_citizen: Citizen
) -> None:
    comment = personas.make_comment(published)
    before = Participant.objects.count()
    feedback.support_comment(comment, another_citizen.secret)
    assert Participant.objects.count() == before + 1
    feedback.take_back_comment_support(comment, another_citizen.secret)
    assert Participant.objects.count() == before


@pytest.mark.parametrize("status", [CommentStatus.PENDING, CommentStatus.REJECTED])
def test_comments_that_are_not_public_are_not_supported(
    published: Contribution, citizen: Citizen, status: CommentStatus
) -> None:
    comment = personas.make_comment(published, status=status)
    for write in (feedback.support_comment, feedback.take_back_comment_support):
        with pytest.raises(NotAllowed) as refused:
            write(comment, citizen.secret)
        assert refused.value.code == "gone"


def test_support_for_comments_follows_the_rules_for_support(campaign: Campaign, citizen: Citizen) -> None:
    comment = personas.make_comment(personas.make_contribution(campaign))
    Campaign.objects.filter(pk=campaign.pk).update(allows_support=False)
    with pytest.raises(NotAllowed) as refused:
        feedback.support_comment(comment, citizen.secret)
    assert refused.value.code == "support_off"
    Campaign.objects.filter(pk=campaign.pk).update(allows_support=True, closes_at=timezone.now())
    with pytest.raises(DomainError):
        feedback.support_comment(comment, citizen.secret)
    assert not CommentSupport.objects.exists()


def test_support_for_comments_waits_for_its_phase(campaign: Campaign, citizen: Citizen) -> None:
    comment = personas.make_comment(personas.make_contribution(campaign))
    now = timezone.now()
    Phase.objects.create(
        campaign=campaign,
        title="Comments",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        allows=["comment"],
    )
    with pytest.raises(NotAllowed) as refused:
        feedback.support_comment(comment, citizen.secret)
    assert refused.value.code == "phase_closed"


def test_support_for_comments_is_limited_together_with_other_reactions(
    published: Contribution, citizen: Citizen, settings: Settings
) -> None:
    settings.FEEDBACK_PER_MINUTE = 2
    first, second = (personas.make_comment(published) for _time in range(2))
    feedback.set_support(published, 1, citizen.secret)
    feedback.support_comment(first, citizen.secret)
    feedback.support_comment(first, citizen.secret)
    with pytest.raises(TooMany):
        feedback.support_comment(second, citizen.secret)


def test_erasure_takes_support_for_comments_along(published: Contribution, another_citizen: Citizen) -> None:
    comment = personas.make_comment(published)
    feedback.support_comment(comment, another_citizen.secret)
    erase_participant(another_citizen.participant(published.campaign))
    comment.refresh_from_db()
    assert comment.support_count == CommentSupport.objects.count() == 0


def test_people_who_support_comments_took_part(published: Contribution, another_citizen: Citizen) -> None:
    campaign = published.campaign
    comment = personas.make_comment(published)
    before = number_who_took_part(campaign, is_public=True)
    feedback.support_comment(comment, another_citizen.secret)
    assert number_who_took_part(campaign, is_public=True) == before + 1
    moderate.reject_comment(comment, personas.make_user("admin@example.org", is_superuser=True))
    assert number_who_took_part(campaign, is_public=True) == before - 1
    assert number_who_took_part(campaign, is_public=False) == before + 1
