"""Sheets of maps on paper: one person each, counted once, in batches that are closed."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.models import Role, User
from mapping.aggregation import tally
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    Footprint,
    MapSheet,
    ModerationEvent,
    PaperBatch,
    Participant,
    ReleaseEntry,
    ReleaseRegion,
    Source,
    Tally,
)
from mapping.models.footprint import EVERYWHERE
from mapping.services import identity
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from mapping.services.paper.batches import close_batch, delete_batch, next_number, open_batch, reopen_batch
from mapping.services.paper.sheets import Entered, PaperPlace, correct_place, delete_place, enter_place
from mapping.services.releases.making import make_release
from mapping.services.submit import Submission
from tests import personas
from tests.personas import STATION, point
from tests.services.test_concurrency import at_once


@pytest.fixture
def batch(campaign: Campaign, moderator: User) -> PaperBatch:
    return open_batch(campaign, " Rathaus  1 ", actor=moderator)


def place(sheet: int = 1, text: str = "Dark", **more: object) -> PaperPlace:
    return replace(PaperPlace(Submission("spot", point(), text, id=uuid4()), sheet=sheet), **more)  # type: ignore[arg-type]


def codes(error: Invalid) -> dict[str, list[str]]:
    return {name: [one.code for one in problems] for name, problems in error.fields.items()}


def test_batch_without_sheets_is_deleted(batch: PaperBatch, moderator: User, outsider: User) -> None:
    entered = enter_place(batch, place(), actor=moderator)
    with pytest.raises(Conflict, match="batch_not_empty"):
        delete_batch(batch, actor=moderator)
    delete_place(entered.contribution, actor=moderator)
    with pytest.raises(NotAllowed, match="not_member"):
        delete_batch(batch, actor=outsider)
    delete_batch(batch, actor=moderator)
    assert not PaperBatch.objects.exists()
    with pytest.raises(Conflict, match="gone"):
        enter_place(batch, place(), actor=moderator)


def test_sheet_is_one_person_with_several_places(batch: PaperBatch, moderator: User) -> None:
    first = enter_place(batch, place(), actor=moderator)
    further = enter_place(batch, place(is_further=True), actor=moderator)
    enter_place(batch, place(2), actor=moderator)
    assert batch.name == "Rathaus 1"
    assert first.sheet == further.sheet
    stored = first.contribution
    assert (stored.source, stored.status) == (Source.PAPER, ContributionStatus.PUBLISHED)
    assert ModerationEvent.objects.get(contribution=stored).actor == moderator
    assert Participant.objects.count() == 2
    assert Footprint.objects.values("participant_id").distinct().count() == 2
    [total] = Tally.objects.filter(level=tally.TOTALS, cell=EVERYWHERE)
    assert (total.contributions, total.participants) == (3, 2)
    assert identity.number_who_took_part(batch.campaign, is_public=True) == 2


def test_sheet_that_waits_is_reviewed_by_somebody_else(batch: PaperBatch, moderator: User) -> None:
    stored = enter_place(batch, place(waits=True), actor=moderator).contribution
    assert stored.status == ContributionStatus.PENDING


def test_number_of_another_sheet_is_refused_with_the_next_free_one(
    batch: PaperBatch, moderator: User
) -> None:
    enter_place(batch, place(7), actor=moderator)
    with pytest.raises(Invalid) as refused:
        enter_place(batch, place(7), actor=moderator)
    assert codes(refused.value) == {"sheet": ["sheet_taken"]}
    assert refused.value.fields["sheet"][0].params == {"number": 7, "next": 8}
    assert Contribution.objects.count() == 1
    assert next_number(batch) == 8


def test_same_number_in_another_batch_is_another_sheet(
    campaign: Campaign, batch: PaperBatch, moderator: User
) -> None:
    enter_place(batch, place(1), actor=moderator)
    enter_place(open_batch(campaign, "2", actor=moderator), place(1), actor=moderator)
    assert Participant.objects.count() == 2


def test_repeated_request_is_stored_once(batch: PaperBatch, moderator: User) -> None:
    sent = place(3)
    assert [enter_place(batch, sent, actor=moderator).created for _ in range(2)] == [True, False]
    assert Contribution.objects.count() == MapSheet.objects.count() == 1
    with pytest.raises(Conflict, match="id_taken"):
        enter_place(batch, replace(sent, submission=replace(sent.submission, text="B")), actor=moderator)


def test_deleted_place_does_not_come_back_with_a_late_repetition(batch: PaperBatch, moderator: User) -> None:
    sent = place(3)
    delete_place(enter_place(batch, sent, actor=moderator).contribution, actor=moderator)
    with pytest.raises(Conflict, match="withdrawn"):
        enter_place(batch, sent, actor=moderator)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_enter_the_same_number_at_once_make_one_sheet() -> None:
    campaign = personas.make_campaign()
    people = [personas.make_user(f"{name}@example.org", campaign, Role.MODERATOR) for name in "ab"]
    batch = open_batch(campaign, "1", actor=people[0])
    for number in (1, 2, 3):
        answers = at_once(*(partial(enter_place, batch, place(number), actor=person) for person in people))
        assert {type(answer) for answer in answers} == {Entered, Invalid}
    assert MapSheet.objects.count() == Contribution.objects.count() == Participant.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_double_submission_at_once_is_stored_once() -> None:
    campaign = personas.make_campaign()
    moderator = personas.make_user("a@example.org", campaign, Role.MODERATOR)
    sent = place(1)

    def enter() -> Entered:
        return enter_place(open_batch(campaign, "1", actor=moderator), sent, actor=moderator)

    answers = at_once(*[enter] * 4)
    assert sorted(answer.created for answer in answers if isinstance(answer, Entered)) == [False] * 3 + [True]
    assert PaperBatch.objects.count() == MapSheet.objects.count() == Contribution.objects.count() == 1


def test_required_texts_and_answers_may_be_missing(batch: PaperBatch, moderator: User) -> None:
    for submission in (Submission("survey", point()), Submission("anything", None, "An idea")):
        number = next_number(batch)
        assert enter_place(batch, PaperPlace(submission, sheet=number), actor=moderator).created
    with pytest.raises(Invalid) as refused:
        enter_place(batch, PaperPlace(Submission("idea"), sheet=9), actor=moderator)
    assert codes(refused.value) == {"text": ["required"]}
    assert not MapSheet.objects.filter(number=9).exists()


def test_places_bear_the_day_of_their_sheet(batch: PaperBatch, moderator: User) -> None:
    day = date(2026, 5, 3)
    for further in (False, True):
        enter_place(batch, place(dated_on=day, is_further=further), actor=moderator)
    assert {timezone.localtime(one.created_at) for one in Contribution.objects.all()} == {
        timezone.make_aware(datetime.combine(day, time(12)))
    }
    assert set(Footprint.objects.values_list("day", flat=True)) == {day}
    events = ModerationEvent.objects.values_list("created_at", flat=True)
    assert all(timezone.localdate(at) == timezone.localdate() for at in events)


@pytest.mark.parametrize("days", [1, -365 * 60])
def test_days_to_come_and_typing_errors_are_refused(batch: PaperBatch, moderator: User, days: int) -> None:
    with pytest.raises(Invalid) as refused:
        enter_place(batch, place(dated_on=timezone.localdate() + timedelta(days=days)), actor=moderator)
    assert codes(refused.value) == {"dated_on": ["not_a_past_day"]}


@pytest.mark.parametrize("number", [0, -1, 100_000])
def test_numbers_out_of_range_are_refused(batch: PaperBatch, moderator: User, number: int) -> None:
    with pytest.raises(Invalid) as refused:
        enter_place(batch, place(number), actor=moderator)
    assert codes(refused.value) == {"sheet": ["not_a_sheet_number"]}


def test_correction_changes_everything_and_keeps_the_original(batch: PaperBatch, moderator: User) -> None:
    stored = enter_place(batch, place(1, "Drak"), actor=moderator).contribution
    day = date(2026, 5, 3)
    sent = PaperPlace(Submission("spot", point(STATION), "Dark"), sheet=1, dated_on=day)
    correct_place(stored, sent, actor=moderator)
    stored.refresh_from_db()
    assert stored.geom is not None
    assert (stored.text, stored.geom.coords) == ("Dark", STATION)
    assert timezone.localdate(stored.created_at) == day
    assert Footprint.objects.get().day == day
    newest = ModerationEvent.objects.filter(contribution=stored).order_by("pk").last()
    assert newest is not None
    assert newest.original["text"] == "Drak"


def test_place_moves_to_the_sheet_that_it_came_from(batch: PaperBatch, moderator: User) -> None:
    stored = enter_place(batch, place(1), actor=moderator).contribution
    sent = PaperPlace(Submission("spot", point(), "Dark"), sheet=2)
    correct_place(stored, sent, actor=moderator)
    assert [sheet.number for sheet in MapSheet.objects.all()] == [2]
    assert Participant.objects.count() == 1
    other = enter_place(batch, place(3), actor=moderator).contribution
    with pytest.raises(Invalid) as refused:
        correct_place(other, sent, actor=moderator)
    assert codes(refused.value) == {"sheet": ["sheet_taken"]}
    correct_place(other, replace(sent, is_further=True), actor=moderator)
    assert MapSheet.objects.get().participant.contributions.count() == 2


def test_sheet_goes_with_its_last_place(batch: PaperBatch, moderator: User) -> None:
    places = [
        enter_place(batch, place(is_further=further), actor=moderator).contribution
        for further in (False, True)
    ]
    delete_place(places[0], actor=moderator)
    assert MapSheet.objects.count() == 1
    delete_place(places[1], actor=moderator)
    assert not MapSheet.objects.exists()
    assert not Participant.objects.exists()


def test_closed_batch_stays_as_it_is(batch: PaperBatch, moderator: User, manager: User) -> None:
    stored = enter_place(batch, place(), actor=moderator).contribution
    close_batch(batch, actor=moderator)
    changes = (
        partial(enter_place, batch, place(2), actor=moderator),
        partial(correct_place, stored, place(), actor=moderator),
        partial(delete_place, stored, actor=moderator),
    )
    for change in changes:
        with pytest.raises(NotAllowed, match="batch_closed"):
            change()
    with pytest.raises(NotAllowed, match="not_manager"):
        reopen_batch(batch, actor=moderator)
    reopen_batch(batch, actor=manager)
    delete_place(stored, actor=moderator)


@pytest.mark.parametrize("who", ["analyst", "outsider"])
def test_others_enter_nothing(
    batch: PaperBatch, moderator: User, who: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who)
    stored = enter_place(batch, place(), actor=moderator).contribution
    changes = (
        partial(open_batch, batch.campaign, "2", actor=user),
        partial(enter_place, batch, place(2), actor=user),
        partial(correct_place, stored, place(), actor=user),
        partial(delete_place, stored, actor=user),
        partial(close_batch, batch, actor=user),
    )
    for change in changes:
        with pytest.raises(NotAllowed):
            change()


def test_drafts_and_categories_of_the_city_take_no_sheets(
    draft_campaign: Campaign, batch: PaperBatch, moderator: User, administrator: User
) -> None:
    with pytest.raises(NotAllowed, match="campaign_draft"):
        open_batch(draft_campaign, "1", actor=administrator)
    with pytest.raises(NotAllowed, match="category_closed"):
        enter_place(batch, PaperPlace(Submission("plan", personas.line()), sheet=1), actor=moderator)


def test_letters_arrive_late(closed_campaign: Campaign, administrator: User) -> None:
    batch = open_batch(closed_campaign, "1", actor=administrator)
    assert enter_place(batch, place(), actor=administrator).created


def test_what_came_otherwise_is_on_no_sheet(published: Contribution, moderator: User) -> None:
    for change in (partial(correct_place, published, place()), partial(delete_place, published)):
        with pytest.raises(DomainError, match="not_on_a_sheet"):
            change(actor=moderator)


def test_no_cookie_reaches_the_person_of_a_sheet(batch: PaperBatch, moderator: User) -> None:
    stored = enter_place(batch, place(), actor=moderator).contribution
    assert not identity.is_author(stored, "")
    assert not identity.is_author(stored, None)
    assert len({bytes(one.key) for one in Participant.objects.all()}) == 1


@pytest.mark.parametrize("has_more", [False, True])
def test_place_that_moves_leaves_the_published_numbers_of_its_first_person(
    cells_campaign: Campaign, administrator: User, *, has_more: bool
) -> None:
    batch = open_batch(cells_campaign, "1", actor=administrator)
    stored = enter_place(batch, place(1), actor=administrator).contribution
    if has_more:
        elsewhere = Submission("spot", point(STATION), "Dark", id=uuid4())
        enter_place(batch, place(1, submission=elsewhere, is_further=True), actor=administrator)
    for number in range(2, cells_campaign.k + 1):
        enter_place(batch, place(number), actor=administrator)
    assert make_release(cells_campaign) is not None
    correct_place(stored, place(99), actor=administrator)
    assert ReleaseRegion.objects.get().departed == [1]
    assert not ReleaseEntry.objects.filter(contribution=stored).exists()


def test_place_takes_the_date_of_the_sheet_that_it_moves_to(batch: PaperBatch, moderator: User) -> None:
    first, second = date(2026, 5, 3), date(2026, 6, 1)
    stays = enter_place(batch, place(1, dated_on=first), actor=moderator)
    moved = enter_place(batch, place(2, dated_on=second), actor=moderator).contribution
    correct_place(moved, place(1, dated_on=second, is_further=True), actor=moderator)
    for one in (stays.contribution, moved):
        one.refresh_from_db()
        assert timezone.localdate(one.created_at) == first
    assert MapSheet.objects.get().dated_on == first
