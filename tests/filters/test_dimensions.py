"""Every dimension of the filter: read strictly and leniently, written back, put in words, right in every way out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.http import QueryDict
from django.test import Client
from django.utils import timezone, translation

from accounts.models import User
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.aggregation.statistics import totals
from mapping.filters.answers import ANSWERS, parameters_for_staff
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.dimensions import DIMENSIONS
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import questions_of
from mapping.filters.times import WEEKDAY, hours_of
from mapping.filters.words import WORDS
from mapping.http.parameters.heatmap import known_names
from mapping.http.parameters.reading import Parameters
from mapping.models import Campaign, Contribution, District, DistrictLayer, Response, Source
from mapping.services.errors import Invalid
from tests import personas
from tests.api.conftest import with_token
from tests.filtering import filtered
from tests.filters.ways import heat_of
from tests.personas import STATION, TOWN_HALL, make_contribution
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db

ADDRESSES = {
    "category": "category=spot",
    "bbox": "bbox=7.7,49.4,7.8,49.5",
    "datetime": "datetime=2026-05-01/2026-05-03",
    "weekday": "weekday=6,7",
    "hours": "hours=20-6",
    "source": "source=paper",
    "district": "district=1",
    "reply": "reply=planned,none",
    "q": "q=dark+lamp",
    "answers": "answers[yes-no]=true",
    "staff_answers": "staff_answers[contact]=phone",
    "responses": "responses[age]=18-25",
}


@pytest.fixture
def layer(campaign: Campaign) -> DistrictLayer:
    layer = DistrictLayer.objects.create(slug="quarters", title="Quarters")
    for code, place in (("1", STATION), ("2", TOWN_HALL)):
        District.objects.create(layer=layer, code=code, name=f"Quarter {code}", geom=around(place))
    campaign.district_layer = layer
    campaign.save()
    choices = [{"value": age, "title": f"{age} years"} for age in ("18-25", "26-40")]
    ask(campaign, "age", "single_choice", options={"choices": choices})
    ways = {"choices": [{"value": way, "title": way.title()} for way in ("phone", "letter")]}
    personas.category_of(campaign, "survey").questions.create(
        slug="contact", title="Contact", kind="single_choice", options=ways, audience="staff"
    )
    return layer


def around(place: tuple[float, float]) -> MultiPolygon:
    west, south = place
    return MultiPolygon(
        Polygon.from_bbox((west - 0.001, south - 0.001, west + 0.001, south + 0.001)), srid=4326
    )


def read(campaign: Campaign, address: str) -> ContributionFilter:
    query = QueryDict(address)
    parameters = Parameters(query, known_names(query))
    parameters.accept(*parameters_for_staff(parameters.names))
    found = ContributionFilter.read(parameters, Choices(campaign, for_staff=True))
    parameters.done()
    return found


def test_each_dimension_has_an_address_here() -> None:
    assert set(ADDRESSES) == {one.name for one in DIMENSIONS}


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.usefixtures("layer")
def test_a_filter_comes_back_from_both_kinds_of_address(campaign: Campaign, name: str) -> None:
    found = read(campaign, ADDRESSES[name])
    assert [one.name for one, _value in found.values] == [name]
    written = QueryDict(mutable=True)
    written.update(found.written())
    assert read(campaign, written.urlencode()) == found
    page = QueryDict(mutable=True)
    for key, value in found.with_statuses(("published",)).pairs("b."):
        page.appendlist(key, value)
    assert ContributionFilter.find(page, Choices(campaign, for_staff=True), "b.") == found.with_statuses(
        ("published",)
    )


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.usefixtures("layer")
def test_a_filter_has_words(campaign: Campaign, name: str, language: str) -> None:
    with translation.override(language):
        choices = Choices(campaign, for_staff=True)
        [(title, words)] = read(campaign, ADDRESSES[name]).statements(choices)
    assert title
    assert words
    assert "=" not in words


def test_words_are_found_in_title_and_text_in_any_order(campaign: Campaign) -> None:
    of_the_city = make_contribution(campaign, text="It is too dark.", source=Source.CITY)
    Contribution.objects.filter(pk=of_the_city.pk).update(title="New LAMP")
    by_text = make_contribution(campaign, text="A lamp! Here it is Dark.")
    make_contribution(campaign, text="A lamp")
    assert {*read(campaign, "q=dark+lamp").contributions(campaign)} == {of_the_city, by_text}
    assert not [*read(campaign, "q=100%25").contributions(campaign)]


def test_too_many_words_are_refused_by_the_api_and_cut_by_pages(campaign: Campaign) -> None:
    with pytest.raises(Invalid) as refused:
        read(campaign, f"q={'x' * 101}")
    assert refused.value.fields["q"][0].code == "too_long"
    found = ContributionFilter.find(QueryDict(f"q={'x' * 101}%00"), Choices(campaign))
    assert found.get(WORDS) == "x" * 100


def test_german_words_are_german(campaign: Campaign) -> None:
    with translation.override("de"):
        stated = dict(read(campaign, "weekday=6,7&reply=none&hours=20-6").statements(Choices(campaign)))
    assert stated == {
        "Wochentage": "Samstag, Sonntag",
        "Uhrzeit": "20 bis 6 Uhr",
        "Rückmeldung der Stadt": "noch keine Rückmeldung",
    }


def test_weekdays_and_hours_are_read(campaign: Campaign) -> None:
    assert read(campaign, "weekday=7,+1,7").get(WEEKDAY) == ("1", "7")
    assert hours_of("20-6") == (20, 6)
    assert hours_of(" 0-8 ") == (0, 8)
    assert hours_of("0-24") is None
    for text in ("", "8", "1-2-3", "-1-3", "a-b", "24-3", "3-3", "١-٢"):
        with pytest.raises(QueryProblem):
            hours_of(text)
    for text in ("0", "8", "mon", "1;2", "１", "1,"):
        with pytest.raises(Invalid):
            read(campaign, f"weekday={text}")


def test_questions_that_can_filter_or_be_measured(campaign: Campaign) -> None:
    with translation.override("en"):
        found = {question.slug: question for question in questions_of(campaign.pk, "answers")}
    assert set(found) == {
        *("single-choice", "multiple-choice", "scale", "number", "yes-no", "part-of-day"),
        *("picture-choice", "ranking", "time-of-day", "date"),
    }
    assert {slug for slug, question in found.items() if not question.is_measure} == {"time-of-day", "date"}
    assert found["single-choice"].choices == (("day", "By day"), ("night", "At night"))
    assert found["yes-no"].choices == (("true", "Yes"), ("false", "No"))
    assert found["scale"].choices == tuple((str(step), str(step)) for step in range(1, 6))
    assert {slug: one.limits for slug, one in found.items() if one.limits} == {
        "scale": "number",
        "number": "number",
        "time-of-day": "time",
        "date": "date",
    }


@pytest.mark.parametrize(
    ("asked", "matching", "others"),
    [
        ("answers[number]=5/20", {"number": 5}, {"number": 20.5}),
        ("answers[number]=../-3", {"number": -3}, {"number": 0}),
        ("answers[number]=7.5", {"number": 7.5}, {"number": 7}),
        ("answers[number]=1,3/..", {"number": 1}, {"number": 2}),
        ("answers[scale]=4/..", {"scale": 5}, {"scale": 3}),
        ("answers[date]=2026-05-01/2026-05-31", {"date": "2026-05-31"}, {"date": "2026-06-01"}),
        ("answers[time-of-day]=08:00/09:30", {"time-of-day": "09:30"}, {"time-of-day": "09:31"}),
        ("answers[time-of-day]=20:00/06:00", {"time-of-day": "02:15"}, {"time-of-day": "12:00"}),
        ("answers[ranking]=day:1", {"ranking": ["day", "night"]}, {"ranking": ["night", "day"]}),
        ("answers[ranking]=day", {"ranking": ["night", "day"]}, {"ranking": ["night"]}),
        ("answers[picture-choice]=night", {"picture-choice": "night"}, {"picture-choice": "day"}),
        ("answers[part-of-day]=evening", {"part-of-day": "evening"}, {"part-of-day": "night"}),
        ("answers[yes-no]=false", {"yes-no": False}, {"yes-no": True}),
    ],
)
def test_every_kind_of_answer_filters(
    campaign: Campaign, asked: str, matching: dict[str, object], others: dict[str, object]
) -> None:
    expected = make_contribution(campaign, category="survey", answers=matching)
    make_contribution(campaign, category="survey", answers=others)
    make_contribution(campaign, category="survey", answers={})
    assert [*read(campaign, asked).contributions(campaign)] == [expected]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("number", "many", "not_a_range"),
        ("number", "../..", "not_a_range"),
        ("number", "1/2/3", "not_a_range"),
        ("date", "2026-02-30", "not_a_range"),
        ("time-of-day", "24:00/..", "not_a_range"),
        ("scale", "high", "not_a_range"),
        ("ranking", "day:2", "unknown_answer"),
        ("text", "x", "no_such_question"),
    ],
)
def test_what_is_no_answer_is_refused_by_name(campaign: Campaign, name: str, value: str, code: str) -> None:
    with pytest.raises(QueryProblem) as refused:
        [*read(campaign, f"answers[{name}]={value}").contributions(campaign)]
    assert refused.value.code == code
    assert refused.value.params["parameter"] == f"answers[{name}]"


def test_pages_have_two_fields_for_a_range(campaign: Campaign) -> None:
    page = QueryDict("answers[number][from]=2,5&answers[date][to]=2026-05-01&answers[text][from]=1")
    found = ContributionFilter.find(page, Choices(campaign))
    assert found.get(ANSWERS) == (("number", ("2.5/..",)), ("date", ("../2026-05-01",)))
    shown = {one.name: one for one in found.groups(Choices(campaign))}
    assert (shown["answers[number]"].control, [*shown["answers[number]"].chosen]) == ("number", ["2.5", ""])
    with translation.override("de"):
        assert dict(found.statements(Choices(campaign))).popitem()[1] == "bis 1. Mai 2026"


def test_answers_are_asked_as_they_are_stored(campaign: Campaign) -> None:
    stored: Mapping[str, object] = {
        "single-choice": "day",
        "multiple-choice": ["night", "day"],
        "scale": 4,
        "yes-no": True,
    }
    made = make_contribution(campaign, category="survey", answers=dict(stored))
    make_contribution(campaign, category="survey", answers={"single-choice": "night", "yes-no": False})
    for slug, value in (
        ("single-choice", "day"),
        ("multiple-choice", "day"),
        ("scale", "4"),
        ("yes-no", "true"),
    ):
        wanted = ContributionFilter().having(ANSWERS, ((slug, (value,)),))
        assert [*wanted.contributions(campaign)] == [made], slug


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.usefixtures("layer")
def test_footprints_and_places_count_alike(campaign: Campaign, name: str) -> None:
    make_contribution(campaign, STATION)
    make_contribution(campaign, TOWN_HALL, source="paper")
    mine = make_contribution(
        campaign, STATION, category="survey", answers={"yes-no": True, "contact": "phone"}
    )
    at = timezone.now()
    Response.objects.create(
        campaign=campaign, participant=mine.participant, answers={"age": "18-25"}, completed_at=at
    )
    wanted = read(campaign, ADDRESSES[name])
    expected = wanted.contributions(campaign).count()
    for grid in ("square", "hexagon"):
        query = HeatmapQuery(campaign.pk, filter=wanted, grid=grid, for_staff=True)
        assert heatmap(query).totals.contributions == expected, grid
    query = HeatmapQuery(campaign.pk, filter=wanted, for_staff=True)
    assert sum(number for _day, number in totals.timeline(query)) == expected


def test_a_box_narrows_a_heat_map(campaign: Campaign, client: Client) -> None:
    make_contribution(campaign, STATION)
    make_contribution(campaign, TOWN_HALL)
    west, south = STATION
    box = f"{west - 0.0005},{south - 0.0005},{west + 0.0005},{south + 0.0005}"
    assert heat_of(client, f"bbox={box}") == 1
    assert heat_of(client, "bbox=0,0,1,1") == 0


@pytest.mark.parametrize(
    ("category", "place"),
    [
        ("street", "LINESTRING(7.75 49.44, 7.78 49.45)"),
        ("meadow", "POLYGON((7.74 49.43, 7.77 49.43, 7.77 49.45, 7.74 49.45, 7.74 49.43))"),
    ],
)
def test_box_meets_lines_and_areas_that_only_reach_into_it(
    campaign: Campaign, client: Client, category: str, place: str
) -> None:
    shown = make_contribution(campaign, place, category=category, text="Reaches in")
    address = f"/api/v1/campaigns/{campaign.slug}/"
    for box, expected in (("7.755,49.44,7.76,49.445", 1), ("7.9,49.4,7.91,49.41", 0)):
        listed = client.get(f"{address}contributions/?bbox={box}").json()["features"]
        assert [one["id"] for one in listed] == [str(shown.pk)][:expected]
        file = json.loads(client.get(f"{address}download.geojson?bbox={box}").getvalue())
        assert len(file["features"]) == expected
        assert heat_of(client, f"bbox={box}") == expected
        assert read(campaign, f"bbox={box}").contributions(campaign).count() == expected


def test_staff_filter_drafts_alike(campaign: Campaign, analyst: User) -> None:
    make_contribution(campaign, status=personas.PENDING)
    client = with_token(analyst)
    assert heat_of(client, "status=pending&reply=none") == 1
    assert heat_of(client, "status=pending&reply=done") == 0


def test_days_are_whole_days() -> None:
    wanted = filtered(start=date(2026, 5, 1), end=date(2026, 5, 3))
    assert dict(wanted.pairs()) == {"start": "2026-05-01", "end": "2026-05-03"}
    assert wanted.written() == {"datetime": "2026-05-01/2026-05-03"}
