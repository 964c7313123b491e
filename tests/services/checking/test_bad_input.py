"""Whatever is sent: never an unexpected error, never a half-stored contribution."""

import json
import math
from collections.abc import Mapping
from typing import cast
from uuid import UUID

import pytest
from django.core.files.storage import default_storage

from mapping.models import Campaign, Contribution, Footprint, ModerationEvent, Participant, Photo
from mapping.services.errors import DomainError, Invalid
from mapping.services.submit import Submission, submit
from tests import personas
from tests.personas import Citizen, line, point, square

LON, LAT = personas.TOWN_HALL
BOW_TIE = [[LON, LAT], [LON + 0.002, LAT + 0.002], [LON + 0.002, LAT], [LON, LAT + 0.002], [LON, LAT]]


def polygon(*rings: list[list[float]]) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def deep() -> object:
    nested: object = []
    for _ in range(100_000):
        nested = [nested]
    return nested


BAD_GEOMETRIES: list[tuple[object, str]] = [
    ({"type": "Point", "coordinates": [math.nan, LAT]}, "not_finite"),
    ({"type": "Point", "coordinates": [LON, math.inf]}, "not_finite"),
    ({"type": "Point", "coordinates": [LON, -math.inf]}, "not_finite"),
    (json.loads('{"type": "Point", "coordinates": [1e400, 49]}'), "not_finite"),
    ({"type": "Point", "coordinates": [10**400, 49]}, "not_finite"),
    ({"type": "Point", "coordinates": [LON, LAT, 230.0]}, "not_two_dimensional"),
    ({"type": "Point", "coordinates": [LON]}, "not_two_dimensional"),
    ({"type": "Point", "coordinates": [str(LON), str(LAT)]}, "not_a_number"),
    ({"type": "Point", "coordinates": [True, False]}, "not_a_number"),
    ({"type": "Point", "coordinates": [None, None]}, "not_a_number"),
    ({"type": "Point", "coordinates": []}, "empty"),
    ({"type": "Point", "coordinates": "7.7 49.4"}, "not_a_list"),
    ({"type": "Point"}, "missing"),
    ({"coordinates": [LON, LAT]}, "missing"),
    ({}, "missing"),
    ([], "not_an_object"),
    ("POINT(7.7 49.4)", "not_an_object"),
    (12, "not_an_object"),
    (deep(), "unreadable"),
    ({"type": "Point", "coordinates": deep()}, "unreadable"),
    ({"type": "MultiPoint", "coordinates": [[LON, LAT]]}, "type_not_allowed"),
    ({"type": "GeometryCollection", "geometries": []}, "type_not_allowed"),
    ({"type": "Circle", "coordinates": [LON, LAT]}, "unknown_type"),
    ({"type": ["Point"], "coordinates": [LON, LAT]}, "unknown_type"),
    ({"type": "Feature", "geometry": point()}, "type_not_allowed"),
    (point() | {"crs": {"type": "name", "properties": {"name": "EPSG:25832"}}}, "crs_member_not_supported"),
    (point((LAT, LON)), "swapped_axes_suspected"),
    (point((3_400_000, 5_480_000)), "out_of_range"),
    (point(personas.OUTSIDE), "outside_area"),
    (point((0, 0)), "outside_area"),
    (point((180, 90)), "outside_area"),
    (line((LON, LAT)), "too_few_positions"),
    (line((LON, LAT), (LON, LAT)), "invalid_geometry"),
    (line(*[(LON + i * 1e-6, LAT) for i in range(100_000)]), "too_many_vertices"),
    (line(personas.TOWN_HALL, personas.BERLIN), "outside_area"),
    (polygon(BOW_TIE), "self_intersection"),
    (polygon(BOW_TIE[:4]), "ring_not_closed"),
    (polygon(BOW_TIE[:2]), "too_few_positions"),
    (polygon(), "empty"),
    (polygon([[LON, LAT]] * 5), "invalid_geometry"),
    (polygon([[LON, LAT], [LON + 0.001, LAT], [LON + 0.002, LAT], [LON, LAT]]), "invalid_geometry"),
    (square(size=1.0), "outside_area"),
]


def nothing_was_stored() -> bool:
    kinds = (Contribution, Footprint, ModerationEvent, Participant, Photo)
    return not any(kind.objects.exists() for kind in kinds)


@pytest.mark.parametrize(("geometry", "code"), BAD_GEOMETRIES, ids=range(len(BAD_GEOMETRIES)))
def test_bad_geometry_is_refused_with_its_reason(
    campaign: Campaign, citizen: Citizen, geometry: object, code: str
) -> None:
    submission = Submission("anything", geometry, "Text", {}, UUID(int=7))
    with pytest.raises(Invalid) as refused:
        submit(campaign, submission, citizen.secret)
    assert [problem.code for problem in refused.value.fields["geometry"]] == [code]
    assert nothing_was_stored()


BAD_ANSWERS: list[object] = [
    [],
    "yes",
    7,
    {"yes-no": "yes"},
    {"yes-no": True, "number": math.nan},
    {"yes-no": True, "number": 10**400},
    {"yes-no": True, "scale": 3.5},
    {"yes-no": True, "scale": True},
    {"yes-no": True, "single-choice": {"value": "day"}},
    {"yes-no": True, "multiple-choice": "day"},
    {"yes-no": True, "multiple-choice": ["day", ["night"]]},
    {"yes-no": True, "time-of-day": "25:00"},
    {"yes-no": True, "time-of-day": "٢٢:٣٠"},
    {"yes-no": True, "text": "x" * 301},
    {"yes-no": True, "text": ["x"]},
    {"yes-no": True, "x" * 100_000: 1},
    {"yes-no": True, "a\x00b\u202e\ud800": 1},
    {"yes-no": True, 5: 1, None: 2},
    {"yes-no": True, "text": deep()},
    {str(number): number for number in range(10_000)},
]


@pytest.mark.parametrize("answers", BAD_ANSWERS, ids=range(len(BAD_ANSWERS)))
def test_wrong_answers_are_refused_field_by_field(
    campaign: Campaign, citizen: Citizen, answers: object
) -> None:
    submission = Submission("survey", point(), "Text", cast("Mapping[str, object]", answers))
    with pytest.raises(Invalid) as refused:
        submit(campaign, submission, citizen.secret)
    assert all(name.split(".")[0] in {"answers", "geometry"} for name in refused.value.fields)
    assert all(len(name) < 100 and name.isprintable() for name in refused.value.fields)
    assert len(refused.value.fields) < 40
    assert nothing_was_stored()


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ("a\x00b", "ab"),
        ("\x1b[31mred\x07", "[31mred"),
        ("safe \u202eelpoep\u202c", "safe elpoep"),
        ("\u2066x\u2069", "x"),
        ("half \ud83d", "half"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("Cafe\u0301", "Café"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("{{ 7 * 7 }} %s %(x)s \\ ' \" ; DROP TABLE", "{{ 7 * 7 }} %s %(x)s \\ ' \" ; DROP TABLE"),
        ("שלום 🌳 \u200fعربي", "שלום 🌳 عربي"),
    ],
)
def test_text_is_kept_as_it_is_but_for_characters_that_nobody_types(
    campaign: Campaign, citizen: Citizen, sent: str, stored: str
) -> None:
    pk = submit(campaign, Submission("spot", point(), sent), citizen.secret).contribution.pk
    assert Contribution.objects.get(pk=pk).text == stored


@pytest.mark.parametrize("text", [5, ["x"], {"a": 1}, "x" * 5001, "x" * 5_000_000])
def test_bad_text_is_refused(campaign: Campaign, citizen: Citizen, text: object) -> None:
    with pytest.raises(Invalid) as refused:
        submit(campaign, Submission("spot", point(), cast("str", text)), citizen.secret)
    assert set(refused.value.fields) == {"text"}
    assert nothing_was_stored()


def test_text_of_the_greatest_length_is_taken(campaign: Campaign, citizen: Citizen) -> None:
    assert submit(campaign, Submission("spot", point(), "ä" * 5000), citizen.secret).created


@pytest.mark.parametrize("zoom", [-1, 25, "17", True, math.nan, math.inf, 10**400, [17]])
def test_bad_zoom_is_refused(campaign: Campaign, citizen: Citizen, zoom: object) -> None:
    with pytest.raises(Invalid):
        submit(campaign, Submission("spot", point(), zoom=cast("int", zoom)), citizen.secret)


def test_bad_photo_spoils_the_whole_contribution(campaign: Campaign, citizen: Citizen) -> None:
    with pytest.raises(DomainError):
        submit(campaign, Submission("spot", point(), photos=[b"GIF89a fake"]), citizen.secret)
    assert nothing_was_stored()
    assert not default_storage.exists("photos")


@pytest.mark.parametrize("place", [(0.0, -90.0), (-179.9, -49.4), (172.2, -50.6), (-3.7, 5.0)])
def test_without_an_area_places_must_lie_on_the_european_grid(
    db: None, citizen: Citizen, place: tuple[float, float]
) -> None:
    everywhere = personas.make_campaign("everywhere", area=None)
    with pytest.raises(Invalid) as refused:
        submit(everywhere, Submission("spot", point(place)), citizen.secret)
    assert refused.value.fields["geometry"][0].code == "outside_grid"
    assert submit(everywhere, Submission("spot", point(personas.BERLIN)), citizen.secret).created


def test_shape_of_half_a_continent_is_too_large(db: None, citizen: Citizen) -> None:
    everywhere = personas.make_campaign("everywhere", area=None)
    with pytest.raises(Invalid) as refused:
        submit(everywhere, Submission("meadow", square((5.0, 45.0), 10.0)), citizen.secret)
    assert refused.value.fields["geometry"][0].code == "too_large"
    assert nothing_was_stored()
