"""Who may filter by answers that only staff may read, and measure them: nobody else, and by no other way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.answers import RESPONSES, STAFF_ANSWERS
from mapping.filters.contribution_filter import PUBLISHED_ONLY, ContributionFilter
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import measured_question
from mapping.models import Campaign
from mapping.services import access_links
from tests.api.conftest import with_token
from tests.filters.world import ADDRESS, AGES, SECRETS, ask_for_staff
from tests.surveys.world import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]

PUBLIC = (
    "heatmap",
    "statistics",
    "hotspots",
    "clusters",
    "surface",
    "rates",
    "surface.png",
    "heatmap/change?before=2026-01-01/2026-02-01&after=2026-03-01/2026-04-01",
    "contributions/",
    "download.geojson",
    "download.csv",
)
OGC = (
    "/ogc/collections/fear-spaces-cells/items",
    "/ogc/collections/fear-spaces-points/items",
    "/ogc/collections/fear-spaces-cells/tiles/WebMercatorQuad/10/350/534",
)


def _with(address: str, query: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}{query}"


def _assert_unknown(answer: Any, name: str) -> None:
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 400, body
    assert name in body.decode()
    assert "18 to 25" not in body.decode()


@pytest.mark.parametrize("role", [None, "outsider", "moderator"])
@pytest.mark.parametrize("path", PUBLIC)
@pytest.mark.usefixtures("answered")
def test_nobody_else_knows_the_parameters(
    request: pytest.FixtureRequest, path: str, role: str | None
) -> None:
    client = Client() if role is None else with_token(request.getfixturevalue(role))
    for secret in SECRETS:
        _assert_unknown(client.get(_with(f"{ADDRESS}/{path}", secret)), secret.partition("=")[0])
    _assert_unknown(client.get(_with(f"{ADDRESS}/{path}", "answers[band]=18-25")), "answers[band]")


@pytest.mark.parametrize("path", [*PUBLIC[8:], *OGC])
@pytest.mark.usefixtures("answered")
def test_lists_files_and_ogc_refuse_them_from_staff_too(analyst: User, path: str) -> None:
    address = path if path.startswith("/") else f"{ADDRESS}/{path}"
    for secret in SECRETS:
        _assert_unknown(with_token(analyst).get(_with(address, secret)), secret.partition("=")[0])


@pytest.mark.parametrize("path", OGC)
@pytest.mark.usefixtures("answered")
def test_private_links_open_no_answers(campaign: Campaign, analyst: User, path: str) -> None:
    key = access_links.make(campaign, "QGIS", actor=analyst)[1]
    below = path.removeprefix("/ogc")
    for secret in SECRETS:
        _assert_unknown(Client().get(_with(f"/ogc/key/{key}{below}", secret)), secret.partition("=")[0])


@pytest.mark.parametrize(
    "name",
    ["responses[satisfaction]", "staff_answers[weight]", "staff_answers[band:18-25]", "weight", "band:18-25"],
)
@pytest.mark.usefixtures("answered")
def test_nobody_else_measures_answers(analyst: User, moderator: User, name: str) -> None:
    query = f"measure=mean&question={name}"
    for client in (Client(), with_token(moderator)):
        answer = client.get(f"{ADDRESS}/heatmap?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == "question"
    ogc = f"/ogc/collections/fear-spaces-cells/items?{query}"
    assert with_token(analyst).get(ogc).status_code == 400


def test_protected_campaigns_refuse_it_as_well(cells_campaign: Campaign) -> None:
    ask(cells_campaign, "age", "single_choice", options={"choices": AGES})
    ask_for_staff(cells_campaign)
    for path in ("heatmap", "statistics", "hotspots", "download.geojson"):
        for secret in SECRETS:
            answer = Client().get(f"/api/v1/campaigns/{cells_campaign.slug}/{path}?{secret}")
            assert answer.status_code in {400, 403}, path
            assert b"18 to 25" not in b"".join(answer)


@pytest.mark.parametrize("page", ["heatmap/", "heatmap/cell/", "heatmap/charts/", "heatmap/report.html"])
@pytest.mark.usefixtures("answered")
def test_links_of_planners_reveal_nothing_to_citizens(page: str) -> None:
    for measure in ("responses[satisfaction]", "staff_answers[weight]"):
        query = f"{'&'.join(SECRETS)}&measure=mean:{measure}"
        answer = Client().get(f"/planning/fear-spaces/{page}?{query}")
        assert answer.status_code in {302, 404}
        assert "18 to 25" not in answer.content.decode()


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.usefixtures("answered")
def test_public_heat_map_leaves_it_out(secret: str) -> None:
    plain, asked = (
        Client().get(f"/campaigns/fear-spaces/heatmap/{query}").content.decode()
        for query in ("", f"?{secret}")
    )
    assert "18 to 25" not in asked
    assert plain.count("<path") == asked.count("<path")


def test_queries_refuse_answers_unless_the_rule_was_checked(campaign: Campaign) -> None:
    ask_for_staff(campaign)
    everything = ContributionFilter(PUBLISHED_ONLY)
    for query in (
        HeatmapQuery(campaign.pk, filter=everything.having(RESPONSES, (("age", ("18-25",)),))),
        HeatmapQuery(campaign.pk, filter=everything.having(STAFF_ANSWERS, (("band", ("18-25",)),))),
        HeatmapQuery(campaign.pk, measure="mean", question="responses[satisfaction]"),
        HeatmapQuery(campaign.pk, measure="mean", question="staff_answers[weight]"),
    ):
        with pytest.raises(QueryProblem, match="no_such_question"):
            heatmap(query)
    for name in ("responses[satisfaction]", "staff_answers[weight]", "weight"):
        with pytest.raises(QueryProblem, match="no_such_question"):
            measured_question(campaign.pk, name)


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.usefixtures("answered")
def test_what_staff_read_is_kept_by_no_cache(analyst: User, secret: str) -> None:
    answer = with_token(analyst).get(f"{ADDRESS}/heatmap?{secret}")
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["totals"]["participants"] == 1
