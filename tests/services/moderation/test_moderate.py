"""Decisions of the staff: allowed transitions, kept originals, recorded reasons, nobody overrules unseen."""

import uuid

import pytest

from accounts.models import User
from mapping.forms.contribution import ContributionForm
from mapping.models import (
    Audience,
    Campaign,
    CommentStatus,
    Contribution,
    ContributionStatus,
    Footprint,
    ModerationEvent,
    Question,
)
from mapping.models.footprint import STATUS_CODES
from mapping.services.erase import withdraw
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from mapping.services.moderation import moderate
from tests import personas
from tests.personas import GOOD_ANSWERS


def events(contribution: Contribution) -> list[tuple[str, str, str]]:
    """What was decided about a contribution, without its arrival."""
    found = contribution.moderation_events.order_by("pk")[1:]
    return [(event.from_status, event.to_status, event.reason) for event in found]


def test_publishing_shows_a_contribution_and_records_who(pending: Contribution, moderator: User) -> None:
    published = moderate.publish(pending, moderator, expected="pending")
    pending.refresh_from_db()
    assert published.status == pending.status == "published"
    assert events(pending) == [("pending", "published", "")]
    assert pending.moderation_events.latest("pk").actor == moderator
    assert Footprint.objects.get().status == STATUS_CODES["published"]


def test_rejecting_needs_a_reason(pending: Contribution, moderator: User) -> None:
    for reason in ("", " \n", "\u200b"):
        with pytest.raises(Invalid) as refused:
            moderate.reject(pending, moderator, reason)
        assert refused.value.fields["reason"][0].code == "reason_required"
    moderate.reject(pending, moderator, "Names a person")
    assert events(pending) == [("pending", "rejected", "Names a person")]
    assert Footprint.objects.get().status == STATUS_CODES["rejected"]


@pytest.mark.parametrize(
    ("before", "action", "allowed"),
    [
        ("pending", "publish", True),
        ("pending", "reject", True),
        ("published", "publish", False),
        ("published", "reject", True),
        ("rejected", "publish", True),
        ("rejected", "reject", False),
    ],
)
def test_transitions(pending: Contribution, moderator: User, before: str, action: str, allowed: bool) -> None:
    Contribution.objects.filter(pk=pending.pk).update(status=before)

    def decide() -> Contribution:
        if action == "publish":
            return moderate.publish(pending, moderator)
        return moderate.reject(pending, moderator, "Because")

    if allowed:
        assert decide().status == {"publish": "published", "reject": "rejected"}[action]
    else:
        with pytest.raises(NotAllowed) as refused:
            decide()
        assert refused.value.code == "wrong_status"
        assert events(pending) == []


def test_nothing_is_decided_about_a_withdrawn_contribution(pending: Contribution, moderator: User) -> None:
    withdraw(pending)
    for decide in (
        lambda: moderate.publish(pending, moderator),
        lambda: moderate.reject(pending, moderator, "Because"),
        lambda: moderate.edit(pending, moderator, text="New"),
    ):
        with pytest.raises(DomainError):
            decide()
    assert not Contribution.objects.exists()


def test_second_moderator_learns_that_somebody_was_faster(pending: Contribution, moderator: User) -> None:
    moderate.reject(pending, moderator, "Because", expected="pending")
    with pytest.raises(Conflict) as refused:
        moderate.publish(pending, moderator, expected="pending")
    assert (refused.value.code, refused.value.params) == ("status_changed", {"status": "rejected"})


@pytest.mark.parametrize("who", ["analyst", "outsider"])
def test_only_moderators_decide(request: pytest.FixtureRequest, pending: Contribution, who: str) -> None:
    user: User = request.getfixturevalue(who)
    comment = personas.make_comment(pending, status=CommentStatus.PENDING)
    for decide in (
        lambda: moderate.publish(pending, user),
        lambda: moderate.reject(pending, user, "Because"),
        lambda: moderate.edit(pending, user, text="New"),
        lambda: moderate.bulk([pending.pk], pending.campaign, "publish", user),
        lambda: moderate.publish_comment(comment, user),
        lambda: moderate.reject_comment(comment, user),
    ):
        with pytest.raises(NotAllowed) as refused:
            decide()
        assert refused.value.code == "not_member"
    pending.refresh_from_db()
    assert pending.status == "pending"


# --- editing --------------------------------------------------------------------------------------------------


def test_edit_keeps_the_original_and_the_status(published: Contribution, moderator: User) -> None:
    moderate.edit(published, moderator, text="Here it is [...].", reason="Name removed")
    published.refresh_from_db()
    assert (published.text, published.status) == ("Here it is [...].", "published")
    event = published.moderation_events.latest("pk")
    assert event.original == {"text": "Here it is dark."}
    assert (event.actor, event.reason) == (moderator, "Name removed")


def test_edit_without_a_change_is_no_event(published: Contribution, moderator: User) -> None:
    moderate.edit(published, moderator, text="Here it is dark.", category="spot", reason="Nothing")
    assert events(published) == []


def test_edited_place_moves_on_the_heat_map_too(published: Contribution, moderator: User) -> None:
    before = Footprint.objects.get().cell
    moderate.edit(published, moderator, geometry=personas.point(personas.UNIVERSITY))
    assert Footprint.objects.get().cell != before
    original = published.moderation_events.latest("pk").original
    assert original == {"geometry": {"type": "Point", "coordinates": list(personas.TOWN_HALL)}}


def test_other_category_keeps_the_answers_that_fit(moderator: User, campaign: Campaign) -> None:
    stored = personas.make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    Question.objects.create(
        category=personas.category_of(campaign, "spot"), slug="scale", title="How bad?", kind="scale"
    )
    moderate.edit(stored, moderator, category="spot")
    stored.refresh_from_db()
    assert (stored.category.slug, stored.answers) == ("spot", {"scale": 4})
    assert stored.moderation_events.latest("pk").original == {"category": "survey", "answers": GOOD_ANSWERS}
    assert Footprint.objects.get().category_id == stored.category_id


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "x" * 5001}, "text"),
        ({"category": "nowhere"}, "category"),
        ({"category": "street"}, "geometry"),
        ({"category": "idea"}, "geometry"),
        ({"geometry": personas.point(personas.OUTSIDE)}, "geometry"),
        ({"answers": {"stranger": 1}}, "answers.stranger"),
        ({"text": "New", "reason": "x" * 1001}, "reason"),
    ],
)
def test_edits_are_checked(
    published: Contribution, moderator: User, change: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        moderate.edit(published, moderator, **change)  # type: ignore[arg-type]
    assert set(refused.value.fields) == {field}
    published.refresh_from_db()
    assert (published.text, published.category.slug) == ("Here it is dark.", "spot")


def test_staff_need_not_answer_what_citizens_must(moderator: User, campaign: Campaign) -> None:
    stored = personas.make_contribution(campaign, category="survey")
    assert moderate.edit(stored, moderator, answers={"scale": 2}).answers == {"scale": 2}


# --- many at once ---------------------------------------------------------------------------------------------


def test_bulk_decides_what_it_can_and_counts_the_rest(
    pending: Contribution, moderator: User, post_campaign: Campaign
) -> None:
    campaign = pending.campaign
    more = personas.make_contribution(campaign, status=ContributionStatus.PENDING)
    done_before = personas.make_contribution(campaign)
    elsewhere = personas.make_contribution(post_campaign, status=ContributionStatus.PENDING)
    gone = personas.make_contribution(campaign)
    withdraw(gone)
    ids = [pending.pk, more.pk, done_before.pk, elsewhere.pk, gone.pk, uuid.uuid4(), pending.pk]

    result = moderate.bulk(ids, campaign, "publish", moderator)
    assert (result.done, result.skipped, len(result.events)) == (2, 4, 2)
    elsewhere.refresh_from_db()
    assert elsewhere.status == "pending"
    assert events(pending) == [("pending", "published", "")]
    assert events(done_before) == []

    with pytest.raises(Invalid):
        moderate.bulk(ids, campaign, "reject", moderator)
    assert moderate.bulk(ids, campaign, "reject", moderator, "Test data").done == 3
    assert {event.reason for event in ModerationEvent.objects.filter(to_status="rejected")} == {"Test data"}


# --- comments -------------------------------------------------------------------------------------------------


def test_comments_are_counted_while_they_are_public(published: Contribution, moderator: User) -> None:
    comment = personas.make_comment(published, status=CommentStatus.PENDING)

    def count() -> int:
        published.refresh_from_db()
        return published.comment_count

    assert count() == 0
    moderate.publish_comment(comment, moderator, expected="pending")
    assert count() == 1
    with pytest.raises(NotAllowed):
        moderate.publish_comment(comment, moderator)
    moderate.reject_comment(comment, moderator, "Rude")
    assert count() == 0
    with pytest.raises(Conflict):
        moderate.publish_comment(comment, moderator, expected="pending")
    decisions = comment.moderation_events.order_by("pk").values_list("to_status", "reason")
    assert list(decisions) == [("published", ""), ("rejected", "Rude")]


def test_comment_that_is_gone_cannot_be_decided(published: Contribution, moderator: User) -> None:
    comment = personas.make_comment(published)
    type(comment).objects.all().delete()
    with pytest.raises(NotAllowed):
        moderate.reject_comment(comment, moderator)


def test_answer_for_staff_does_not_become_public_in_another_category(
    moderator: User, campaign: Campaign
) -> None:
    for slug, audience in (("spot", Audience.PUBLIC), ("survey", Audience.STAFF)):
        category = personas.category_of(campaign, slug)
        Question.objects.create(category=category, slug="who", title="Who?", kind="text", audience=audience)
    stored = personas.make_contribution(campaign, category="survey", answers={"who": "Ada", "scale": 4})
    stored.refresh_from_db()
    assert stored.staff_answers == {"who": "Ada"}
    form = ContributionForm(personas.category_of(campaign, "spot"), contribution=stored)
    assert not form.initial["answers.who"]
    moderate.edit(stored, moderator, category="spot")
    stored.refresh_from_db()
    assert (stored.answers, stored.staff_answers) == ({}, {})


def test_answer_for_staff_stays_one_in_another_category(moderator: User, campaign: Campaign) -> None:
    for slug in ("spot", "survey"):
        category = personas.category_of(campaign, slug)
        Question.objects.create(
            category=category, slug="who", title="Who?", kind="text", audience=Audience.STAFF
        )
    stored = personas.make_contribution(campaign, category="survey", answers={"who": "Ada"})
    stored.refresh_from_db()
    moderate.edit(stored, moderator, category="spot")
    stored.refresh_from_db()
    assert (stored.answers, stored.staff_answers) == ({}, {"who": "Ada"})
