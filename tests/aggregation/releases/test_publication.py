"""Releases as the public reads them."""

import pytest
from django.core.management import CommandError, call_command

from mapping.aggregation.releases.publication import current_numbers, current_release, squares_of
from mapping.geo.grid import pack
from mapping.models import Campaign, Release, ReleaseCell
from tests.personas import TOWN_HALL, make_contribution


def test_squares_of_a_union_are_its_quadrants() -> None:
    cell = pack(100, 200)
    assert squares_of(400, cell, 15) == ((40_000, 80_000, 400),)
    assert squares_of(400, cell, 0b1010) == ((40_200, 80_000, 200), (40_200, 80_200, 200))
    assert squares_of(100, cell, 15) == ((10_000, 20_000, 100),)


def test_the_latest_release_is_the_current_one(cells_campaign: Campaign) -> None:
    assert current_release(cells_campaign) is None
    assert current_numbers([cells_campaign.pk]) == {}
    for number in (1, 2):
        release = Release.objects.create(
            campaign=cells_campaign,
            number=number,
            k=5,
            contributions=20,
            participants_at_least=15,
        )
        ReleaseCell.objects.create(
            release=release, size=400, cell=pack(1, 1), mask=3, contributions=14, participants_at_least=10
        )
    found = current_release(cells_campaign)
    assert found is not None
    assert (found.number, found.contributions) == (2, 20)
    [cell] = found.cells
    assert cell.id == "CRS3035RES200mN400E400+CRS3035RES200mN400E600"
    assert (cell.contributions, cell.participants_at_least, cell.area) == (14, 10, 80_000)
    assert current_numbers([cells_campaign.pk]) == {cells_campaign.pk: (20, 15)}


def test_command_makes_what_is_due_and_says_so(
    cells_campaign: Campaign, campaign: Campaign, capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(5):
        make_contribution(cells_campaign, TOWN_HALL)
    call_command("make_releases", "--now")
    call_command("make_releases", cells_campaign.slug, "--now")
    call_command("make_releases")
    first, second = capsys.readouterr().out.splitlines()
    assert first == "night-routes: release 1, 1 cells, 5 contributions in them"
    assert second == "night-routes: nothing new that may be told"
    with pytest.raises(CommandError, match="publishes every contribution"):
        call_command("make_releases", campaign.slug)
    with pytest.raises(CommandError, match="no campaign nowhere"):
        call_command("make_releases", "nowhere")
