"""What heat maps count and measure by answers that only staff may read: of the survey, and of categories."""

from __future__ import annotations

import logging

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import Role, User
from mapping.models import Campaign
from tests import personas
from tests.api.conftest import with_token
from tests.filters.world import ADDRESS, AGES, SECRET, SECRETS
from tests.personas import STATION, make_contribution
from tests.surveys.world import ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("people")]


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
