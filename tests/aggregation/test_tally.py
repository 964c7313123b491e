"""The tally stays exact on every path a change can take, and with people changing things at the same time."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from mapping.aggregation import footprint, tally
from mapping.aggregation.heatmap.counts import Totals, heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.models import Campaign, Contribution, ContributionStatus, Footprint, Tally
from tests import personas
from tests.filtering import filtered
from tests.personas import Citizen


def totals(campaign: Campaign, status: str = "published") -> Totals:
    return heatmap(HeatmapQuery(campaign.pk, 200, filtered((status,)))).totals


@pytest.mark.django_db
def test_a_second_contribution_of_one_person_adds_no_participant(
    campaign: Campaign, citizen: Citizen
) -> None:
    for place in (personas.TOWN_HALL, personas.TOWN_HALL, personas.UNIVERSITY):
        personas.make_contribution(campaign, place, by=citizen)
    found = heatmap(HeatmapQuery(campaign.pk, 100))
    assert sorted((one.contributions, one.participants) for one in found.cells) == [(1, 1), (2, 1)]
    assert found.totals == Totals(contributions=3, participants=1, unlocated=0, unnamed=0)


@pytest.mark.django_db
def test_the_first_one_may_go_and_the_person_stays(campaign: Campaign, citizen: Citizen) -> None:
    first, second = (personas.make_contribution(campaign, by=citizen) for _ in range(2))
    footprint.delete(first)
    assert totals(campaign) == Totals(1, 1, 0)
    second.status = ContributionStatus.REJECTED
    footprint.set_status(second)
    assert totals(campaign) == Totals(0, 0, 0)
    assert totals(campaign, "rejected") == Totals(1, 1, 0)


@pytest.mark.django_db
def test_nobody_behind_a_contribution_is_not_a_participant(campaign: Campaign) -> None:
    drawn = personas.make_contribution(campaign)
    drawn.participant = None
    drawn.save()
    footprint.write(drawn)
    assert totals(campaign) == Totals(1, 0, 0, unnamed=1)


@pytest.mark.django_db
def test_deleting_past_the_services_is_counted_too(campaign: Campaign, citizen: Citizen) -> None:
    made = [personas.make_contribution(campaign, by=citizen) for _ in range(3)]
    made[0].delete()
    assert totals(campaign) == Totals(2, 1, 0)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE mapping_footprint SET status = 0 WHERE contribution_id = %s", [made[1].pk])
    assert totals(campaign) == Totals(1, 1, 0)
    assert totals(campaign, "pending") == Totals(1, 1, 0)
    Contribution.objects.filter(campaign=campaign).delete()
    assert not Tally.objects.filter(campaign_id=campaign.pk).exists()


@pytest.mark.django_db
def test_a_large_change_is_counted_anew(campaign: Campaign) -> None:
    """Set by set (more than 20 rows) and by counting anew, the result is that of single steps."""
    made = [personas.make_contribution(campaign, "LINESTRING(7.75 49.43, 7.79 49.46)", category="street")]
    made += [
        personas.make_contribution(campaign, place) for place in (personas.TOWN_HALL, personas.STATION) * 15
    ]
    single = set(Tally.objects.values_list("status", "level", "cell", "contributions", "participants"))
    for given in ([contribution.pk for contribution in made], campaign):
        Footprint.objects.all().delete()
        assert not Tally.objects.exists()
        footprint.write_many(given)
        assert (
            set(Tally.objects.values_list("status", "level", "cell", "contributions", "participants"))
            == single
        )
    with transaction.atomic(), connection.cursor() as cursor:
        Tally.objects.filter(level=0).delete()
        with tally.counted_anew(cursor, [campaign.pk]) as recount:
            pass
    assert recount.differences > 0
    assert (
        set(Tally.objects.values_list("status", "level", "cell", "contributions", "participants")) == single
    )


@pytest.mark.django_db(transaction=True)
def test_contributions_of_one_person_at_the_same_time_count_one_participant(campaign: Campaign) -> None:
    person = personas.make_participant(campaign)
    stored = [personas.make_contribution(campaign, by=person, footprint=False) for _ in range(6)]
    at_once(*(lambda one=one: footprint.write(one) for one in stored))
    assert totals(campaign) == Totals(contributions=6, participants=1, unlocated=0, unnamed=0)
    at_once(*(one.delete for one in stored[1:]))
    assert totals(campaign) == Totals(contributions=1, participants=1, unlocated=0, unnamed=0)
    assert footprint.rebuild(campaign).differences == 0


@pytest.mark.django_db(transaction=True)
def test_rebuilding_while_people_contribute_finds_no_difference(campaign: Campaign) -> None:
    before = [personas.make_contribution(campaign) for _ in range(5)]
    new = [personas.make_contribution(campaign, footprint=False) for _ in range(5)]
    footprint.write_many([one.pk for one in new])
    found: list[int] = []
    at_once(
        lambda: found.append(footprint.rebuild(campaign).differences),
        before[0].delete,
        lambda: footprint.write_many(campaign),
        lambda: footprint.write(new[0]),
        lambda: found.append(footprint.rebuild(campaign).differences),
    )
    assert found == [0, 0]
    assert footprint.rebuild(campaign).differences == 0
    assert totals(campaign) == Totals(9, 9, 0)


def at_once(*actions: Callable[[], object]) -> None:
    """Run all actions in threads of their own, which begin together; pass on the first error."""
    start = threading.Barrier(len(actions))
    errors: list[BaseException] = []

    def run(action: Callable[[], object]) -> None:
        try:
            start.wait(10)
            action()
        except BaseException as error:  # noqa: BLE001 - it is raised below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    if errors:
        raise errors[0]
