"""Voting codes: made once, read with limits, replaced, counted, forgotten."""

import logging
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from doors.guesses import CODE_OF_CAMPAIGN, CODE_OF_NETWORK, CODE_WHILE_GUESSED
from doors.networks import Network
from mapping.models import Campaign, District, DistrictLayer
from mapping.services.errors import Conflict, DomainError, Invalid, Missing, NotAllowed, TooMany
from tests import personas
from tests.voting.making import make_vote, options_of
from voting.models import Ballot, CodeSeries, StoredResult, VotingCode
from voting.services.casting import cast
from voting.services.codes import (
    MOST_CODES,
    SIGNS,
    PrintedCode,
    VoteUse,
    check_sign,
    delete_series,
    forget_codes,
    make_series,
    next_name,
    read_code,
    replace_code,
    use_of_series,
)

HOME = Network(b"4home")


def made(campaign: Campaign, number: int = 3, name: str = "Letters") -> tuple[CodeSeries, list[PrintedCode]]:
    found = make_series(campaign, name, number, actor=None)
    return found.series, found.codes


def problem_of(campaign: Campaign, typed: str, network: Network = HOME) -> str:
    with pytest.raises(DomainError) as refused:
        read_code(campaign, typed, network)
    error = refused.value
    return error.fields["code"][0].code if isinstance(error, Invalid) else error.code


def wrong_code(number: int) -> str:
    """A code with a right check sign that was never printed: the number in base 31."""
    signs = ""
    for _ in range(10):
        number, digit = divmod(number, len(SIGNS))
        signs += SIGNS[digit]
    return signs + check_sign(signs)


def layer_with(*codes: str) -> DistrictLayer:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for code in codes:
        District.objects.create(layer=layer, code=code, name=f"Ward {code}", geom=personas.area())
    return layer


def test_codes_are_distinct_numbered_and_stored_as_digests_only(campaign: Campaign) -> None:
    series, codes = made(campaign, 500)
    assert [code.number for code in codes] == list(range(1, 501))
    assert len({code.signs for code in codes}) == 500
    digests = [bytes(one) for one in VotingCode.objects.values_list("digest", flat=True)]
    assert {len(digest) for digest in digests} == {32}
    assert not any(code.signs.encode() in digest for code in codes[:5] for digest in digests)
    assert series.codes.count() == 500


def test_code_is_read_however_it_is_typed(campaign: Campaign) -> None:
    series, codes = made(campaign)
    for typed in (codes[1].text, codes[1].signs.lower(), f" {codes[1].text} "):
        found = read_code(campaign, typed, HOME)
        assert (found.series_id, found.number) == (series.pk, 2)


def test_code_of_another_campaign_is_unknown(campaign: Campaign) -> None:
    _series, codes = made(campaign)
    assert problem_of(personas.make_campaign("elsewhere"), codes[0].text) == "voting_code_unknown"


def test_codes_are_read_while_the_former_key_stands_in_the_settings(
    campaign: Campaign, settings: Settings
) -> None:
    _series, codes = made(campaign)
    former = site.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key " * 5, [former]
    assert read_code(campaign, codes[0].text, HOME).number == 1
    settings.SECRET_KEY_FALLBACKS = []
    assert problem_of(campaign, codes[0].text) == "voting_code_unknown"


@pytest.mark.slow
def test_ten_thousand_guesses_end_at_the_limit_and_find_nothing(
    campaign: Campaign, settings: Settings
) -> None:
    settings.NETWORK_LIMITS = 1.0
    _series, codes = made(campaign)
    at = timezone.now()
    outcomes = {"voting_code_unknown": 0, "too_many_requests": 0}
    for number in range(10_000):
        with pytest.raises(DomainError) as refused:
            read_code(campaign, wrong_code(number), HOME, at=at)
        error = refused.value
        outcomes[error.fields["code"][0].code if isinstance(error, Invalid) else error.code] += 1
    assert outcomes["voting_code_unknown"] == CODE_OF_NETWORK.most
    # The right code has to wait as well: otherwise the limit would stop no guess that matters.
    with pytest.raises(TooMany):
        read_code(campaign, codes[0].text, HOME, at=at)
    later = at + timedelta(seconds=CODE_OF_NETWORK.every + 1)
    assert read_code(campaign, codes[0].text, HOME, at=later).number == 1


def test_guesses_from_everywhere_lock_out_nobody(campaign: Campaign, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 1.0
    _series, codes = made(campaign)
    at = timezone.now()
    for number in range(CODE_OF_CAMPAIGN.most):
        with pytest.raises(Invalid):
            read_code(campaign, wrong_code(number), Network(f"4{number}".encode()), at=at)
    fresh = Network(b"4fresh")
    for number in range(CODE_WHILE_GUESSED.most):
        with pytest.raises(Invalid):
            read_code(campaign, wrong_code(number), fresh, at=at)
    with pytest.raises(TooMany):
        read_code(campaign, wrong_code(77), fresh, at=at)
    # A voter elsewhere comes in, as often as they like.
    for _ in range(10):
        assert read_code(campaign, codes[0].text, HOME, at=at).number == 1


def test_right_codes_and_typing_errors_are_free(campaign: Campaign, settings: Settings) -> None:
    settings.NETWORK_LIMITS = 1.0
    _series, codes = made(campaign)
    at = timezone.now()
    mistyped = codes[0].signs[:10] + ("A" if codes[0].signs[10] != "A" else "B")
    for _ in range(CODE_OF_NETWORK.most + 5):
        assert read_code(campaign, codes[0].text, HOME, at=at).number == 1
        with pytest.raises(Invalid):
            read_code(campaign, mistyped, HOME, at=at)


@pytest.mark.parametrize(
    ("name", "number", "field", "code"),
    [
        ("", 3, "name", "required"),
        ("x" * 81, 3, "name", "too_long"),
        ("Taken", 3, "name", "series_name_taken"),
        ("New", 0, "number", "voting_codes_out_of_range"),
        ("New", MOST_CODES + 1, "number", "voting_codes_out_of_range"),
    ],
)
def test_wrong_series_is_refused(campaign: Campaign, name: str, number: int, field: str, code: str) -> None:
    made(campaign, 1, "Taken")
    with pytest.raises(Invalid) as refused:
        make_series(campaign, name, number, actor=None)
    assert [one.code for one in refused.value.fields[field]] == [code]
    assert CodeSeries.objects.count() == 1


def test_district_must_be_one_of_the_campaign(campaign: Campaign) -> None:
    layer = layer_with("01")
    district = layer.districts.get()
    with pytest.raises(Invalid) as refused:
        make_series(campaign, "Ward", 1, district=district, actor=None)
    assert list(refused.value.fields) == ["district"]
    campaign.district_layer = layer
    campaign.save(update_fields=["district_layer"])
    assert make_series(campaign, "Ward", 1, district=district, actor=None).series.district == district


def test_ballot_has_the_district_of_its_code(campaign: Campaign) -> None:
    layer = layer_with("01")
    campaign.district_layer = layer
    campaign.save(update_fields=["district_layer"])
    vote = make_vote(campaign, needs_code=True)
    codes = make_series(campaign, "Ward", 1, district=layer.districts.get(), actor=None).codes
    ballot = cast(vote, read_code(campaign, codes[0].text, HOME), {})
    assert ballot.district == layer.districts.get()


def test_replacement_voids_the_code_and_its_ballot(
    campaign: Campaign, manager: User, caplog: pytest.LogCaptureFixture
) -> None:
    vote = make_vote(campaign, needs_code=True)
    series, codes = made(campaign)
    chosen = {options_of(vote)[0].contribution_id: 1}
    for code in codes[:2]:
        cast(vote, read_code(campaign, code.text, HOME), chosen)
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        new = replace_code(series, 1, actor=manager)
    assert "replace-voting-code" in caplog.text
    assert new.signs not in caplog.text
    assert problem_of(campaign, codes[0].text) == "voting_code_void"
    assert vote.ballots.count() == 1
    assert new.number == 1
    cast(vote, read_code(campaign, new.text, HOME), chosen)
    assert vote.ballots.count() == 2
    again = replace_code(series, 1, actor=manager)
    assert problem_of(campaign, new.text) == "voting_code_void"
    assert read_code(campaign, again.text, HOME).number == 1


def test_code_that_is_not_there_cannot_be_replaced(campaign: Campaign, manager: User) -> None:
    series, _codes = made(campaign)
    with pytest.raises(Missing, match="no_such_voting_code"):
        replace_code(series, 4, actor=manager)


@pytest.mark.parametrize("who", ["anonymous", "outsider", "analyst", "moderator", "dismissed"])
def test_only_managers_make_replace_and_delete(campaign: Campaign, who: str) -> None:
    series, _codes = made(campaign)
    user = personas.user_called(who, campaign)
    with pytest.raises(NotAllowed, match="not_manager"):
        make_series(campaign, "More", 1, actor=user)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="not_manager"):
        replace_code(series, 1, actor=user)  # type: ignore[arg-type]
    with pytest.raises(NotAllowed, match="not_manager"):
        delete_series(series, actor=user)  # type: ignore[arg-type]


def test_series_is_deleted_until_somebody_voted_with_it(campaign: Campaign, manager: User) -> None:
    vote = make_vote(campaign, needs_code=True)
    series, codes = made(campaign)
    other, _codes = made(campaign, 2, "Others")
    delete_series(other, actor=manager)
    cast(vote, read_code(campaign, codes[0].text, HOME), {})
    with pytest.raises(Conflict, match="voting_codes_used"):
        delete_series(series, actor=manager)
    assert list(CodeSeries.objects.all()) == [series]
    assert vote.ballots.count() == 1


def test_use_is_counted_by_vote_and_never_by_code(
    campaign: Campaign, manager: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first, second = (make_vote(campaign, slug=slug, needs_code=True) for slug in ("first", "second"))
    make_vote(campaign, slug="open")
    series, codes = made(campaign, 4)
    made(campaign, 2, "Others")
    for code in codes[:3]:
        cast(first, read_code(campaign, code.text, HOME), {})
    cast(second, read_code(campaign, codes[0].text, HOME), {})
    replace_code(series, 3, actor=manager)
    with django_assert_num_queries(3):
        use, others = use_of_series(campaign)
    assert (use.printed, use.replaced) == (4, 1)
    assert use.votes == [VoteUse("First", 2, 2), VoteUse("Second", 1, 3)]
    assert others.votes == [VoteUse("First", 0, 2), VoteUse("Second", 0, 2)]
    StoredResult.objects.create(vote=first, content={}, digest="x")
    assert [one.title for one in use_of_series(campaign)[0].votes] == ["Second"]


def test_names_are_counted_up(campaign: Campaign) -> None:
    first = next_name(campaign)
    made(campaign, 1, first)
    assert next_name(campaign) != first


def test_codes_are_forgotten_a_month_after_the_campaign_and_never_with_a_ballot(campaign: Campaign) -> None:
    vote = make_vote(campaign, needs_code=True)
    _series, codes = made(campaign)
    kept, _codes = made(personas.make_campaign("another"), 1)
    cast(vote, read_code(campaign, codes[0].text, HOME), {})
    Campaign.objects.filter(pk=campaign.pk).update(
        opens_at=timezone.now() - timedelta(days=60), closes_at=timezone.now() - timedelta(days=31)
    )
    assert forget_codes() == 0
    Ballot.objects.update(code=None)
    assert forget_codes() == 1
    assert list(CodeSeries.objects.all()) == [kept]
    assert vote.ballots.count() == 1
