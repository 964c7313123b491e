"""Reading contributions: filters, pages, what the public sees."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from mapping.api.serializers import ContributionSerializer
from mapping.models import Campaign, Contribution, ContributionStatus, Photo, Reply
from tests.api.conftest import code, contributions_url, reasons
from tests.personas import (
    CORNER,
    GOOD_ANSWERS,
    STATION,
    TOWN_HALL,
    UNIVERSITY,
    make_campaign,
    make_comment,
    make_contribution,
    make_support,
)

SLUG = "fear-spaces"


def ids(response: object) -> list[str]:
    return [feature["id"] for feature in response.json()["features"]]  # type: ignore[attr-defined]


def test_feature_has_every_promised_member(campaign: Campaign, public: Client) -> None:
    stored = make_contribution(
        campaign,
        category="survey",
        text='"Dark" \\ <script>alert(1)</script>\n\t{"a": 1}, ÄÖÜ 🌳',
        answers=GOOD_ANSWERS,
        created_at=datetime(2026, 5, 1, 10, 0, 0, 123456, tzinfo=UTC),
    )
    Photo.objects.create(contribution=stored, file="a.jpg", width=1, height=1, digest=b"a", position=1)
    Photo.objects.create(contribution=stored, file="b.jpg", width=1, height=1, digest=b"b", position=0)
    Reply.objects.create(
        contribution=stored, status="planned", text="older", created_at=timezone.now() - timedelta(1)
    )
    Reply.objects.create(contribution=stored, status="done", text='New "lamps"')
    make_support(stored)
    make_support(stored, -1)
    make_comment(stored)
    [found] = public.get(contributions_url(SLUG)).json()["features"]
    assert found["id"] == str(stored.pk)
    assert found["geometry"] == {"type": "Point", "coordinates": list(TOWN_HALL)}
    properties = found["properties"]
    assert properties["category"] == "survey"
    assert properties["text"] == stored.text
    assert properties["answers"] == GOOD_ANSWERS
    assert properties["created"] == "2026-05-01T10:00:00+00:00"
    assert properties["status"] == "published"
    assert (properties["support"], properties["opposition"], properties["comments"]) == (1, 1, 1)
    first, second = stored.photos.order_by("position")
    assert properties["photos"] == [f"http://testserver/photos/{photo.pk}.jpg" for photo in (first, second)]
    assert properties["reply"]["status"] == "done"
    assert properties["reply"]["text"] == 'New "lamps"'
    documented = set(ContributionSerializer().fields) - {"id", "geom", "own"}
    assert set(properties) == documented


def test_collection_has_counts_and_links(published: Contribution, public: Client) -> None:
    response = public.get(contributions_url(SLUG))
    assert response.headers["Content-Type"] == "application/geo+json"
    body = response.json()
    assert body["type"] == "FeatureCollection"
    assert (body["numberMatched"], body["numberReturned"]) == (1, 1)
    assert [link["rel"] for link in body["links"]] == ["self"]
    assert body["links"][0]["href"] == f"http://testserver{contributions_url(SLUG)}"


def test_pages_show_each_contribution_once_whatever_their_times(campaign: Campaign, public: Client) -> None:
    same = timezone.now() - timedelta(hours=1)
    made = [make_contribution(campaign, created_at=same) for _ in range(5)]
    made += [make_contribution(campaign, created_at=same + timedelta(microseconds=n)) for n in range(1, 5)]
    seen: list[str] = []
    url: str | None = contributions_url(SLUG) + "?limit=2&category=spot&bbox=7,49,8,50"
    while url:
        body = public.get(url).json()
        assert body["numberMatched"] == 9
        seen += [feature["id"] for feature in body["features"]]
        url = next((link["href"] for link in body["links"] if link["rel"] == "next"), None)
    expected = sorted(made, key=lambda one: (one.created_at, one.pk), reverse=True)
    assert seen == [str(one.pk) for one in expected]


def test_page_that_is_exactly_full_is_the_last(campaign: Campaign, public: Client) -> None:
    for _ in range(2):
        make_contribution(campaign)
    body = public.get(contributions_url(SLUG) + "?limit=2").json()
    assert body["numberMatched"] == body["numberReturned"] == 2
    assert [link["rel"] for link in body["links"]] == ["self"]


def test_unfiltered_count_of_a_full_page_comes_from_the_tally(campaign: Campaign, public: Client) -> None:
    for place in (TOWN_HALL, STATION, UNIVERSITY):
        make_contribution(campaign, place)
    make_contribution(campaign, status=ContributionStatus.PENDING)
    assert public.get(contributions_url(SLUG) + "?limit=1").json()["numberMatched"] == 3


def test_tally_that_is_being_rebuilt_is_not_believed(campaign: Campaign, public: Client) -> None:
    for _ in range(3):
        make_contribution(campaign, footprint=False)
    assert public.get(contributions_url(SLUG) + "?limit=1").json()["numberMatched"] == 3


def test_count_beyond_the_bound_is_left_out(
    campaign: Campaign, public: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mapping.exports.counts.MOST_COUNTED", 2)
    for _ in range(3):
        make_contribution(campaign)
    body = public.get(contributions_url(SLUG) + "?limit=1&category=spot").json()
    assert "numberMatched" not in body
    following = next(link["href"] for link in body["links"] if link["rel"] == "next")
    assert "numberMatched" not in public.get(following).json()


@pytest.mark.parametrize(
    ("bbox", "expected"),
    [
        ("7.7688,49.4446,7.7690,49.4448", ["town hall"]),
        ("7.7,49.42,7.8,49.47", ["station", "town hall"]),
        (" 7.7 , 49.42,7.8,49.47", ["station", "town hall"]),
        ("7.9,49.4,8,49.5", []),
        ("170,-90,-170,90", []),
        ("7.0,49,-170,50", ["station", "town hall"]),
        ("170,49,7.9,50", ["station", "town hall"]),
    ],
)
def test_bbox_finds_what_lies_inside(
    campaign: Campaign, public: Client, bbox: str, expected: list[str]
) -> None:
    make_contribution(campaign, TOWN_HALL, text="town hall")
    make_contribution(campaign, STATION, text="station")
    make_contribution(campaign, None, category="idea", text="nowhere")
    body = public.get(contributions_url(SLUG), {"bbox": bbox}).json()
    assert sorted(feature["properties"]["text"] for feature in body["features"]) == expected


def test_categories_as_list_or_repeated(campaign: Campaign, public: Client) -> None:
    spot = make_contribution(campaign)
    survey = make_contribution(campaign, category="survey")
    make_contribution(campaign, category="anything")
    both = sorted([str(spot.pk), str(survey.pk)])
    assert sorted(ids(public.get(contributions_url(SLUG) + "?category=spot,survey"))) == both
    assert sorted(ids(public.get(contributions_url(SLUG) + "?category=spot&category=survey"))) == both
    assert ids(public.get(contributions_url(SLUG) + "?category=street")) == []
    assert len(ids(public.get(contributions_url(SLUG) + "?category="))) == 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-01", ["day", "evening"]),
        ("2026-05-01/2026-05-01", ["day", "evening"]),
        ("2026-05-02/..", ["next"]),
        ("../2026-04-30", []),
        ("2026-05-01/", ["day", "evening", "next"]),
        ("/2026-05-01", ["day", "evening"]),
        ("2026-05-01T10:00:00Z", ["day"]),
        ("2026-05-01T12:00:00+02:00/2026-05-01T21:59:59Z", ["day", "evening"]),
        ("2026-05-01T12:00:00.000001%2B02:00/..", ["evening", "next"]),
        ("../2026-05-01t10:00:00z", ["day"]),
    ],
)
def test_datetime_counts_days_in_the_sites_time_zone(
    campaign: Campaign, public: Client, text: str, expected: list[str]
) -> None:
    make_contribution(campaign, text="day", created_at=datetime(2026, 5, 1, 10, 0, tzinfo=UTC))
    # 23:30 in Kaiserslautern
    make_contribution(campaign, text="evening", created_at=datetime(2026, 5, 1, 21, 30, tzinfo=UTC))
    # 00:30 on the second in Kaiserslautern, though still the first in UTC
    make_contribution(campaign, text="next", created_at=datetime(2026, 5, 1, 22, 30, tzinfo=UTC))
    body = public.get(f"{contributions_url(SLUG)}?datetime={text}").json()
    assert sorted(feature["properties"]["text"] for feature in body["features"]) == expected


@pytest.mark.parametrize(
    ("query", "field", "reason"),
    [
        ("in_bbox=nan", "in_bbox", "unknown_parameter"),
        ("%00=1", "\0", "unknown_parameter"),
        ("bbox=nan,nan,nan,nan", "bbox", "bbox_not_finite"),
        ("bbox=1e400,0,0,0", "bbox", "bbox_not_finite"),
        ("bbox=Infinity,0,1,1", "bbox", "bbox_not_finite"),
        ("bbox=1,2,3", "bbox", "bbox_malformed"),
        ("bbox=1,2,3,4,5,6", "bbox", "bbox_malformed"),
        ("bbox=a,b,c,d", "bbox", "bbox_malformed"),
        ("bbox=1,2,3,4%00", "bbox", "bbox_malformed"),
        ("bbox=%D9%A1,2,3,4", "bbox", "bbox_malformed"),
        ("bbox=1,50,2,49", "bbox", "bbox_inverted"),
        ("bbox=1,2,3,99", "bbox", "bbox_out_of_range"),
        ("bbox=1,2,3,4&bbox=1,2,3,4", "bbox", "repeated"),
        ("category=unknown", "category", "unknown_category"),
        ("category=spot,%00", "category", "unknown_category"),
        ("category=spot'--", "category", "unknown_category"),
        ("datetime=yesterday", "datetime", "dates_malformed"),
        ("datetime=2026-02-30", "datetime", "dates_malformed"),
        ("datetime=2026-01-01T10:00:00", "datetime", "dates_malformed"),
        ("datetime=2026-01-01T25:00:00Z", "datetime", "dates_malformed"),
        ("datetime=2026-01-01/2026-01-02/2026-01-03", "datetime", "dates_malformed"),
        ("datetime=9999-12-31", "datetime", "dates_out_of_range"),
        ("datetime=0000-01-01", "datetime", "dates_malformed"),
        ("datetime=2026-02-01/2026-01-01", "datetime", "dates_reversed"),
        ("limit=0", "limit", "not_a_whole_number"),
        ("limit=1001", "limit", "not_a_whole_number"),
        ("limit=-1", "limit", "not_a_whole_number"),
        ("limit=1e2", "limit", "not_a_whole_number"),
        ("limit=%D9%A1", "limit", "not_a_whole_number"),
        ("limit=99999999999999999999", "limit", "not_a_whole_number"),
        ("cursor=forged", "cursor", "cursor_invalid"),
        ("cursor=0.0.0:abc", "cursor", "cursor_invalid"),
        ("cursor=%00", "cursor", "cursor_invalid"),
    ],
)
def test_bad_parameters_are_named(
    published: Contribution, public: Client, query: str, field: str, reason: str
) -> None:
    response = public.get(f"{contributions_url(SLUG)}?{query}")
    assert response.status_code == 400
    assert reasons(response) == {field: reason}


def test_all_bad_parameters_are_named_together(published: Contribution, public: Client) -> None:
    response = public.get(contributions_url(SLUG) + "?limit=x&bbox=1&datetime=y")
    assert reasons(response) == {
        "limit": "not_a_whole_number",
        "bbox": "bbox_malformed",
        "datetime": "dates_malformed",
    }


def test_cursor_serves_only_the_filters_it_was_made_for(campaign: Campaign, public: Client) -> None:
    for _ in range(3):
        make_contribution(campaign)
    make_contribution(make_campaign("other"))
    body = public.get(contributions_url(SLUG) + "?limit=1&category=spot").json()
    following = next(link["href"] for link in body["links"] if link["rel"] == "next")
    assert public.get(following).status_code == 200
    assert public.get(following.replace("limit=1", "limit=2")).status_code == 200
    for wrong in (
        following.replace("category=spot", "category=survey"),
        following.replace("category=spot&", ""),
        following.replace("fear-spaces", "other"),
        following[:-1] + ("a" if following[-1] != "a" else "b"),
    ):
        assert reasons(public.get(wrong)) == {"cursor": "cursor_invalid"}


@pytest.mark.parametrize("limit", [2, 20])
def test_page_costs_the_same_queries_whatever_it_holds(
    campaign: Campaign, public: Client, django_assert_num_queries: DjangoAssertNumQueries, limit: int
) -> None:
    for _ in range(10):
        stored = make_contribution(campaign)
        Photo.objects.create(contribution=stored, file="a.jpg", width=1, height=1, digest=b"a")
        Reply.objects.create(contribution=stored, status="done", text="x")
    # campaign, rows, and the count where the page is full
    with django_assert_num_queries(3 if limit < 10 else 2):
        public.get(contributions_url(SLUG), {"limit": limit})


def test_one_contribution_reads_like_in_the_list(published: Contribution, public: Client) -> None:
    one = public.get(contributions_url(SLUG, f"{published.pk}/"))
    assert one.status_code == 200
    assert one.headers["Content-Type"] == "application/geo+json"
    [listed] = public.get(contributions_url(SLUG)).json()["features"]
    assert one.json() == listed


def test_contribution_of_another_campaign_is_not_found_here(published: Contribution, public: Client) -> None:
    make_campaign("other")
    response = public.get(contributions_url("other", f"{published.pk}/"))
    assert response.status_code == 404
    assert code(response) == "not_found"


def test_line_area_and_nothing_are_geometries_too(campaign: Campaign, public: Client) -> None:
    make_contribution(
        campaign, f"LINESTRING({TOWN_HALL[0]} {TOWN_HALL[1]}, {CORNER[0]} {CORNER[1]})", category="street"
    )
    make_contribution(
        campaign, "POLYGON((7.76 49.43, 7.77 49.43, 7.77 49.44, 7.76 49.43))", category="meadow"
    )
    make_contribution(campaign, None, category="idea")
    features = public.get(contributions_url(SLUG)).json()["features"]
    kinds = {feature["geometry"] and feature["geometry"]["type"] for feature in features}
    assert kinds == {"LineString", "Polygon", None}
