"""Answers that only staff may read, on the heat map: of the survey, and of categories.

Who may filter by them and measure them, what they count, and nobody else.
"""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import Role, User
from mapping.aggregation.heatmap.counts import heatmap
from mapping.aggregation.heatmap.query import HeatmapQuery
from mapping.filters.answers import RESPONSES, STAFF_ANSWERS
from mapping.filters.contribution_filter import PUBLISHED_ONLY, ContributionFilter
from mapping.filters.problems import QueryProblem
from mapping.filters.questions import measured_question
from mapping.models import Campaign, Contribution, Participant, Response
from mapping.services import access_links
from tests import personas
from tests.api.conftest import with_token
from tests.personas import STATION, TOWN_HALL, make_contribution, make_participant
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db

AGES = [{"value": "18-25", "title": "18 to 25"}, {"value": "26-40", "title": "26 to 40"}]
AGREEMENT = [{"value": value, "title": value.title()} for value in ("yes", "partly", "no")]
QUESTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "age": ("single_choice", {"audience": "staff", "options": {"choices": AGES}}),
    "satisfaction": ("scale", {"options": {"minimum": 1, "maximum": 5}}),
    "days": ("number", {}),
    "modes": ("multiple_choice", {"options": {"choices": AGES}}),
    "order": ("ranking", {"options": {"choices": AGES}}),
    "opinion": (
        "matrix",
        {"options": {"rows": [{"value": "safe", "title": "It is safe"}], "choices": AGREEMENT}},
    ),
    "owner": ("yes_no", {}),
    "since": ("date", {}),
    "home": ("place", {}),
    "why": ("long_text", {}),
}
YOUNG: dict[str, object] = {
    "age": "18-25",
    "satisfaction": 5,
    "days": 7,
    "modes": ["18-25", "26-40"],
    "order": ["26-40", "18-25"],
    "opinion": {"safe": "no"},
    "owner": True,
    "since": "2026-05-01",
}
OLDER: dict[str, object] = {
    "age": "26-40",
    "satisfaction": 2,
    "days": 2,
    "modes": ["26-40"],
    "order": ["18-25"],
    "opinion": {"safe": "yes"},
    "owner": False,
    "since": "2026-07-01",
}
ADDRESS = "/api/v1/campaigns/fear-spaces"
SECRET = "responses[age]=18-25"
SECRETS = (SECRET, "staff_answers[band]=18-25")
WEIGHT = {"minimum": 1, "maximum": 5}


def ask_for_staff(campaign: Campaign) -> None:
    """Questions of a category whose answers only staff may read."""
    category = personas.category_of(campaign, "survey")
    category.questions.create(
        slug="band", title="Band", kind="single_choice", options={"choices": AGES}, audience="staff"
    )
    category.questions.create(slug="weight", title="Weight", kind="scale", options=WEIGHT, audience="staff")


@pytest.fixture(autouse=True)
def people(campaign: Campaign) -> dict[str, Participant]:
    """Two people who answered, one whose response is a draft, one without; the young one placed three points."""
    for slug, (kind, fields) in QUESTIONS.items():
        ask(campaign, slug, kind, **fields)
    found = {name: make_participant(campaign) for name in ("young", "older", "draft", "silent")}
    for name, answers in (("young", YOUNG), ("older", OLDER), ("draft", YOUNG)):
        sent = None if name == "draft" else timezone.now()
        Response.objects.create(
            campaign=campaign, participant=found[name], answers=answers, completed_at=sent
        )
    Response.objects.create(campaign=campaign, answers=YOUNG, completed_at=timezone.now(), source="paper")
    for name, number in (("young", 3), ("older", 1), ("draft", 1), ("silent", 1)):
        for _ in range(number):
            make_contribution(campaign, TOWN_HALL, by=found[name])
    make_contribution(campaign, STATION, by=found["older"])
    return found


@pytest.fixture
def answered(campaign: Campaign) -> None:
    """Two contributions with answers for staff; the trigger keeps these apart."""
    ask_for_staff(campaign)
    for band, weight in (("18-25", 5), ("26-40", 2)):
        make_contribution(campaign, STATION, category="survey", answers={"band": band, "weight": weight})
    assert not Contribution.objects.filter(answers__has_key="band").exists()


def count(client: Client, query: str) -> int:
    answer = client.get(f"{ADDRESS}/heatmap?{query}")
    assert answer.status_code == 200, answer.content
    return int(answer.json()["totals"]["contributions"])


def means(client: Client, question: str, more: str = "") -> list[float | None]:
    answer = client.get(f"{ADDRESS}/heatmap?measure=mean&question={question}{more}")
    assert answer.status_code == 200, answer.content
    return sorted(
        (one["properties"]["value"] for one in answer.json()["features"]), key=lambda value: value or 0
    )


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("responses[age]=18-25", 3),
        ("responses[age]=26-40", 2),
        ("responses[age]=18-25,26-40", 5),
        ("responses[satisfaction]=4/..", 3),
        ("responses[satisfaction]=2", 2),
        ("responses[days]=1/6", 2),
        ("responses[modes]=18-25", 3),
        ("responses[order]=18-25:1", 2),
        ("responses[opinion]=safe:no", 3),
        ("responses[owner]=false", 2),
        ("responses[since]=2026-04-30/2026-05-02", 3),
        ("responses[age]=18-25&responses[owner]=false", 0),
    ],
)
def test_staff_filter_contributions_by_what_their_authors_answered(
    analyst: User, query: str, number: int
) -> None:
    client = with_token(analyst)
    assert count(client, query) == number
    assert count(client, f"{query}&grid=hexagon") == number
    assert client.get(f"{ADDRESS}/statistics?{query}").json()["totals"]["contributions"] == number


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("responses[satisfaction]", [2, 3.5]),
        ("responses[days]", [2, 4.5]),
        ("responses[age:18-25]", [0, 50]),
        ("responses[modes:26-40]", [100, 100]),
        ("responses[owner:true]", [0, 50]),
        ("responses[order:18-25]", [1, 1.5]),
        ("responses[opinion:safe]", [1, 2]),
    ],
)
def test_means_count_each_person_once_in_a_cell(analyst: User, question: str, expected: list[float]) -> None:
    assert means(with_token(analyst), question) == expected


def test_means_of_people_whom_a_filter_leaves(analyst: User) -> None:
    assert means(with_token(analyst), "responses[satisfaction]", "&responses[age]=18-25") == [5]


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("staff_answers[band]=18-25", 1),
        ("staff_answers[band]=18-25,26-40", 2),
        ("staff_answers[weight]=3/..", 1),
        ("staff_answers[band]=18-25&staff_answers[weight]=2", 0),
    ],
)
@pytest.mark.usefixtures("answered")
def test_staff_filter_contributions_by_answers_for_staff(analyst: User, query: str, number: int) -> None:
    client = with_token(analyst)
    assert count(client, query) == number
    assert count(client, f"{query}&grid=hexagon") == number
    assert client.get(f"{ADDRESS}/statistics?{query}").json()["totals"]["contributions"] == number


@pytest.mark.usefixtures("answered")
def test_answers_for_staff_have_means(analyst: User) -> None:
    client = with_token(analyst)
    assert means(client, "staff_answers[weight]") == [None, 3.5]
    assert means(client, "staff_answers[band:18-25]") == [None, 50]
    assert means(client, "staff_answers[weight]", "&staff_answers[band]=26-40") == [2]


@pytest.mark.usefixtures("answered")
def test_public_and_secret_questions_of_one_name_do_not_mix(campaign: Campaign, analyst: User) -> None:
    personas.category_of(campaign, "spot").questions.create(
        slug="band", title="Band", kind="single_choice", options={"choices": AGES}
    )
    make_contribution(campaign, STATION, answers={"band": "18-25"})
    make_contribution(campaign, STATION, answers={"band": "18-25"})
    assert count(with_token(analyst), "answers[band]=18-25") == 2
    assert count(with_token(analyst), "staff_answers[band]=18-25") == 1
    assert count(Client(), "answers[band]=18-25") == 2


def test_answers_of_categories_have_means_of_their_parts(campaign: Campaign, client: Client) -> None:
    for answers in (
        {"ranking": ["day", "night"], "yes-no": True},
        {"ranking": ["night", "day"], "yes-no": False},
    ):
        make_contribution(campaign, STATION, category="survey", answers=answers)
    assert means(client, "ranking:day", "&category=survey") == [1.5]
    assert means(client, "yes-no:true", "&category=survey") == [50]
    refused = client.get(f"{ADDRESS}/heatmap?measure=mean&question=ranking")
    assert refused.status_code == 400
    assert "ranking:day" in refused.content.decode()


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


@pytest.mark.parametrize("query", ["responses[home]=1", "responses[why]=x", "responses[nobody]=1"])
def test_places_and_texts_are_no_filter(analyst: User, query: str) -> None:
    assert with_token(analyst).get(f"{ADDRESS}/heatmap?{query}").status_code == 400


def test_answers_of_another_campaign_are_no_filter(analyst: User) -> None:
    other = personas.make_campaign("other")
    ask(other, "secret", "single_choice", options={"choices": AGES})
    personas.make_user("both@example.org", other, Role.ANALYST)
    answer = with_token(analyst).get("/api/v1/campaigns/other/heatmap?responses[secret]=18-25")
    assert answer.status_code == 400


def test_planners_page_offers_answers_and_says_whose_they_are(
    campaign: Campaign, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    browser = personas.staff_browser(analyst)
    plain = browser.get("/planning/fear-spaces/heatmap/").content.decode()
    assert 'name="responses[age]"' in plain
    assert "eigene Antworten" not in plain
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        page = browser.get(
            f"/planning/fear-spaces/heatmap/?{SECRET}&measure=mean:responses[satisfaction]"
        ).content.decode()
    assert "Es sind deren eigene Antworten" in page
    assert "18 to 25" in page
    assert 'value="mean:responses[satisfaction]" selected' in page
    assert "view=heatmap-responses" in caplog.text
    report = browser.get(f"/planning/fear-spaces/heatmap/report.html?{SECRET}").content.decode()
    assert "eigene Antworten" in report
    moderating = personas.make_user("both@example.org", campaign, Role.MODERATOR)
    assert (
        personas.staff_browser(moderating).get(f"/planning/fear-spaces/heatmap/?{SECRET}").status_code == 403
    )


@pytest.mark.usefixtures("answered")
def test_planners_page_offers_answers_for_staff_and_records_their_use(
    campaign: Campaign, analyst: User, caplog: pytest.LogCaptureFixture
) -> None:
    browser = personas.staff_browser(analyst)
    plain = browser.get("/planning/fear-spaces/heatmap/").content.decode()
    assert 'name="staff_answers[band]"' in plain
    assert "Band (nur Mitarbeitende)" in plain
    assert "nur Mitarbeitende lesen dürfen" not in plain
    query = f"{SECRETS[1]}&measure=mean:staff_answers[weight]"
    with caplog.at_level(logging.INFO, logger="geoparticipation.access"):
        page = browser.get(f"/planning/fear-spaces/heatmap/?{query}").content.decode()
    assert "nur Mitarbeitende lesen dürfen" in page
    assert 'value="mean:staff_answers[weight]" selected' in page
    assert "view=heatmap-staff-answers" in caplog.text
    report = browser.get(f"/planning/fear-spaces/heatmap/report.html?{query}").content.decode()
    assert "nur Mitarbeitende lesen dürfen" in report
    call_command("heatmap_report", "fear-spaces", "--out", "/dev/null", "--staff-answer", "band=18-25")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.usefixtures("answered")
def test_what_staff_read_is_kept_by_no_cache(analyst: User, secret: str) -> None:
    answer = with_token(analyst).get(f"{ADDRESS}/heatmap?{secret}")
    assert answer["Cache-Control"] == "no-store"
    assert json.loads(answer.content)["totals"]["participants"] == 1
