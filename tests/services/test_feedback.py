"""Comments, support and replies: on public contributions, while the campaign wants them, each counted once."""

import pytest

from accounts.models import User
from mapping.models import Campaign, Comment, Contribution, ContributionStatus, Participant, Reply, Support
from mapping.services import feedback
from mapping.services.erase import withdraw
from mapping.services.errors import DomainError, Invalid, NotAllowed
from mapping.services.feedback import SupportState
from tests import personas
from tests.personas import Citizen


def test_comment_waits_for_review(published: Contribution, another_citizen: Citizen) -> None:
    made = feedback.comment(published, " I <b>agree</b>\x00 ", another_citizen.secret)
    published.refresh_from_db()
    assert (made.text, made.status, published.comment_count) == ("I <b>agree</b>", "pending", 0)
    event = made.moderation_events.get()
    assert (event.from_status, event.to_status, event.actor) == ("", "pending", None)


def test_comment_is_public_at_once_where_review_comes_later(
    post_campaign: Campaign, another_citizen: Citizen
) -> None:
    stored = personas.make_contribution(post_campaign)
    assert feedback.comment(stored, "I agree", another_citizen.secret).status == "published"
    stored.refresh_from_db()
    assert stored.comment_count == 1


def test_same_words_again_are_the_same_comment(
    published: Contribution, citizen: Citizen, another_citizen: Citizen
) -> None:
    first = feedback.comment(published, "I agree", citizen.secret)
    assert feedback.comment(published, "I agree ", citizen.secret) == first
    assert feedback.comment(published, "I agree", another_citizen.secret) != first
    assert Comment.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "required"), (" \u200b\n", "required"), ("x" * 2001, "too_long"), (5, "not_a_text")],
)
def test_bad_comments_are_refused(published: Contribution, citizen: Citizen, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        feedback.comment(published, text, citizen.secret)
    assert refused.value.fields["text"][0].code == code


def test_support_counts_once(published: Contribution, citizen: Citizen, another_citizen: Citizen) -> None:
    assert feedback.set_support(published, 1, citizen.secret) == SupportState(1, 0, 1)
    assert feedback.set_support(published, 1, citizen.secret) == SupportState(1, 0, 1)
    assert feedback.set_support(published, -1, another_citizen.secret) == SupportState(1, 1, -1)
    assert feedback.set_support(published, -1, citizen.secret) == SupportState(0, 2, -1)
    assert feedback.set_support(published, 0, citizen.secret) == SupportState(0, 1, 0)
    assert feedback.set_support(published, 0, citizen.secret) == SupportState(0, 1, 0)
    published.refresh_from_db()
    assert (published.support_count, published.opposition_count, Support.objects.count()) == (0, 1, 1)


def test_who_takes_back_all_they_said_is_forgotten(published: Contribution, another_citizen: Citizen) -> None:
    feedback.set_support(published, 1, another_citizen.secret)
    assert Participant.objects.count() == 2
    feedback.set_support(published, 0, another_citizen.secret)
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("value", [2, -2, True, None, "1", 0.5, [1]])
def test_other_opinions_do_not_exist(published: Contribution, citizen: Citizen, value: int) -> None:
    with pytest.raises(Invalid):
        feedback.set_support(published, value, citizen.secret)


@pytest.mark.parametrize(
    ("setting", "code"),
    [
        ("allows_comments", "comments_off"),
        ("allows_support", "support_off"),
        ("allows_opposition", "opposition_off"),
    ],
)
def test_campaign_decides_what_reactions_it_wants(
    published: Contribution, citizen: Citizen, setting: str, code: str
) -> None:
    Campaign.objects.update(**{setting: False})
    react = {
        "comments_off": lambda: feedback.comment(published, "Text", citizen.secret),
        "support_off": lambda: feedback.set_support(published, 1, citizen.secret),
        "opposition_off": lambda: feedback.set_support(published, -1, citizen.secret),
    }
    for name, reaction in react.items():
        if name == code:
            with pytest.raises(NotAllowed) as refused:
                reaction()
            assert refused.value.code == code
        else:
            reaction()


@pytest.mark.parametrize(
    ("fixture", "status", "code"),
    [
        ("campaign", "pending", "not_public"),
        ("campaign", "rejected", "not_public"),
        ("cells_campaign", "published", "not_public"),
        ("draft_campaign", "published", "not_public"),
        ("closed_campaign", "published", "campaign_closed"),
        ("upcoming_campaign", "published", "campaign_upcoming"),
    ],
)
def test_reactions_need_a_public_contribution_of_an_open_campaign(
    request: pytest.FixtureRequest, citizen: Citizen, fixture: str, status: str, code: str
) -> None:
    stored = personas.make_contribution(request.getfixturevalue(fixture), status=ContributionStatus(status))
    for react in (
        lambda: feedback.comment(stored, "Text", citizen.secret),
        lambda: feedback.set_support(stored, 1, citizen.secret),
        lambda: feedback.set_support(stored, 0, citizen.secret),
    ):
        with pytest.raises(NotAllowed) as refused:
            react()
        assert refused.value.code == code
    assert not Comment.objects.exists()
    assert not Support.objects.exists()


def test_reactions_to_what_was_withdrawn_or_deleted_are_refused(
    published: Contribution, citizen: Citizen, another_citizen: Citizen
) -> None:
    withdraw(published)
    with pytest.raises(DomainError):
        feedback.comment(published, "Text", another_citizen.secret)
    Contribution.objects.all().delete()
    with pytest.raises(DomainError):
        feedback.set_support(published, 1, another_citizen.secret)


def test_city_replies(published: Contribution, moderator: User) -> None:
    feedback.reply(published, moderator, "under_review", "We look into it.")
    feedback.reply(published, moderator, "done", "The lamps shine again.")
    newest = published.replies.first()
    assert newest is not None
    assert (newest.status, newest.author) == ("done", moderator)


def test_replies_are_checked(published: Contribution, moderator: User, analyst: User, outsider: User) -> None:
    for status, text, field in (
        ("maybe", "Text", "status"),
        ("done", " ", "text"),
        ("done", "x" * 5001, "text"),
    ):
        with pytest.raises(Invalid) as refused:
            feedback.reply(published, moderator, status, text)
        assert set(refused.value.fields) == {field}
    for user in (analyst, outsider):
        with pytest.raises(NotAllowed):
            feedback.reply(published, user, "done", "Text")
    withdraw(published)
    with pytest.raises(DomainError):
        feedback.reply(published, moderator, "done", "Text")
    assert not Reply.objects.exists()
