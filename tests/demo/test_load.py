"""`seed_demo --contributions N`: a campaign of any size, in batches, always the same."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from mapping.aggregation import footprint
from mapping.demo import load, seed
from mapping.models import Campaign, Contribution


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setattr(load, "_BATCH", 50)


def content_of() -> list[tuple[object, ...]]:
    return list(
        Contribution.objects.order_by("pk").values_list("pk", "category__slug", "geom", "text", "created_at")
    )


def test_points_lie_in_the_area_and_are_counted(db: None) -> None:
    done: list[int] = []
    assert load.fill(120, done.append) == 120

    campaign = Campaign.objects.get(slug=load.SLUG)
    assert campaign.area is not None
    assert sum(done) == 120
    assert Contribution.objects.published().count() == 120
    assert not Contribution.objects.exclude(geom__within=campaign.area).exists()
    assert campaign.participants.count() < 60
    assert footprint.rebuild(campaign).differences == 0
    assert campaign.memberships.count() == 3


def test_growing_in_steps_gives_the_same(db: None) -> None:
    for count in (30, 30, 70, 120):
        load.fill(count, lambda _: None)
    grown = content_of()
    Contribution.objects.all().delete()
    load.fill(120, lambda _: None)
    assert content_of() == grown


def test_fewer_than_there_are_removes_none(db: None) -> None:
    load.fill(60, lambda _: None)
    assert load.fill(10, lambda _: None) == 0
    assert Contribution.objects.count() == 60


def test_option_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed, "seed", lambda _say: 6)
    out = StringIO()
    call_command("seed_demo", "--contributions", "10", stdout=out)
    assert "lasttest: 10 contributions added" in out.getvalue()
    with pytest.raises(CommandError, match="negative"):
        call_command("seed_demo", "--contributions", "-1")
