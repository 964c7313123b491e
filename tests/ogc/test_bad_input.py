"""Whatever is asked: a clear answer, never a fault of ours. And the description of the API is true."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.result import Ok

from mapping.models import Campaign
from tests.ogc.asking import COLLECTION, ITEMS, ROOT, body, get, is_problem, linked
from tests.personas import GOOD_ANSWERS, make_campaign, make_contribution

INJECTIONS = (
    "' OR 1=1 --",
    "'; DROP TABLE mapping_contribution; --",
    '"; SELECT pg_sleep(9); --',
    "%s %(a)s {0}",
    "\\",
    "$$",
    "../../etc/passwd",
    "\ufb00\u202e",
    "\ud83c\udf33",
    "0x7f",
    "1e400",
    "nan",
    "-inf",
    "9" * 400,
    "[]",
    "{}",
    "(" * 2000,
)
PARAMETERS = (
    "limit",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "filter",
    "filter-lang",
    "filter-crs",
    "sortby",
    "properties",
    "skipGeometry",
    "cursor",
    "f",
    "category",
    "scale",
    "yes-no",
    "number",
    "text",
    "support",
)
HARMLESS = {"category", "text"}
"""Attributes that may have any text as a value."""


@pytest.fixture
def asked(campaign: Campaign) -> Campaign:
    make_contribution(campaign, category="survey", answers=GOOD_ANSWERS)
    return campaign


@pytest.mark.parametrize("name", PARAMETERS)
def test_text_in_a_parameter_is_never_more_than_text(asked: Campaign, name: str) -> None:
    for text in INJECTIONS:
        value = quote(text.encode("utf-8", "surrogatepass"))
        response = Client().get(f"{ITEMS}?{name}={value}")
        if name in HARMLESS and response.status_code == 200:
            assert response.json()["numberMatched"] == 0
        elif not (name == "limit" and text.isdecimal()):
            assert is_problem(response, 400)
    assert body(ITEMS)["numberMatched"] == 1


@pytest.mark.parametrize(
    "bbox",
    [
        "1,2,3",
        "1,2,3,4,5",
        "1,2,3,4,5,6,7",
        "7,50,8,49",
        "nan,0,1,1",
        "inf,0,1,1",
        "1e400,0,1,1",
        "-181,0,1,1",
        "0,-91,1,1",
        "0,0,1,91",
        "7;49;8;50",
        "7,49,8,",
        ",,,",
        "0x1,0,1,1",
        "1,2,3,4" * 200,
    ],
)
def test_box_that_is_none(asked: Campaign, bbox: str) -> None:
    for url in (ITEMS, f"{ROOT}collections/fear-spaces-cells/items"):
        response = get(url, {"bbox": bbox})
        assert is_problem(response, 400)
        assert response.json()["errors"][0]["field"] == "bbox"


def test_box_in_metres_cannot_cross_the_antimeridian(asked: Campaign) -> None:
    crs = "http://www.opengis.net/def/crs/EPSG/0/25832"
    assert is_problem(get(ITEMS, {"bbox": "500000,5400000,400000,5500000", "bbox-crs": crs}), 400)
    assert is_problem(get(ITEMS, {"bbox": "1e30,1e30,2e30,2e30", "bbox-crs": crs}), 400)


@pytest.mark.parametrize("query", ["limit=1&limit=2", "bbox=1,2,3,4&bbox=1,2,3,4", "filter=TRUE&filter=TRUE"])
def test_parameter_given_twice(asked: Campaign, query: str) -> None:
    response = Client().get(f"{ITEMS}?{query}")
    assert is_problem(response, 400)
    assert "repeated" in {error["code"] for error in response.json()["errors"]}


def test_link_to_the_next_page_is_bound_to_its_question(asked: Campaign) -> None:
    for _ in range(3):
        make_contribution(asked, text="more")
    following = linked(body(ITEMS, {"limit": 1}), "next").removeprefix("http://testserver")
    assert Client().get(following).status_code == 200
    other = make_campaign("elsewhere")
    make_contribution(other)
    for changed in (
        following.replace("fear-spaces-contributions", "elsewhere-contributions"),
        following.replace("-contributions/", "-points/"),
        following + "&sortby=text",
        following + "&category=spot",
        following[:-3] + "abc",
        following.partition("cursor=")[0] + "cursor=eJyLjgUAARUAuQ",
        following.partition("cursor=")[0] + "cursor=" + "x" * 9000,
    ):
        response = Client().get(changed)
        assert is_problem(response, 400)
        assert response.json()["errors"][0]["code"] == "cursor_invalid"


@pytest.mark.parametrize(
    "path",
    [
        "collections/",
        "collections/nothing",
        "collections/nothing-contributions",
        "collections/fear-spaces-",
        "collections/fear-spaces-secrets/items",
        "collections/fear-spaces-contributions/items/",
        "collections/%2e%2e%2f/items",
        "collections/fear-spaces-districts/items",
        "collections/ü/items",
        "admin",
        "%00",
        "tileMatrixSets/x%00",
    ],
)
@pytest.mark.parametrize("form", ["", "?f=html"])
def test_address_that_does_not_exist(asked: Campaign, path: str, form: str) -> None:
    response = Client().get(ROOT + path + form)
    assert response.status_code == 404
    kind = "text/html" if form else "application/problem+json"
    assert response["Content-Type"].startswith(kind)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_cannot_write(asked: Campaign, method: str) -> None:
    writable = ITEMS if method == "post" else f"{ITEMS}/x"
    for url in (ROOT, f"{ROOT}collections", COLLECTION, ITEMS, f"{ITEMS}/x"):
        for kind in ("application/geo+json", "application/merge-patch+json", "text/plain"):
            response = getattr(Client(), method)(url, "{}", content_type=kind)
            assert is_problem(response, 401 if url == writable else 405), (url, kind)
    assert body(ITEMS)["numberMatched"] == 1


# --- the OpenAPI document against the service -----------------------------------------------------------------------


@contextmanager
def kept_connection() -> Iterator[None]:
    """Requests by WSGI close the database's connection, which here holds the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def test_service_is_what_its_description_says(asked: Campaign) -> None:
    """schemathesis invents right and wrong requests from the document; a bounded, repeatable number of them."""
    document = body(f"{ROOT}api")
    document["servers"] = [{"url": "http://localhost/ogc"}]
    # Ids that exist: inventing them would find nothing but 404.
    for name, value in (
        ("collectionId", "fear-spaces-contributions"),
        ("tileMatrixSetId", "WebMercatorQuad"),
    ):
        if name in document["components"]["parameters"]:
            document["components"]["parameters"][name]["schema"] = {"type": "string", "enum": [value]}
    schema = schemathesis.openapi.from_dict(document)
    schema.app = get_wsgi_application()
    operations = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    read = [operation for operation in operations if operation.method == "get"]
    with kept_connection():
        tried = [_try(operation, mode) for operation in read for mode in GenerationMode]
    assert len(tried) > 16
    assert sum(tried) > 200


def _try(operation: Any, mode: GenerationMode) -> int:
    """Send what is invented for one operation; how many requests that were."""
    checks = [
        check
        for check in schemathesis.checks.CHECKS.get_all()
        if check.__name__
        in {
            "not_a_server_error",
            "status_code_conformance",
            "content_type_conformance",
            "response_schema_conformance",
        }
    ]
    assert len(checks) == 4
    sent = 0

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        nonlocal sent
        sent += 1
        case.validate_response(case.call(headers={"Accept-Encoding": "identity"}), checks=checks)

    # Where any text is a right one, there is nothing wrong to invent.
    with suppress(*([Unsatisfiable] if mode is GenerationMode.NEGATIVE else [])):
        send()
    return sent
