"""Contributions come in, once, checked, with the author's private link."""

import uuid
from datetime import timedelta

import pytest
import shapely
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from accounts.models import User
from mapping.models import Campaign, Contribution, ContributionStatus, Footprint, ModerationEvent, Participant
from mapping.services.erase import withdraw
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from mapping.services.moderation import moderate
from mapping.services.submit import Submission, revise, submit, submit_city
from tests import personas
from tests.personas import GOOD_ANSWERS, Citizen, line, point, square


def test_submitting_asks_the_database_a_fixed_number_of_times(
    campaign: Campaign, citizen: Citizen, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    submit(campaign, Submission("spot", point()), citizen.secret)
    with django_assert_max_num_queries(17):
        submit(campaign, Submission("survey", point(), answers=GOOD_ANSWERS, id=uuid.uuid4()), citizen.secret)


def test_point_waits_for_review(campaign: Campaign, citizen: Citizen) -> None:
    submitted = submit(campaign, Submission("spot", point(), "Dark here", zoom=17), citizen.secret)

    stored = Contribution.objects.get()
    assert submitted.created
    assert submitted.is_author
    assert (stored.text, stored.status, stored.source, stored.zoom) == ("Dark here", "pending", "online", 17)
    assert stored.geom is not None
    assert stored.geom.coords == personas.TOWN_HALL
    assert stored.participant == citizen.participant(campaign)
    assert not Contribution.objects.filter(status="published").exists()


def test_contribution_is_public_at_once_where_review_comes_later(
    post_campaign: Campaign, citizen: Citizen
) -> None:
    submitted = submit(post_campaign, Submission("spot", point(), "Dark here"), citizen.secret)
    assert submitted.contribution.status == "published"


def test_submitting_is_recorded_and_counted_in_the_same_moment(campaign: Campaign, citizen: Citizen) -> None:
    stored = submit(campaign, Submission("street", line()), citizen.secret).contribution
    event = ModerationEvent.objects.get()
    assert (event.contribution, event.from_status, event.to_status, event.actor) == (
        stored,
        "",
        "pending",
        None,
    )
    assert Footprint.objects.filter(contribution=stored).count() > 5


@pytest.mark.parametrize(
    ("category", "geometry"),
    [
        ("spot", point()),
        ("street", line()),
        ("meadow", square()),
        ("idea", None),
        ("anything", point()),
        ("anything", line()),
        ("anything", square()),
        ("anything", None),
    ],
)
def test_category_takes_its_kinds_of_place(
    campaign: Campaign, citizen: Citizen, category: str, geometry: object
) -> None:
    assert submit(campaign, Submission(category, geometry, "An idea"), citizen.secret).created


@pytest.mark.parametrize(
    ("category", "geometry", "refusal"),
    [
        ("spot", line(), ("geometry", "type_not_allowed")),
        ("street", point(), ("geometry", "type_not_allowed")),
        ("meadow", line(), ("geometry", "type_not_allowed")),
        ("spot", None, ("geometry", "geometry_required")),
        ("idea", point(), ("geometry", "geometry_not_wanted")),
        ("elsewhere", point(), ("category", "unknown_category")),
        ("", point(), ("category", "unknown_category")),
        ("sp\x00ot", point(), ("category", "unknown_category")),
    ],
)
def test_category_refuses_other_kinds_of_place(
    campaign: Campaign, citizen: Citizen, category: str, geometry: object, refusal: tuple[str, str]
) -> None:
    with pytest.raises(Invalid) as refused:
        submit(campaign, Submission(category, geometry, "Text"), citizen.secret)
    assert refused.value.fields.keys() == {refusal[0]}
    assert [problem.code for problem in refused.value.fields[refusal[0]]] == [refusal[1]]
    assert not Contribution.objects.exists()
    assert not Participant.objects.exists()


def test_every_problem_is_told_at_once(campaign: Campaign, citizen: Citizen) -> None:
    submission = Submission("survey", point(personas.OUTSIDE), "x" * 5001, {"scale": 9}, zoom=99)
    with pytest.raises(Invalid) as refused:
        submit(campaign, submission, citizen.secret)
    assert set(refused.value.fields) == {"geometry", "text", "answers.scale", "answers.yes-no", "zoom"}


def test_answers_are_stored_in_the_order_of_the_questions(campaign: Campaign, citizen: Citizen) -> None:
    backwards = dict(reversed(GOOD_ANSWERS.items()))
    submitted = submit(campaign, Submission("survey", point(), answers=backwards), citizen.secret)
    submitted.contribution.refresh_from_db()
    assert submitted.contribution.answers == GOOD_ANSWERS


def test_text_is_required_where_the_category_says_so(campaign: Campaign, citizen: Citizen) -> None:
    with pytest.raises(Invalid) as refused:
        submit(campaign, Submission("idea", None, " \n\u200b "), citizen.secret)
    assert refused.value.fields["text"][0].code == "required"


def test_contribution_that_says_nothing_at_all_is_refused(campaign: Campaign, citizen: Citizen) -> None:
    with pytest.raises(Invalid) as refused:
        submit(campaign, Submission("anything"), citizen.secret)
    assert refused.value.fields["text"][0].code == "required"


@pytest.mark.parametrize(
    ("fixture", "code", "param"),
    [
        ("upcoming_campaign", "campaign_upcoming", "opens_at"),
        ("closed_campaign", "campaign_closed", "closes_at"),
        ("draft_campaign", "campaign_draft", None),
    ],
)
def test_campaign_that_is_not_open_takes_nothing_and_says_when(
    request: pytest.FixtureRequest, citizen: Citizen, fixture: str, code: str, param: str | None
) -> None:
    campaign: Campaign = request.getfixturevalue(fixture)
    with pytest.raises(NotAllowed) as refused:
        submit(campaign, Submission("spot", point()), citizen.secret)
    assert refused.value.code == code
    assert param is None or refused.value.params[param] == getattr(campaign, param)


def test_first_moment_belongs_to_the_campaign_and_the_last_does_not(
    campaign: Campaign, citizen: Citizen
) -> None:
    assert campaign.opens_at is not None
    assert campaign.closes_at is not None
    assert submit(campaign, Submission("spot", point()), citizen.secret, at=campaign.opens_at).created
    with pytest.raises(NotAllowed):
        submit(campaign, Submission("spot", point()), citizen.secret, at=campaign.closes_at)


def test_places_of_the_city_are_not_open_to_citizens(campaign: Campaign, citizen: Citizen) -> None:
    with pytest.raises(NotAllowed) as refused:
        submit(campaign, Submission("plan", line()), citizen.secret)
    assert refused.value.code == "category_closed"


def test_city_puts_up_a_place_for_discussion(closed_campaign: Campaign, citizen: Citizen) -> None:
    stored = submit_city(closed_campaign, Submission("plan", line(), "Bike street?"))
    assert (stored.status, stored.source, stored.participant) == ("published", "city", None)
    assert Footprint.objects.filter(contribution=stored).exists()


def test_city_needs_a_role_and_a_place_inside(campaign: Campaign, outsider: User, moderator: User) -> None:
    with pytest.raises(NotAllowed):
        submit_city(campaign, Submission("plan", line()), actor=outsider)
    with pytest.raises(Invalid):
        submit_city(campaign, Submission("plan", line(personas.BERLIN, personas.OUTSIDE)), actor=moderator)
    name = uuid.uuid4()
    submit_city(campaign, Submission("plan", line(), id=name), actor=moderator)
    with pytest.raises(Conflict):
        submit_city(campaign, Submission("plan", line(), "Another", id=name), actor=moderator)


# --- sending again --------------------------------------------------------------------------------------------


def named(text: str = "Dark here", pk: uuid.UUID | None = None) -> Submission:
    return Submission("spot", point(), text, {}, pk or uuid.uuid4())


def test_sending_again_stores_once_and_answers_the_same(campaign: Campaign, citizen: Citizen) -> None:
    submission = named()
    first = submit(campaign, submission, citizen.secret)
    second = submit(campaign, submission, citizen.secret)
    assert first.contribution == second.contribution
    assert (second.created, second.is_author) == (False, True)
    assert Contribution.objects.count() == ModerationEvent.objects.count() == 1


def test_sending_again_is_answered_after_the_end_and_beyond_the_limit(
    campaign: Campaign, citizen: Citizen, settings: Settings
) -> None:
    settings.SUBMISSIONS_PER_MINUTE = 1
    submission = named()
    submit(campaign, submission, citizen.secret)
    campaign.closes_at = timezone.now()
    campaign.save()
    assert not submit(campaign, submission, citizen.secret).created


def test_sending_again_is_answered_after_a_moderator_edited(
    campaign: Campaign, citizen: Citizen, moderator: User
) -> None:
    submission = named()
    stored = submit(campaign, submission, citizen.secret).contribution
    moderate.edit(stored, moderator, text="Shortened", reason="Names")
    again = submit(campaign, submission, citizen.secret)
    assert (again.created, again.contribution.text) == (False, "Shortened")


def test_same_id_with_other_words_is_a_conflict(campaign: Campaign, citizen: Citizen) -> None:
    submission = named()
    submit(campaign, submission, citizen.secret)
    with pytest.raises(Conflict) as refused:
        submit(campaign, named("Other words", submission.id), citizen.secret)
    assert refused.value.code == "id_taken"
    assert Contribution.objects.get().text == "Dark here"


def test_lost_first_answer_makes_the_second_sender_the_author(
    campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> None:
    submission = named()
    submit(campaign, submission, citizen.secret)
    again = submit(campaign, submission, another_citizen.secret)
    assert (again.created, again.is_author) == (False, True)
    assert again.contribution.participant == another_citizen.participant(campaign)
    assert Participant.objects.count() == 1
    assert Footprint.objects.get().participant_id == again.contribution.participant_id


def test_stranger_who_copies_a_published_contribution_gets_no_private_link(
    campaign: Campaign, citizen: Citizen, another_citizen: Citizen, moderator: User
) -> None:
    submission = named()
    stored = submit(campaign, submission, citizen.secret).contribution
    moderate.publish(stored, moderator)
    copied = submit(campaign, submission, another_citizen.secret)
    assert (copied.created, copied.is_author) == (False, False)
    assert copied.contribution.participant == citizen.participant(campaign)


def test_id_of_another_campaign_is_a_conflict(
    campaign: Campaign, post_campaign: Campaign, citizen: Citizen
) -> None:
    submission = named()
    submit(campaign, submission, citizen.secret)
    with pytest.raises(Conflict):
        submit(post_campaign, submission, citizen.secret)


def test_withdrawn_contribution_does_not_come_back(campaign: Campaign, citizen: Citizen) -> None:
    submission = named()
    withdraw(submit(campaign, submission, citizen.secret).contribution)
    with pytest.raises(Conflict) as refused:
        submit(campaign, submission, citizen.secret)
    assert refused.value.code == "withdrawn"


# --- the author's own changes ---------------------------------------------------------------------------------


def test_authors_change_waits_for_review_again(campaign: Campaign, published: Contribution) -> None:
    changed = revise(published, Submission("street", line(), "Even darker"))
    published.refresh_from_db()
    assert changed.status == published.status == "pending"
    assert (published.category.slug, published.text) == ("street", "Even darker")
    event = ModerationEvent.objects.filter(contribution=published).first()
    assert event is not None
    assert (event.from_status, event.to_status, event.original) == ("published", "pending", {})
    assert Footprint.objects.filter(contribution=published).count() > 5


@pytest.mark.parametrize(
    ("before", "after"), [("published", "published"), ("pending", "pending"), ("rejected", "pending")]
)
def test_authors_change_where_review_comes_later(post_campaign: Campaign, before: str, after: str) -> None:
    stored = personas.make_contribution(post_campaign, status=ContributionStatus(before))
    assert revise(stored, Submission("spot", point(personas.STATION), "Better")).status == after


def test_authors_change_is_checked_like_the_first_time(campaign: Campaign, published: Contribution) -> None:
    for submission, expected in (
        (Submission("spot", point(personas.OUTSIDE)), Invalid),
        (Submission("survey", point()), Invalid),
        (Submission("plan", line()), NotAllowed),
    ):
        with pytest.raises(expected):
            revise(published, submission)
    published.refresh_from_db()
    assert (published.text, published.status) == ("Here it is dark.", "published")


def test_nothing_is_changed_after_the_end(closed_campaign: Campaign) -> None:
    stored = personas.make_contribution(closed_campaign)
    with pytest.raises(NotAllowed) as refused:
        revise(stored, Submission("spot", point(), "Late"))
    assert refused.value.code == "campaign_closed"


def test_withdrawn_contribution_cannot_be_changed(campaign: Campaign, published: Contribution) -> None:
    withdraw(published)
    with pytest.raises(DomainError) as refused:
        revise(published, Submission("spot", point(), "Again"))
    assert refused.value.code == "withdrawn"


def test_contribution_of_a_deleted_campaign_is_gone(campaign: Campaign, published: Contribution) -> None:
    Contribution.objects.all().delete()
    with pytest.raises(NotAllowed) as refused:
        revise(published, Submission("spot", point(), "Again"))
    assert refused.value.code == "gone"


def test_time_and_shapely_geometry_may_be_given(campaign: Campaign, citizen: Citizen) -> None:
    at = timezone.now() - timedelta(days=3)
    submission = Submission("spot", shapely.Point(personas.STATION))
    assert submit(campaign, submission, citizen.secret, at=at).contribution.created_at == at
