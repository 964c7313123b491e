"""Pages by keyset: in any order, empty values included, every row comes exactly once."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mapping.exports.flat import FlatFeatureText
from mapping.exports.paging import Key, read_keyset_page
from mapping.exports.selection import Selection
from mapping.exports.sources import SortKey, Source, contributions_source, districts_source
from mapping.models import Campaign, District, DistrictLayer
from tests.personas import area, make_contribution

ORDERS = {
    "own": (),
    "text": (("text", False),),
    "text, downward": (("text", True),),
    "answer": (("yes-no", False),),
    "answer, downward, then scale": (("yes-no", True), ("scale", False)),
    "scale, then created, downward": (("scale", False), ("created", True)),
}


def source_of(campaign: Campaign) -> Source:
    return contributions_source(Selection(campaign), "")


def walk(source: Source, order: Any, limit: int) -> list[str]:
    """The ids of all pages."""
    found: list[str] = []
    after: tuple[Key, ...] | None = None
    for _ in range(50):
        page = read_keyset_page(source, FlatFeatureText(source, ()), limit, order=order, after=after)
        found += [json.loads(text)["id"] for text in page.texts]
        # As a link carries it.
        after = None if page.end is None else tuple(json.loads(json.dumps(page.end)))
        if after is None:
            return found
        assert len(page.texts) == limit
    raise AssertionError("The pages do not end.")


@pytest.fixture
def crowd(campaign: Campaign) -> Campaign:
    now = timezone.now()
    answers: list[dict[str, object]] = [{"yes-no": True, "scale": 2}, {"yes-no": False}, {"scale": 5}, {}]
    for number in range(23):
        make_contribution(
            campaign,
            category="survey",
            answers=answers[number % 4],
            text=["b", "a", "", "ä"][number % 3],
            created_at=now - timedelta(microseconds=number // 2),
        )
    return campaign


@pytest.mark.parametrize("limit", [1, 4, 23, 24])
@pytest.mark.parametrize("names", ORDERS.values(), ids=ORDERS.keys())
def test_walk_meets_every_row_once_in_order(crowd: Campaign, names: Any, limit: int) -> None:
    source = source_of(crowd)
    order = [SortKey(source.values[name], downward) for name, downward in names]
    whole = walk(source, order, 100)
    assert len(set(whole)) == 23
    assert walk(source, order, limit) == whole


def test_empty_values_come_last_either_way(crowd: Campaign) -> None:
    source = source_of(crowd)
    for downward in (False, True):
        ids = walk(source, [SortKey(source.values["scale"], downward)], 5)
        by_id = {str(one.pk): one.answers.get("scale") for one in Selection(crowd).contributions()}
        scales = [by_id[pk] for pk in ids]
        given = [scale for scale in scales if scale is not None]
        assert given == sorted(given, reverse=downward)
        assert scales == given + [None] * (len(scales) - len(given))


def test_own_order_is_newest_first(crowd: Campaign) -> None:
    newest = Selection(crowd).contributions().newest_first()
    assert walk(source_of(crowd), (), 7) == [str(pk) for pk in newest.values_list("pk", flat=True)]


def test_page_is_found_in_the_index(crowd: Campaign) -> None:
    source = source_of(crowd)
    text = FlatFeatureText(source, ())
    first = read_keyset_page(source, text, 5)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read_keyset_page(source, text, 5, after=first.end)
    [query] = captured.captured_queries
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("EXPLAIN " + query["sql"])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "contribution_keyset" in plan
    assert "Sort" not in plan


def test_keys_of_another_order_are_refused(crowd: Campaign) -> None:
    source = source_of(crowd)
    with pytest.raises(ValueError, match="order"):
        read_keyset_page(source, FlatFeatureText(source, ()), 5, after=("x",))


def test_districts_are_paged_by_code(campaign: Campaign) -> None:
    layer = DistrictLayer.objects.create(slug="wards", title="Wards")
    for code, name in (("b", "North"), ("a", "South"), ("c", "East")):
        District.objects.create(layer=layer, code=code, name=name, geom=area())
    campaign.district_layer = layer
    source = districts_source(campaign)
    assert walk(source, (), 1) == ["a", "b", "c"]
    assert walk(source, [SortKey(F("name"), is_descending=True)], 1) == ["a", "b", "c"]
