"""Taking back one's own decisions: what it restores, what it records, when it is refused, what stays out."""

import pytest

from accounts.models import Role, User
from mapping.models import (
    Campaign,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    Footprint,
    ModerationEvent,
    Release,
    Reply,
)
from mapping.models.footprint import STATUS_CODES
from mapping.models.moderation.record import ModerationEventQuerySet
from mapping.services import feedback
from mapping.services.erase import withdraw
from mapping.services.errors import Conflict, NotAllowed
from mapping.services.moderation import moderate
from mapping.services.moderation.undo import undo
from mapping.services.submit import Submission, revise
from tests import personas
from tests.personas import STATION, point


def last(item: Contribution | Comment) -> ModerationEvent:
    event = ModerationEventQuerySet(ModerationEvent).about(item).first()
    assert event is not None
    return event


@pytest.mark.parametrize("before", ["pending", "published", "rejected"])
@pytest.mark.parametrize("action", ["publish", "reject"])
def test_undo_restores_the_status_and_records_who_took_back_what(
    campaign: Campaign, moderator: User, before: str, action: str
) -> None:
    if (before, action) in {("published", "publish"), ("rejected", "reject")}:
        return
    stored = personas.make_contribution(campaign, status=ContributionStatus(before))
    moderate.bulk([stored.pk], campaign, action, moderator, "Off topic.")  # type: ignore[arg-type]
    decision = last(stored)
    done = undo([decision.pk], campaign, moderator)
    stored.refresh_from_db()
    assert stored.status == before
    assert Footprint.objects.get().status == STATUS_CODES[before]
    (event,) = done.events
    assert event == last(stored)
    assert (event.undoes, event.actor) == (decision, moderator)
    assert (event.from_status, event.to_status) == (decision.to_status, before)


def test_undo_of_a_comment_counts_comments_anew(published: Contribution, moderator: User) -> None:
    comment = personas.make_comment(published, status=CommentStatus.PENDING)
    moderate.publish_comment(comment, moderator)
    undo([last(comment).pk], published.campaign, moderator)
    comment.refresh_from_db()
    published.refresh_from_db()
    assert (comment.status, published.comment_count) == ("pending", 0)
    assert last(comment).undoes is not None


def test_undo_of_an_edit_restores_every_field(campaign: Campaign, moderator: User) -> None:
    stored = personas.make_contribution(campaign, text="Frau Maier wohnt hier.")
    place = stored.geom
    moderate.edit(stored, moderator, text="(Name)", category="anything", geometry=point(STATION))
    done = undo([last(stored).pk], campaign, moderator)
    stored.refresh_from_db()
    assert (stored.text, stored.category.slug, stored.status) == (
        "Frau Maier wohnt hier.",
        "spot",
        "published",
    )
    assert stored.geom is not None
    assert stored.geom.equals_exact(place, 1e-9)
    assert done.events[0].original["text"] == "(Name)"
    assert not done.was_public


def test_undo_is_refused_after_a_colleagues_decision(
    pending: Contribution, moderator: User, manager: User
) -> None:
    moderate.publish(pending, moderator)
    decision = last(pending)
    moderate.reject(pending, manager, "Off topic.")
    done = undo([decision.pk], pending.campaign, moderator)
    pending.refresh_from_db()
    assert (done.events, done.refused, pending.status) == ([], [decision], "rejected")


def test_undo_is_refused_where_a_colleague_came_to_the_same_status_again(
    pending: Contribution, moderator: User, manager: User
) -> None:
    moderate.publish(pending, moderator)
    decision = last(pending)
    moderate.reject(pending, manager, "Off topic.")
    moderate.publish(pending, manager)
    assert undo([decision.pk], pending.campaign, moderator).refused == [decision]
    pending.refresh_from_db()
    assert pending.status == "published"


def test_undo_is_refused_after_a_change_of_the_author(
    campaign: Campaign, citizen: personas.Citizen, moderator: User
) -> None:
    Campaign.objects.update(moderation="post")
    stored = personas.make_contribution(campaign, by=citizen, status=ContributionStatus.PENDING)
    moderate.publish(stored, moderator)
    decision = last(stored)
    revise(stored, Submission("spot", point(), "Other words"))
    assert undo([decision.pk], campaign, moderator).refused == [decision]


def test_undo_happens_once(pending: Contribution, moderator: User) -> None:
    moderate.publish(pending, moderator)
    decision = last(pending)
    undo([decision.pk], pending.campaign, moderator)
    assert undo([decision.pk], pending.campaign, moderator).refused == [decision]
    taken_back = last(pending)
    assert undo([taken_back.pk], pending.campaign, moderator).refused == [taken_back]
    pending.refresh_from_db()
    assert pending.status == "pending"


def test_arrival_is_no_decision_to_take_back(pending: Contribution, moderator: User) -> None:
    arrival = last(pending)
    ModerationEvent.objects.filter(pk=arrival.pk).update(actor=moderator)
    assert undo([arrival.pk], pending.campaign, moderator).refused == [arrival]


def test_decision_of_a_colleague_is_decided_anew_instead(
    pending: Contribution, moderator: User, manager: User
) -> None:
    moderate.publish(pending, manager)
    with pytest.raises(NotAllowed) as refused:
        undo([last(pending).pk], pending.campaign, moderator)
    assert refused.value.code == "not_own_decision"


def test_decisions_of_other_campaigns_are_not_found(
    pending: Contribution, post_campaign: Campaign, moderator: User
) -> None:
    moderate.publish(pending, moderator)
    boss = personas.make_user("boss@example.org", is_superuser=True)
    done = undo([last(pending).pk], post_campaign, boss)
    assert (done.events, done.refused) == ([], [])


def test_withdrawn_contributions_are_gone(pending: Contribution, moderator: User) -> None:
    moderate.publish(pending, moderator)
    decision = last(pending).pk
    campaign = pending.campaign
    withdraw(pending)
    done = undo([decision], campaign, moderator)
    assert (done.events, done.refused) == ([], [])


def test_many_are_taken_back_and_what_changed_is_left(
    campaign: Campaign, moderator: User, manager: User
) -> None:
    made = [personas.make_contribution(campaign, status=ContributionStatus.PENDING) for _ in range(3)]
    result = moderate.bulk([one.pk for one in made], campaign, "publish", moderator)
    moderate.reject(made[1], manager, "Off topic.")
    done = undo(result.events, campaign, moderator)
    assert (len(done.events), len(done.refused)) == (2, 1)
    assert [Contribution.objects.get(pk=one.pk).status for one in made] == ["pending", "rejected", "pending"]


def test_undo_says_that_words_were_public(pending: Contribution, moderator: User) -> None:
    moderate.publish(pending, moderator)
    done = undo([last(pending).pk], pending.campaign, moderator)
    assert (done.was_public, done.was_released, done.author_may_know) == (True, False, False)


def test_undo_says_that_the_author_may_have_read_the_rejection(
    pending: Contribution, moderator: User
) -> None:
    moderate.reject(pending, moderator, "Off topic.")
    done = undo([last(pending).pk], pending.campaign, moderator)
    assert (done.was_public, done.was_released, done.author_may_know) == (False, False, True)


@pytest.mark.parametrize("is_released", [False, True])
def test_undo_says_that_numbers_were_released(db: None, is_released: bool) -> None:
    campaign = personas.make_campaign(publication="cells")
    moderator = personas.make_user("m@example.org", campaign, Role.MODERATOR)
    stored = personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    numbers = {"k": campaign.k, "contributions": 0, "participants_at_least": 0}
    Release.objects.create(campaign=campaign, number=1, **numbers)
    moderate.publish(stored, moderator)
    if is_released:
        Release.objects.create(campaign=campaign, number=2, **numbers)
    done = undo([last(stored).pk], campaign, moderator)
    assert (done.was_public, done.was_released) == (False, is_released)


def test_author_reads_no_reason_of_a_rejection_taken_back(pending: Contribution, moderator: User) -> None:
    moderate.reject(pending, moderator, "First reason.")
    moderate.publish(pending, moderator)
    moderate.reject(pending, moderator, "By mistake.")
    undo([last(pending).pk], pending.campaign, moderator)
    moderate.reject(pending, moderator, "Second reason.")
    reasons = ModerationEventQuerySet(ModerationEvent).rejections().values_list("reason", flat=True)
    assert list(reasons) == ["Second reason.", "First reason."]


def test_reply_is_taken_back_and_stays_in_the_record(published: Contribution, moderator: User) -> None:
    reply = feedback.reply(published, moderator, "done", "Lamps are up.")
    assert feedback.take_back_reply(reply, moderator, expected=feedback.digest_of(reply))
    assert not Reply.objects.exists()
    event = last(published)
    assert (event.actor, event.original) == (moderator, {"reply": "Lamps are up."})


def test_corrected_reply_is_not_taken_back(published: Contribution, moderator: User) -> None:
    reply = feedback.reply(published, moderator, "done", "Lamps are up.")
    seen = feedback.digest_of(reply)
    Reply.objects.update(text="Lamps come in autumn.")
    with pytest.raises(Conflict):
        feedback.take_back_reply(reply, moderator, expected=seen)
    assert Reply.objects.exists()


def test_reply_of_a_colleague_is_not_taken_back(
    published: Contribution, moderator: User, manager: User
) -> None:
    reply = feedback.reply(published, manager, "done", "Lamps are up.")
    with pytest.raises(NotAllowed):
        feedback.take_back_reply(reply, moderator, expected=feedback.digest_of(reply))
    assert Reply.objects.exists()


def test_edit_whose_original_was_erased_is_not_taken_back(published: Contribution, manager: User) -> None:
    moderate.edit(published, manager, text="(Name)")
    event = last(published)
    moderate.erase_original(event, manager)
    done = undo([event.pk], published.campaign, manager)
    assert (done.events, done.refused) == ([], [event])
    assert last(published) == event
