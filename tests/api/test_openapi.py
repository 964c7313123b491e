"""The description of the API: valid, complete, and true; and the page made from it."""

import re
from collections import defaultdict
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from mapping.api.openapi import schema
from mapping.http.views import ApiView
from mapping.models import Campaign, Contribution
from tests.api.conftest import ROOT, contributions_url
from tests.texts.making import make_text
from tests.voting.making import make_vote

IDS = ("id", "job", "document")
NOT_DESCRIBED = {"openapi.json", "docs/"}


@pytest.fixture
def document(db: None, public: Client) -> dict[str, Any]:
    response = public.get(ROOT + "/openapi.json")
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


def routes() -> list[URLPattern]:
    """Every route below /api/v1/, of all apps."""
    found = []
    for one in get_resolver().url_patterns:
        if isinstance(one, URLResolver) and str(one.pattern) == "api/v1/":
            found += [inner for inner in one.url_patterns if isinstance(inner, URLPattern)]
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, item[method]) for path, item in document["paths"].items() for method in item]


def test_document_is_valid_openapi(document: dict[str, Any]) -> None:
    validate_schema(document)
    named = set(re.findall(r"#/components/schemas/(\w+)", str(document)))
    assert named <= set(document["components"]["schemas"])


def test_document_is_made_without_a_warning() -> None:
    GENERATOR_STATS.reset()
    schema.cache_clear()
    schema()
    assert not GENERATOR_STATS._warn_cache
    assert not GENERATOR_STATS._error_cache


def test_every_address_and_method_is_described(document: dict[str, Any]) -> None:
    described = {(path, method) for path, method, _operation in operations(document)}
    existing = set()
    for pattern in routes():
        route = str(pattern.pattern)
        if route.startswith("^") or route in NOT_DESCRIBED:
            continue
        view = pattern.callback.view_class  # type: ignore[attr-defined]
        assert issubclass(view, ApiView)
        path = f"{ROOT}/" + re.sub(r"<\w+:(\w+)>", r"{\1}", route).replace("{pk}", "{id}")
        existing |= {(path, method) for method in ("get", "post", "put", "delete") if hasattr(view, method)}
    assert described == existing


def test_every_operation_tells_what_it_takes_and_answers(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) == len(set(names))
    for path, method, operation in operations(document):
        assert operation["summary"], path
        assert operation["description"], path
        in_path = {one["name"] for one in operation.get("parameters", []) if one["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        answers = operation["responses"]
        assert any(status.startswith("2") for status in answers)
        if method != "get":
            assert "403" in answers, path
        if "{slug}" in path:
            assert "404" in answers, path
        for status, answer in answers.items():
            assert answer["description"] or status == "200", (path, status)
            if status >= "400":
                assert list(answer["content"]) == ["application/problem+json"], (path, status)


def test_described_parameters_are_the_ones_that_are_known(
    document: dict[str, Any], published: Contribution, public: Client
) -> None:
    make_vote(published.campaign, results="live")
    make_text(published.campaign, slug="guidelines")
    for path, method, operation in operations(document):
        if method != "get":
            continue
        category = "vote" if "/votes/" in path else "guidelines"
        ending = "pdf" if "/texts/" in path else "csv"
        known_names = {"slug": "fear-spaces", "category": category, "ending": ending}
        url = path.format_map(
            defaultdict(lambda: "unknown", **known_names, **dict.fromkeys(IDS, published.pk))
        )
        refused = public.get(url, {"nonsense": "1"})
        if refused.status_code == 200:
            assert path == ROOT + "/"
            continue
        assert refused.json()["errors"][0]["field"] == "nonsense"
        described = {
            one["name"] + ("[slug]" if one.get("style") == "deepObject" else "")
            for one in operation.get("parameters", [])
            if one["in"] == "query"
        }
        known = re.search(r": ([\w, \[\]]*)\.$", refused.json()["errors"][0]["detail"])
        # Answers for staff and to the survey are for those only who may read responses.
        accepted = set(filter(None, known[1].split(", ") if known else []))
        assert described - {"staff_answers[slug]", "responses[slug]"} == accepted, path


def test_answers_have_the_described_members(
    document: dict[str, Any], published: Contribution, public: Client
) -> None:
    schemas = document["components"]["schemas"]
    [feature] = public.get(contributions_url("fear-spaces")).json()["features"]
    described = schemas["Contribution"]["properties"]
    assert set(feature) == set(described)
    assert set(feature["properties"]) == set(described["properties"]["properties"]) - {"own"}
    campaign = public.get(ROOT + "/campaigns/fear-spaces/").json()
    assert set(campaign) == set(schemas["Campaign"]["properties"])
    problem = public.get(ROOT + "/campaigns/nowhere/").json()
    assert set(problem) == set(schemas["Problem"]["properties"])


def test_files_come_with_a_described_media_type(
    document: dict[str, Any], published: Contribution, public: Client
) -> None:
    make_text(published.campaign, slug="guidelines")
    found = 0
    for path, _method, operation in operations(document):
        endings = next((one for one in operation.get("parameters", []) if one["name"] == "ending"), None)
        if endings is None or "/responses/" in path:
            continue
        for ending in endings["schema"]["enum"]:
            answer = public.get(path.format(slug="fear-spaces", category="guidelines", ending=ending))
            assert answer.status_code == 200, ending
            # An unread download keeps its lane, and a few at once are all that a client may have.
            assert b"".join(answer)
            media_type = answer.headers["Content-Type"].partition(";")[0]
            assert media_type in operation["responses"]["200"]["content"], (path, ending)
            found += 1
    assert found > 10


def test_an_idea_without_a_place_is_described(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"]["Contribution"]["properties"]["geometry"]["nullable"] is True


def test_page_for_people_names_every_operation(document: dict[str, Any], public: Client) -> None:
    response = public.get(ROOT + "/docs/")
    assert response.status_code == 200
    page = response.content.decode()
    for path, _method, operation in operations(document):
        assert f'id="{operation["operationId"]}"' in page
        assert path in page
    assert "style=" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    problem = public.get(ROOT + "/nowhere").json()
    assert f'id="{problem["type"].partition("#")[2]}"' in page


def test_entry_leads_on(campaign: Campaign, public: Client) -> None:
    for name, url in public.get(ROOT + "/").json().items():
        response = public.get(url, {"q": "town"} if name == "addresses" else {})
        assert response.status_code == 200
    [listed] = public.get(ROOT + "/campaigns/").json()["campaigns"]
    for name, url in listed["links"].items():
        if name != "page":
            assert public.get(url).status_code == 200, name


@pytest.mark.parametrize(
    "path", ["campaigns", "campaigns/fear-spaces", "campaigns/fear-spaces/heatmap/", "openapi.json/"]
)
def test_slash_too_many_or_too_few_leads_on(campaign: Campaign, public: Client, path: str) -> None:
    response = public.get(f"{ROOT}/{path}?x=1")
    assert response.status_code == 308
    assert (
        response.headers["Location"]
        == f"{ROOT}/" + (path[:-1] if path.endswith("/") else path + "/") + "?x=1"
    )


@pytest.mark.parametrize(
    "path",
    [
        "nowhere",
        "//example.org",
        "campaigns/FEAR%00",
        "campaigns/ä/",
        "contributions/",
        "%ff",
        "a%0Ab",
        "a" * 3000,
    ],
)
def test_other_addresses_are_problems_too(db: None, public: Client, path: str) -> None:
    for method in ("get", "post", "put", "delete", "patch", "options", "head"):
        response = getattr(public, method)(f"{ROOT}/{path}")
        assert response.status_code == 404
        assert response.headers["Content-Type"] == "application/problem+json"


def test_method_that_is_not_taken_is_a_problem(published: Contribution, public: Client) -> None:
    response = public.put(contributions_url("fear-spaces"), b"{}", content_type="application/json")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST", "HEAD", "OPTIONS"}
    assert response.json()["code"] == "method"
