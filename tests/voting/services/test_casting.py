"""Ballots: stored once per person or code, replaced until the end, withdrawn, and known to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mapping.models import Action, Campaign, Change, Participant, Phase, Publication
from mapping.services import identity
from mapping.services.erase import erase_participant, withdraw
from mapping.services.errors import Invalid, NotAllowed
from mapping.services.messages import sentence
from tests import personas
from tests.personas import Citizen
from tests.voting.making import make_option, make_vote, options_of
from voting.models import Ballot, Choice, CodeSeries, Rule, StoredResult, Vote, VotingCode
from voting.services.ballot_papers import changes_for, paper_of, shuffled
from voting.services.casting import (
    ballot_of,
    cast,
    cast_in_browser,
    choices_on,
    voting_ends_at,
    withdraw_ballot,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def vote(campaign: Campaign) -> Vote:
    return make_vote(campaign)


@pytest.fixture
def coded(campaign: Campaign) -> Vote:
    return make_vote(campaign, slug="coded", needs_code=True)


def make_code(campaign: Campaign, name: str = "Letters") -> VotingCode:
    series, _ = CodeSeries.objects.get_or_create(campaign=campaign, name=name)
    number = series.codes.count() + 1
    return VotingCode.objects.create(
        series=series, number=number, digest=f"{name}{campaign.pk}{number}".encode()
    )


def make_phase(campaign: Campaign, start: int, end: int, *actions: Action) -> Phase:
    now = timezone.now()
    return Phase.objects.create(
        campaign=campaign,
        title=f"Days {start} to {end}",
        allows=list(actions),
        opens_at=now + timedelta(days=start),
        closes_at=now + timedelta(days=end),
    )


def test_ballot_holds_what_was_chosen(vote: Vote, citizen: Citizen) -> None:
    first, second, _third = options_of(vote)
    ballot = cast_in_browser(vote, citizen.secret, {first.contribution_id: 1, second.contribution_id: 1})
    assert ballot_of(vote, citizen.participant(vote.campaign)) == ballot
    assert choices_on(ballot) == {first.contribution_id: 1, second.contribution_id: 1}
    assert not ballot.is_on_paper


def test_last_ballot_counts(vote: Vote, citizen: Citizen) -> None:
    first, second, _third = options_of(vote)
    before = cast_in_browser(vote, citizen.secret, {first.contribution_id: 1})
    after = cast_in_browser(vote, citizen.secret, {second.contribution_id: 1})
    assert after.pk == before.pk
    assert choices_on(after) == {second.contribution_id: 1}
    assert Choice.objects.count() == 1
    assert after.changed_at is not None
    assert before.created_at == Ballot.objects.get().created_at


def test_refused_ballot_leaves_the_one_before(vote: Vote, citizen: Citizen) -> None:
    options = [one.contribution_id for one in options_of(vote)]
    fourth = make_option(vote, "Project 4").contribution_id
    cast_in_browser(vote, citizen.secret, {options[0]: 1})
    with pytest.raises(Invalid):
        cast_in_browser(vote, citizen.secret, dict.fromkeys([*options, fourth], 1))
    assert choices_on(ballot_of(vote, citizen.participant(vote.campaign))) == {options[0]: 1}


def test_refused_ballot_makes_nobody_known(vote: Vote, citizen: Citizen) -> None:
    elsewhere = make_vote(personas.make_campaign("elsewhere"))
    with pytest.raises(Invalid) as refused:
        cast_in_browser(vote, citizen.secret, {options_of(elsewhere)[0].contribution_id: 1})
    assert [one.code for [one] in refused.value.fields.values()] == ["option_unknown"]
    assert identity.existing_participant(vote.campaign, citizen.secret) is None


def test_hidden_option_cannot_be_chosen(vote: Vote, citizen: Citizen) -> None:
    contribution = options_of(vote)[0].contribution
    contribution.status = personas.PENDING
    contribution.save(update_fields=["status"])
    with pytest.raises(Invalid):
        cast_in_browser(vote, citizen.secret, {contribution.pk: 1})


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"is_draft": True}, "campaign_draft"),
        ({"opens_at": timezone.now() + timedelta(days=1)}, "campaign_upcoming"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "campaign_closed"),
        ({"publication": Publication.CELLS}, "voting_never"),
    ],
)
def test_campaign_that_is_not_open_takes_no_ballot(
    citizen: Citizen, fields: dict[str, Any], code: str
) -> None:
    vote = make_vote(personas.make_campaign("x", **fields))
    chosen = {options_of(vote)[0].contribution_id: 1}
    with pytest.raises(NotAllowed) as refused:
        cast_in_browser(vote, citizen.secret, chosen)
    assert refused.value.code == code
    assert not Ballot.objects.exists()


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([(-1, 1, Action.CONTRIBUTE), (2, 3, Action.VOTE)], "voting_upcoming"),
        ([(-3, -1, Action.VOTE), (-1, 1, Action.COMMENT)], "voting_over"),
        ([(-3, -1, Action.VOTE)], "voting_over"),
        ([(-1, 1, Action.SUPPORT)], "voting_never"),
    ],
)
def test_phase_without_voting_takes_no_ballot_and_names_the_day(
    vote: Vote, citizen: Citizen, spans: list[tuple[int, int, Action]], code: str
) -> None:
    for span in spans:
        make_phase(vote.campaign, *span)
    campaign = Campaign.objects.get()
    vote = Vote.objects.get()
    for attempt in (
        lambda: cast_in_browser(vote, citizen.secret, {}),
        lambda: withdraw_ballot(vote, citizen.participant(campaign)),
    ):
        with pytest.raises(NotAllowed) as refused:
            attempt()
        assert refused.value.code == code
    words = sentence(refused.value.code, refused.value.params)
    assert "?" not in words
    assert (str(timezone.localdate().year) in words) == bool(refused.value.params)


def test_voting_ends_with_the_last_phase_in_a_row_that_allows_it(vote: Vote) -> None:
    assert voting_ends_at(vote.campaign, timezone.now()) == vote.campaign.closes_at
    first = make_phase(vote.campaign, -1, 1, Action.VOTE)
    second = Phase.objects.create(
        campaign=vote.campaign,
        title="More",
        allows=[Action.VOTE, Action.COMMENT],
        opens_at=first.closes_at,
        closes_at=first.closes_at + timedelta(days=1),
    )
    make_phase(vote.campaign, 5, 6, Action.VOTE)
    assert voting_ends_at(Campaign.objects.get(), timezone.now()) == second.closes_at


def test_withdrawn_ballot_is_gone_and_so_is_the_person(vote: Vote, citizen: Citizen) -> None:
    cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    assert withdraw_ballot(vote, citizen.participant(vote.campaign))
    assert not Ballot.objects.exists()
    assert not Choice.objects.exists()
    assert identity.existing_participant(vote.campaign, citizen.secret) is None
    assert not withdraw_ballot(vote, None)


def test_withdrawing_twice_changes_nothing(vote: Vote, citizen: Citizen) -> None:
    cast_in_browser(vote, citizen.secret, {})
    participant = citizen.participant(vote.campaign)
    assert withdraw_ballot(vote, participant)
    assert not withdraw_ballot(vote, participant)


def test_person_with_a_ballot_stays_when_their_contribution_is_withdrawn(
    vote: Vote, citizen: Citizen
) -> None:
    contribution = personas.make_contribution(vote.campaign, by=citizen)
    cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    withdraw(contribution)
    assert ballot_of(vote, identity.existing_participant(vote.campaign, citizen.secret)) is not None


def test_erased_person_leaves_no_ballot(vote: Vote, citizen: Citizen, another_citizen: Citizen) -> None:
    for person in (citizen, another_citizen):
        cast_in_browser(vote, person.secret, {options_of(vote)[0].contribution_id: 1})
    erase_participant(citizen.participant(vote.campaign))
    assert Ballot.objects.get().participant == another_citizen.participant(vote.campaign)
    assert Choice.objects.count() == 1


def test_forgotten_person_cannot_vote_with_an_old_row(vote: Vote, citizen: Citizen) -> None:
    participant = citizen.participant(vote.campaign)
    Participant.objects.all().delete()
    with pytest.raises(NotAllowed):
        cast(vote, participant, {})


def test_code_counts_once_and_its_last_ballot(coded: Vote) -> None:
    code = make_code(coded.campaign)
    first, second, _third = options_of(coded)
    cast(coded, code, {first.contribution_id: 1})
    ballot = cast(coded, code, {second.contribution_id: 1})
    assert Ballot.objects.get() == ballot
    assert (ballot.participant, ballot.code) == (None, code)
    assert choices_on(ballot_of(coded, code)) == {second.contribution_id: 1}
    assert withdraw_ballot(coded, code)
    assert ballot_of(coded, code) is None


def test_district_of_a_code_is_that_of_its_ballot(coded: Vote) -> None:
    from mapping.models import District, DistrictLayer

    layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    district = District.objects.create(layer=layer, code="1", name="North", geom=personas.area())
    code = make_code(coded.campaign)
    CodeSeries.objects.update(district=district)
    assert cast(coded, code, {}).district == district


@pytest.mark.parametrize("needs_code", [True, False])
def test_ballot_of_the_wrong_kind_is_refused(campaign: Campaign, citizen: Citizen, needs_code: bool) -> None:
    vote = make_vote(campaign, needs_code=needs_code)
    voter = citizen.participant(campaign) if needs_code else make_code(campaign)
    with pytest.raises(Invalid) as refused:
        cast(vote, voter, {})
    assert refused.value.fields["code"][0].code == ("code_required" if needs_code else "code_not_needed")


def test_void_codes_and_those_of_other_campaigns_are_refused(coded: Vote) -> None:
    void = make_code(coded.campaign)
    VotingCode.objects.update(voided_at=timezone.now())
    for code in (void, make_code(personas.make_campaign("elsewhere"))):
        with pytest.raises(Invalid) as refused:
            cast(coded, code, {})
        assert refused.value.fields["code"][0].code == "voting_code_void"


def test_counted_vote_takes_no_ballot(vote: Vote, citizen: Citizen) -> None:
    StoredResult.objects.create(vote=vote, content={}, digest="0" * 64)
    with pytest.raises(NotAllowed) as refused:
        cast_in_browser(vote, citizen.secret, {})
    assert refused.value.code == "voting_counted"
    assert not Ballot.objects.exists()


def test_option_withdrawn_meanwhile_keeps_its_votes_and_takes_no_new_ones(
    vote: Vote, citizen: Citizen, another_citizen: Citizen
) -> None:
    option = options_of(vote)[0]
    ballot = cast_in_browser(vote, citizen.secret, {option.contribution_id: 1})
    option.withdrawn_at = timezone.now()
    option.save(update_fields=["withdrawn_at"])
    assert choices_on(ballot) == {option.contribution_id: 1}
    with pytest.raises(Invalid) as refused:
        cast_in_browser(vote, another_citizen.secret, {option.contribution_id: 1})
    assert [one.code for [one] in refused.value.fields.values()] == ["option_withdrawn"]


def test_dearer_option_keeps_its_votes_and_new_ballots_pay_the_new_cost(
    campaign: Campaign, citizen: Citizen, another_citizen: Citizen
) -> None:
    vote = make_vote(campaign, Rule.BUDGET, costs=[50_000, 50_000, 1])
    chosen = {one.contribution_id: 1 for one in options_of(vote)[:2]}
    ballot = cast_in_browser(vote, citizen.secret, chosen)
    vote.options.filter(cost=50_000).update(cost=60_000)
    assert choices_on(ballot) == chosen
    with pytest.raises(Invalid):
        cast_in_browser(vote, another_citizen.secret, chosen)


def test_voters_learn_of_changes_of_what_they_chose_and_of_nothing_else(vote: Vote, citizen: Citizen) -> None:
    first, second, _third = options_of(vote)
    first.changes.create(kind="cost", before="1", after="2")
    ballot = cast_in_browser(vote, citizen.secret, {first.contribution_id: 1})
    assert changes_for(ballot, paper_of(vote)) == []
    later = first.changes.create(kind="cost", before="2", after="3")
    second.changes.create(kind="words")
    assert [change for _option, change in changes_for(ballot, paper_of(vote))] == [later]


def test_casting_changes_nothing_that_the_public_reads(vote: Vote, citizen: Citizen) -> None:
    """The revision names every state of public answers; contributions keep their counts."""
    before = Change.objects.revision_of(vote.campaign.pk).number
    rows = list(vote.campaign.contributions.order_by("pk").values())
    cast_in_browser(vote, citizen.secret, {options_of(vote)[0].contribution_id: 1})
    withdraw_ballot(vote, citizen.participant(vote.campaign))
    assert Change.objects.revision_of(vote.campaign.pk).number == before
    assert list(vote.campaign.contributions.order_by("pk").values()) == rows


def test_order_depends_on_the_seed_alone_and_survives_withdrawals(vote: Vote) -> None:
    for number in range(4, 13):
        make_option(vote, f"Project {number}")
    options = paper_of(vote)
    order = shuffled(options, b"one")
    assert shuffled(reversed(options), b"one") == order
    assert shuffled(options, b"two") != order
    assert shuffled(options[1:], b"one") == [one for one in order if one != options[0]]
