"""Options put up by the city: stored, changed with a record for voters, ordered, withdrawn, deleted."""

import pytest

from accounts.models import User
from mapping.models import Campaign, Contribution, Source
from mapping.services import city
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.moderation import moderate
from mapping.services.setup import undoing
from mapping.services.setup.places import places_of
from tests.personas import point
from tests.services.photos.test_pictures import jpeg_with_secrets
from tests.voting.making import cast_ballots, make_vote, options_of
from tests.voting.services.setup.test_votes import undo
from tests.voting.services.setup.world import as_sent, submission
from voting.models import OptionChange, OptionChangeKind, Rule, Vote
from voting.services.setup import options

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    """Nothing to vote on yet."""
    return make_vote(campaign, n_options=0)


@pytest.fixture
def budget(campaign: Campaign) -> Vote:
    """A sum, and nothing that costs anything."""
    return make_vote(campaign, Rule.BUDGET, n_options=0, slug="budget")


def titles(vote: Vote) -> list[str]:
    return [one.contribution.title for one in options.options_of(vote)]


def test_option_is_a_public_place_of_the_city(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(geometry=point()), None, actor=manager)
    place = option.contribution
    assert (place.source, place.participant, place.title) == (Source.CITY, None, "A fountain")
    assert Contribution.objects.published().filter(pk=place.pk).exists()
    assert list(vote.options.all().standing()) == [option]


def test_option_needs_no_place(vote: Vote, manager: User) -> None:
    vote.category.geometry_types = ["point"]
    vote.category.save()
    options.put_up(vote, submission(), None, actor=manager)
    vote.category.refresh_from_db()
    assert vote.category.geometry_types == ["point", "none"]


def test_picture_is_taken_where_citizens_may_add_none(vote: Vote, manager: User) -> None:
    Campaign.objects.update(allows_photos=False)
    option = options.put_up(vote, submission(photos=[jpeg_with_secrets()]), None, actor=manager)
    assert option.contribution.photos.count() == 1


def test_picture_is_replaced(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(photos=[jpeg_with_secrets()]), None, actor=manager)
    photo = option.contribution.photos.get()
    options.change_option(option, as_sent(option), None, actor=manager, photos_to_remove=[photo.pk])
    assert not option.contribution.photos.exists()


def test_title_is_needed(vote: Vote, manager: User) -> None:
    with pytest.raises(Invalid) as refused:
        options.put_up(vote, submission(title=" "), None, actor=manager)
    assert list(refused.value.fields) == ["title"]


@pytest.mark.parametrize("cost", [None, 0, -5, 999_999_999])
def test_wrong_costs_are_refused(budget: Vote, manager: User, cost: int | None) -> None:
    with pytest.raises(Invalid) as refused:
        options.put_up(budget, submission(), cost, actor=manager)
    assert list(refused.value.fields) == ["cost"]


def test_cost_is_left_out_where_the_rule_has_none(vote: Vote, manager: User) -> None:
    assert options.put_up(vote, submission(), 500, actor=manager).cost is None


def test_number_of_options_has_an_end(vote: Vote, manager: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(options, "MOST_OPTIONS", 1)
    options.put_up(vote, submission("One"), None, actor=manager)
    with pytest.raises(NotAllowed) as refused:
        options.put_up(vote, submission("Two"), None, actor=manager)
    assert refused.value.code == "too_many_options"


def test_changes_before_the_first_ballot_need_no_record(budget: Vote, manager: User) -> None:
    option = options.put_up(budget, submission(), 500, actor=manager)
    changed = options.change_option(option, as_sent(option, title="A big fountain"), 900, actor=manager)
    assert (changed.cost, changed.contribution.title) == (900, "A big fountain")
    assert not OptionChange.objects.exists()


def test_changed_cost_is_recorded_once_somebody_has_voted(budget: Vote, manager: User) -> None:
    option = options.put_up(budget, submission(), 500, actor=manager)
    cast_ballots(budget, [[0]])
    options.change_option(option, as_sent(option), 900, actor=manager, reason="Steel is dearer.")
    change = OptionChange.objects.get()
    assert (change.kind, change.before, change.after, change.reason, change.changed_by) == (
        OptionChangeKind.COST,
        "500",
        "900",
        "Steel is dearer.",
        manager,
    )


def test_changed_cost_needs_a_reason_once_somebody_has_voted(budget: Vote, manager: User) -> None:
    option = options.put_up(budget, submission(), 500, actor=manager)
    cast_ballots(budget, [[0]])
    with pytest.raises(Invalid) as refused:
        options.change_option(option, as_sent(option), 900, actor=manager)
    assert list(refused.value.fields) == ["reason"]
    option.refresh_from_db()
    assert option.cost == 500


def test_changed_words_are_recorded_once_somebody_has_voted(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    cast_ballots(vote, [[0]])
    options.change_option(
        option, as_sent(option, text="Without water."), None, actor=manager, reason="No pipe."
    )
    change = OptionChange.objects.get()
    assert (change.kind, change.before, change.after, change.reason) == (
        OptionChangeKind.WORDS,
        "A fountain\nWith drinking water.",
        "A fountain\nWithout water.",
        "No pipe.",
    )


def test_words_changed_from_elsewhere_are_recorded_too(vote: Vote, manager: User) -> None:
    """From QGIS, for instance."""
    option = options.put_up(vote, submission(), None, actor=manager)
    cast_ballots(vote, [[0]])
    sent = as_sent(option, title="A well")
    city.replace(option.contribution, sent, actor=manager, precondition=lambda: None)
    assert OptionChange.objects.get().kind == OptionChangeKind.WORDS


def test_words_changed_by_a_moderator_are_recorded_too(vote: Vote, manager: User, moderator: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    cast_ballots(vote, [[0]])
    moderate.edit(option.contribution, moderator, text="Without water.")
    assert OptionChange.objects.get().after == "A fountain\nWithout water."
    with pytest.raises(NotAllowed):
        moderate.edit(option.contribution, moderator, category="anything")


def test_option_stays_in_its_category(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(geometry=point()), None, actor=manager)
    sent = submission(geometry=point(), of=option.vote.campaign.categories.get(slug="spot"))
    with pytest.raises(NotAllowed) as refused:
        city.replace(option.contribution, sent, actor=manager, precondition=lambda: None)
    assert refused.value.code == "option_stays"


def test_withdrawn_option_keeps_its_votes_and_says_why(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    cast_ballots(vote, [[0], [0]])
    options.withdraw_option(option, "The ground is private.", actor=manager)
    option.refresh_from_db()
    assert option.withdrawn_at is not None
    assert option.choices.count() == 2
    assert not vote.options.all().standing().exists()
    assert OptionChange.objects.get().reason == "The ground is private."


def test_withdrawal_needs_a_reason(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    with pytest.raises(Invalid) as refused:
        options.withdraw_option(option, " ", actor=manager)
    assert list(refused.value.fields) == ["reason"]


def test_withdrawn_option_comes_back(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    options.withdraw_option(option, "The ground is private.", actor=manager)
    options.return_option(option, actor=manager)
    option.refresh_from_db()
    assert (option.withdrawn_at, option.withdrawn_reason) == (None, "")
    assert list(vote.options.all().standing()) == [option]


def test_option_that_nobody_voted_on_is_deleted(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    options.delete_option(option, actor=manager)
    assert not vote.options.exists()
    assert not Contribution.objects.exists()


def test_nothing_is_deleted_once_somebody_has_voted(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    cast_ballots(vote, [[]])
    with pytest.raises(NotAllowed) as refused:
        options.delete_option(option, actor=manager)
    assert refused.value.code == "option_has_ballots"
    with pytest.raises(NotAllowed):
        city.take_away(option.contribution, actor=manager, precondition=lambda: None)
    assert vote.options.exists()


def test_options_move_among_themselves_and_other_places_stay(campaign: Campaign, manager: User) -> None:
    vote, another = (make_vote(campaign, n_options=0, slug=name) for name in ("one", "another"))
    for title in ("A", "B", "C"):
        options.put_up(vote, submission(title), None, actor=manager)
        options.put_up(another, submission(f"other {title}"), None, actor=manager)
    last = options_of(vote)[2]
    options.move_option(last, 0, actor=manager)
    assert titles(vote) == ["C", "A", "B"]
    options.move_option(last, 99, actor=manager)
    assert titles(vote) == ["A", "B", "C"]
    assert titles(another) == ["other A", "other B", "other C"]
    assert len(places_of(campaign)) == 6


@pytest.mark.parametrize("who", ["moderator", "analyst", "outsider"])
def test_only_managers_put_up_options(vote: Vote, who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotAllowed):
        options.put_up(vote, submission(), None, actor=request.getfixturevalue(who))


def test_changed_cost_is_taken_back(budget: Vote, manager: User) -> None:
    option = options.put_up(budget, submission(), 500, actor=manager)
    options.change_option(option, as_sent(option), 900, actor=manager)
    undo(budget.campaign, manager)
    option.refresh_from_db()
    assert option.cost == 500


def test_withdrawal_is_taken_back(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    options.withdraw_option(option, "A mistake.", actor=manager)
    undo(vote.campaign, manager)
    option.refresh_from_db()
    assert option.withdrawn_at is None


def test_withdrawal_changed_past_the_history_stays(vote: Vote, manager: User) -> None:
    option = options.put_up(vote, submission(), None, actor=manager)
    options.withdraw_option(option, "A mistake.", actor=manager)
    vote.options.update(withdrawn_at=None, withdrawn_reason="")
    with pytest.raises(Conflict):
        undo(vote.campaign, manager)


def test_new_option_is_not_taken_back_by_the_history(vote: Vote, manager: User) -> None:
    options.put_up(vote, submission(), None, actor=manager)
    assert undoing.undoable(vote.campaign) is None
