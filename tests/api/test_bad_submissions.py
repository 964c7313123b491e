"""Bad input is refused with reasons, and nothing of it is stored."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from mapping.models import Campaign
from tests.api.conftest import code, contributions_url, feature, reasons, send
from tests.api.submitting import COOKIE, SLUG, nothing_is_stored
from tests.personas import OUTSIDE, TOWN_HALL, line, point


def test_body_in_pieces_without_a_length_is_refused_with_the_reason(
    campaign: Campaign, public: Client
) -> None:
    response = public.generic(
        "POST", contributions_url(SLUG), content_type="application/json", HTTP_TRANSFER_ENCODING="chunked"
    )
    assert (response.status_code, code(response)) == (411, "length_required")


BOWTIE = [[[7.76, 49.44], [7.77, 49.45], [7.77, 49.44], [7.76, 49.45], [7.76, 49.44]]]
UNCLOSED = [[[7.76, 49.44], [7.77, 49.44], [7.77, 49.45], [7.76, 49.45]]]
BAD_FEATURES: list[tuple[str, Any, dict[str, str]]] = [
    ("no object", [], {"body": "not_a_feature"}),
    ("null", None, {"body": "not_a_feature"}),
    ("a string", '"Feature"', {"body": "not_a_feature"}),
    ("a bare geometry", point(), {"type": "not_a_feature"}),
    ("a collection", {"type": "FeatureCollection", "features": []}, {"type": "not_a_feature"}),
    ("type of a wrong type", {"type": ["Feature"]}, {"type": "not_a_feature"}),
    ("no properties", {"type": "Feature", "geometry": point()}, {"properties": "wrong_type"}),
    ("properties as list", {"type": "Feature", "properties": []}, {"properties": "wrong_type"}),
    ("crs beside the geometry", {**feature(), "crs": {}}, {"crs": "crs_member_not_supported"}),
    (
        "crs in the geometry",
        feature(geometry={**point(), "crs": None}),
        {"geometry": "crs_member_not_supported"},
    ),
    ("id no text", {**feature(), "id": 7}, {"id": "not_a_uuid"}),
    ("id no uuid", {**feature(), "id": "{" + str(uuid.uuid4()) + "}"}, {"id": "not_a_uuid"}),
    ("no category", {"type": "Feature", "properties": {}, "geometry": None}, {"category": "value_required"}),
    ("category no text", feature(category=["spot"]), {"category": "not_a_text"}),
    ("unknown category", feature("unknown"), {"category": "unknown_category"}),
    ("text no text", feature(text=7), {"text": "not_a_text"}),
    ("text too long", feature(text="x" * 5001), {"text": "too_long"}),
    ("zoom no number", feature(zoom="17"), {"zoom": "wrong_type"}),
    ("zoom true", feature(zoom=True), {"zoom": "wrong_type"}),
    ("zoom out of range", feature(zoom=99), {"zoom": "not_a_zoom"}),
    ("zoom huge", feature(zoom=10**300), {"zoom": "not_a_zoom"}),
    ("no geometry", feature(geometry=None, text="x"), {"geometry": "geometry_required"}),
    ("geometry where none is wanted", feature("idea", text="x"), {"geometry": "geometry_not_wanted"}),
    ("text missing where required", feature("idea", None), {"text": "required"}),
    ("geometry a list", feature(geometry=[7, 49]), {"geometry": "not_an_object"}),
    ("3-D", feature(geometry=point((7.77, 49.44, 250.0))), {"geometry": "not_two_dimensional"}),  # type: ignore[arg-type]
    ("wrong type", feature(geometry=line()), {"geometry": "type_not_allowed"}),
    (
        "several points",
        feature(geometry={"type": "MultiPoint", "coordinates": [[7, 49]]}),
        {"geometry": "type_not_allowed"},
    ),
    (
        "unknown type",
        feature(geometry={"type": "Circle", "coordinates": [7, 49]}),
        {"geometry": "unknown_type"},
    ),
    (
        "text as coordinate",
        feature(geometry={"type": "Point", "coordinates": ["7.77", "49.44"]}),
        {"geometry": "not_a_number"},
    ),
    (
        "true as coordinate",
        feature(geometry={"type": "Point", "coordinates": [True, 49]}),
        {"geometry": "not_a_number"},
    ),
    ("empty", feature(geometry={"type": "Point", "coordinates": []}), {"geometry": "empty"}),
    (
        "swapped",
        feature(geometry=point((TOWN_HALL[1], TOWN_HALL[0]))),
        {"geometry": "swapped_axes_suspected"},
    ),
    ("outside", feature(geometry=point(OUTSIDE)), {"geometry": "outside_area"}),
    ("out of range", feature(geometry=point((200.0, 95.0))), {"geometry": "out_of_range"}),
    (
        "unclosed",
        feature("meadow", {"type": "Polygon", "coordinates": UNCLOSED}),
        {"geometry": "ring_not_closed"},
    ),
    (
        "crossing",
        feature("meadow", {"type": "Polygon", "coordinates": BOWTIE}),
        {"geometry": "self_intersection"},
    ),
    (
        "too many vertices",
        feature("street", {"type": "LineString", "coordinates": [[7.76, 49.44], [7.77, 49.45]] * 1000}),
        {"geometry": "too_many_vertices"},
    ),
    ("answers a list", feature(answers=[]), {"answers": "not_an_object_of_answers"}),
    ("unknown question", feature(answers={"age": 7}), {"answers.age": "unknown_question"}),
    ("required question", feature("survey"), {"answers.yes-no": "required"}),
    (
        "wrong answers",
        feature(
            "survey",
            answers={
                "yes-no": "yes",
                "scale": 9,
                "number": "many",
                "single-choice": "noon",
                "multiple-choice": "day",
                "time-of-day": "25:00",
                "text": 1,
            },
        ),
        {
            "answers.yes-no": "not_yes_no",
            "answers.scale": "not_on_the_scale",
            "answers.number": "not_a_number_answer",
            "answers.single-choice": "not_a_choice",
            "answers.multiple-choice": "not_a_list_of_choices",
            "answers.time-of-day": "not_a_time",
            "answers.text": "not_a_text",
        },
    ),
    (
        "several at once",
        {**feature(text=7, zoom="x"), "id": "y"},
        {"text": "not_a_text", "zoom": "wrong_type", "id": "not_a_uuid"},
    ),
]


@pytest.mark.parametrize(("what", "body", "expected"), BAD_FEATURES, ids=[case[0] for case in BAD_FEATURES])
def test_bad_feature_is_refused_with_its_reasons(
    campaign: Campaign, public: Client, what: str, body: object, expected: dict[str, str]
) -> None:
    response = send(public, SLUG, body)
    assert response.status_code == 400
    assert reasons(response) == expected
    assert code(response) == "invalid"
    assert nothing_is_stored()
    assert COOKIE not in response.cookies


def with_text(text: bytes) -> bytes:
    return json.dumps(feature(text="TEXT")).encode().replace(b"TEXT", text)


def with_coordinates(text: bytes) -> bytes:
    return json.dumps(feature()).encode().replace(b"[7.7689, 49.4447]", text)


BAD_BODIES: list[tuple[str, bytes, str, int, dict[str, str]]] = [
    ("NaN", with_coordinates(b"[NaN, 49.44]"), "application/json", 400, {"body": "not_finite"}),
    ("Infinity", with_coordinates(b"[7.7, Infinity]"), "application/json", 400, {"body": "not_finite"}),
    ("1e400", with_coordinates(b"[7.7, 1e400]"), "application/json", 400, {"body": "not_finite"}),
    ("broken JSON", b'{"type": "Feature"', "application/json", 400, {"body": "not_json"}),
    ("two values", b"{}{}", "application/geo+json", 400, {"body": "not_json"}),
    (
        "repeated key",
        b'{"type":"Feature","type":"Feature"}',
        "application/json",
        400,
        {"body": "duplicate_key"},
    ),
    ("escaped NUL", with_text(b"a\\u0000b"), "application/json", 400, {"body": "nul_character"}),
    ("raw NUL", with_text(b"a\0b"), "application/json", 400, {"body": "nul_character"}),
    ("lone surrogate", with_text(b"\\ud800"), "application/json", 400, {"body": "lone_surrogate"}),
    ("not UTF-8", with_text("ä".encode("latin-1")), "application/json", 400, {"body": "not_utf8"}),
    ("too deep", b"[" * 100_000, "application/json", 400, {"body": "too_deep"}),
    ("empty", b"", "application/json", 400, {"type": "not_a_feature"}),
    ("blank", b" ", "application/json", 400, {"body": "not_json"}),
    ("UTF-16 said", b"{}", "application/json; charset=utf-16", 415, {}),
    ("Latin-1 said", b"{}", 'application/geo+json; charset="iso-8859-1"', 415, {}),
    ("a form", b"type=Feature", "application/x-www-form-urlencoded", 415, {}),
    ("multipart", b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x", 415, {}),
    ("broken multipart", b"--", "multipart/form-data", 415, {}),
    ("XML", b"<Feature/>", "application/gml+xml", 415, {}),
    ("no media type", b"{}", "", 415, {}),
    ("nonsense as media type", b"{}", ";;=,\x7f", 415, {}),
    ("5 MB", with_text(b"x" * 5_000_000), "application/json", 413, {}),
    (
        "100,000 vertices",
        json.dumps(
            feature("street", {"type": "LineString", "coordinates": [[7.76, 49.44], [7.77, 49.45]] * 50_000})
        ).encode(),
        "application/geo+json",
        400,
        {"geometry": "too_many_vertices"},
    ),
]


@pytest.mark.parametrize("case", BAD_BODIES, ids=[case[0] for case in BAD_BODIES])
def test_bad_body_is_refused_with_its_reason(
    campaign: Campaign, public: Client, case: tuple[str, bytes, str, int, dict[str, str]]
) -> None:
    _what, body, content_type, status, expected = case
    response = send(public, SLUG, body, content_type)
    assert response.status_code == status
    assert reasons(response) == expected
    assert nothing_is_stored()


def test_length_that_lies_is_not_believed(campaign: Campaign, public: Client) -> None:
    body = with_text(b"x" * 5_000_000)
    # A length of ten bytes leaves broken JSON, none at all leaves nothing.
    for length, status in (("10", 400), ("", 400), ("-1", 400), ("nonsense", 400), ("9" * 30, 413)):
        response = send(public, SLUG, body, CONTENT_LENGTH=length)
        assert response.status_code == status, length
        reasons(response)
    assert nothing_is_stored()
