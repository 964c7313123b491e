"""Codes that became void after a backup are void in the restored database."""

from accounts.models import User
from mapping.models import Campaign
from mapping.services.erasures.ledger import Ledger, current_ledger
from mapping.services.erasures.replaying import replay
from tests.voting.making import make_vote, options_of
from tests.voting.services.test_codes import HOME, made, problem_of
from voting.models import Ballot, CodeSeries, VotingCode
from voting.services.casting import cast
from voting.services.codes import delete_series, read_code, replace_code


def kinds(ledger: Ledger) -> list[str]:
    return sorted(one.kind for one in ledger.entries)


def test_replaced_code_is_void_again_and_its_ballot_does_not_count(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, needs_code=True)
    series, codes = made(campaign)
    for code in codes[:2]:
        cast(vote, read_code(campaign, code.text, HOME), {options_of(vote)[0].contribution_id: 1})
    lost = vote.ballots.filter(code__number=1).values().get()
    replace_code(series, 1, actor=manager)
    found = current_ledger()
    assert kinds(found) == ["ballot", "code"]
    # As a restored backup has it.
    series.codes.filter(number=1, voided_at=None).delete()
    series.codes.filter(number=1).update(voided_at=None)
    Ballot.objects.create(**lost)
    assert replay(found) == {"ballot": 1, "code": 1}
    assert problem_of(campaign, codes[0].text) == "voting_code_void"
    assert read_code(campaign, codes[1].text, HOME).number == 2
    assert vote.ballots.count() == 1
    assert replay(found) == {}


def test_ballot_that_the_result_counted_stays_though_its_code_was_replaced_later(
    campaign: Campaign, manager: User
) -> None:
    vote = make_vote(campaign, needs_code=True)
    series, codes = made(campaign)
    replace_code(series, 1, actor=manager)
    found = current_ledger()
    series.codes.filter(number=1, voided_at=None).delete()
    series.codes.filter(number=1).update(voided_at=None)
    cast(vote, read_code(campaign, codes[0].text, HOME), {options_of(vote)[0].contribution_id: 1})
    assert replay(found) == {"code": 1}
    assert vote.ballots.count() == 1


def test_codes_of_a_deleted_series_are_void_and_ballots_stay(campaign: Campaign, manager: User) -> None:
    """A ballot of the backup is one that the vote's result counted before the series was deleted."""
    vote = make_vote(campaign, needs_code=True)
    series, codes = made(campaign)
    kept = CodeSeries.objects.filter(pk=series.pk).values().get()
    rows = list(VotingCode.objects.filter(series=series))
    delete_series(series, actor=manager)
    found = current_ledger()
    assert kinds(found) == ["code_series"]
    # As a restored backup has it.
    CodeSeries.objects.create(**kept)
    VotingCode.objects.bulk_create(rows)
    cast(vote, read_code(campaign, codes[0].text, HOME), {})
    assert replay(found) == {"code_series": 1}
    assert [problem_of(campaign, one.text) for one in codes[1:]] == ["voting_code_void"] * 2
    assert vote.ballots.count() == 1
    assert replay(found) == {}
