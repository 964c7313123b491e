"""The ballots of a vote as a file: what is in it, what never is, and when it is written."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from mapping.models import Campaign
from tests.voting.making import cast_ballots, make_vote, options_of
from voting.counting.pabulib.reading import read_pabulib
from voting.models import Ballot, Rule, SetAside, Shown, StoredResult, Vote
from voting.services.ballot_files import shuffled_ballots
from voting.services.results.closing import close


def counted(vote: Vote) -> Vote:
    StoredResult.objects.create(vote=vote, content={}, digest="x")
    return vote


def export(campaign: Campaign, *options: str) -> str:
    out, errors = io.StringIO(), io.StringIO()
    call_command("export", campaign.slug, "--what", "ballots", *options, stdout=out, stderr=errors)
    return out.getvalue() + errors.getvalue()


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_table_has_a_row_for_each_ballot_that_counts(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.POINTS)
    cast_ballots(vote, [{0: 3, 1: 2}, {2: 1}, {}])
    cast_ballots(vote, [{0: 1}], on_paper=True)
    mark = SetAside.objects.create(
        vote=vote, starts_at="2026-05-01T10:00Z", ends_at="2026-05-01T11:00Z", reason="x"
    )
    cast_ballots(vote, [{1: 5}], set_aside=mark)
    counted(vote)
    head, *rows = rows_of(export(campaign))
    assert head == [str(option.contribution_id) for option in options_of(vote)]
    assert sorted(rows) == [["", "", ""], ["", "", "1"], ["1", "", ""], ["3", "2", ""]]


def test_titles_name_the_columns_and_no_cell_is_a_formula(campaign: Campaign) -> None:
    vote = counted(make_vote(campaign, n_options=3))
    for option, title in zip(options_of(vote), ("=1+1", "Benches", "Benches"), strict=True):
        option.contribution.title = title
        option.contribution.save()
    head = rows_of(export(campaign, "--labels", "titles"))[0]
    assert head == ["'=1+1", "Benches", "Benches (2)"]


def test_json_holds_options_and_ballots_and_nothing_of_persons(campaign: Campaign) -> None:
    vote = counted(make_vote(campaign, Rule.APPROVAL, 2))
    cast_ballots(vote, [[0, 1], [1]])
    text = export(campaign, "--format", "json")
    found = json.loads(text)
    ids = [str(option.contribution_id) for option in options_of(vote)]
    assert [one["id"] for one in found["options"]] == ids
    assert [one["cost"] for one in found["options"]] == [10_000, 20_000]
    assert sorted(found["ballots"], key=len) == [{ids[1]: 1}, {ids[0]: 1, ids[1]: 1}]
    assert set(found) == {"campaign", "category", "rule", "options", "ballots"}


def test_order_says_nothing_about_who_voted_first(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.RANKING, 3)
    cast_ballots(vote, [[0], [1], [2], [0, 1], [1, 0], [1, 2], [2, 1], [0, 2], [2, 0], [0, 1, 2]])
    orders = {
        tuple(tuple(sorted(one.values())) + tuple(one) for one in shuffled_ballots(vote)) for _ in range(5)
    }
    assert len(orders) > 1


def test_nothing_is_written_before_the_result(campaign: Campaign, tmp_path: Path) -> None:
    vote = make_vote(campaign, results=Shown.LIVE)
    cast_ballots(vote, [[0]])
    with pytest.raises(CommandError, match="result is stored"):
        export(campaign, "--language", "en", "--out", str(tmp_path / "ballots.csv"))
    assert not list(tmp_path.iterdir())


def test_file_is_written_once_and_says_when_it_is_for_staff(campaign: Campaign, tmp_path: Path) -> None:
    vote = counted(make_vote(campaign, results=Shown.STAFF))
    cast_ballots(vote, [[0]])
    path = tmp_path / "ballots.csv"
    assert "does not see" in export(campaign, "--out", str(path))
    assert len(rows_of(path.read_text())) == 2
    assert [one.name for one in tmp_path.iterdir()] == ["ballots.csv"]
    with pytest.raises(CommandError, match="exists already"):
        export(campaign, "--out", str(path))


def test_one_of_several_votes_is_chosen_by_its_category(campaign: Campaign) -> None:
    first, second = (counted(make_vote(campaign, slug=slug)) for slug in ("first", "second"))
    cast_ballots(second, [[0], [1]])
    with pytest.raises(CommandError, match="first, second"):
        export(campaign)
    assert len(rows_of(export(campaign, "--category", "second"))) == 3
    assert len(rows_of(export(campaign, "--category", first.category.slug))) == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--format", "gpkg"), "csv, json"),
        (("--exact",), "--exact"),
        (("--labels", "both"), "--labels"),
        (("--status", "pending"), "--status"),
    ],
)
def test_what_does_not_fit_is_refused(campaign: Campaign, options: tuple[str, ...], words: str) -> None:
    counted(make_vote(campaign))
    with pytest.raises(CommandError, match=words):
        export(campaign, *options)


def test_campaign_without_a_vote_is_refused(campaign: Campaign) -> None:
    with pytest.raises(CommandError, match="no vote"):
        export(campaign, "--language", "en")
    assert not Ballot.objects.exists()


def ended(vote: Vote) -> Vote:
    """The same vote, over and counted."""
    now = timezone.now()
    Campaign.objects.filter(pk=vote.campaign.pk).update(
        opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1)
    )
    stored: Vote = Vote.objects.select_related("category__campaign").get(pk=vote.pk)
    assert close(stored, now) is not None
    return stored


def test_file_of_pabulib_can_be_read_again(campaign: Campaign) -> None:
    vote = make_vote(campaign, Rule.APPROVAL, 3)
    cast_ballots(vote, [[0, 1], [1], [1, 2]])
    ended(vote)
    found = read_pabulib(export(campaign, "--format", "pb").splitlines(keepends=True))
    assert (found.kind, found.budget, len(found.projects)) == ("approval", 100_000, 3)
    assert sorted(sorted(one.choices) for one in found.ballots) == [["1", "2"], ["2"], ["2", "3"]]


def test_votes_against_have_no_file_of_pabulib(campaign: Campaign) -> None:
    ended(make_vote(campaign, Rule.FOR_AGAINST))
    with pytest.raises(CommandError, match="Pabulib"):
        export(campaign, "--format", "pb")


def test_counted_ballots_belong_to_nobody_and_are_all_in_the_file(campaign: Campaign) -> None:
    vote = make_vote(campaign)
    cast_ballots(vote, [[0]] * 5)
    ended(vote)
    kept = Ballot.objects.exclude(participant=None, code=None, pile=None, created_at=None, changed_at=None)
    assert not kept.exists()
    assert len(rows_of(export(campaign))) == 6
