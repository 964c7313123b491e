"""The planners' page of a survey: exact results and tables of two axes."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.test import Client
from django.utils import timezone

from accounts.models import User
from mapping.models import (
    Audience,
    Campaign,
    Contribution,
    ContributionStatus,
    District,
    DistrictLayer,
    Phase,
    Response,
)
from tests import personas
from tests.personas import staff_browser
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Colour")
    ask(campaign, "when", "multiple_choice", title="When")
    ask(campaign, "age", "yes_no", audience=Audience.STAFF, title="Over sixty")
    ask(campaign, "why", "long_text", title="Why")
    answer(campaign, *times(3, colour="red", when=["day", "night"], age=True, why="because it is warm"))
    answer(campaign, *times(2, colour="green", when=["night"], age=False))
    answer(campaign, {"colour": "other", "colour:other": "lila", "why": "no reason"})
    return campaign


def page(user: User, campaign: Campaign, **query: str) -> str:
    browser = staff_browser(user)
    browser.cookies["django_language"] = "en"
    response = browser.get(f"/planning/{campaign.slug}/survey/", query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def cells(text: str) -> list[str]:
    """The numbers of the table of two questions, row by row."""
    table = (
        text.partition('aria-labelledby="cross-title"')[2].partition("<tbody>")[2].partition("</table>")[0]
    )
    return [part.partition("<")[0].strip() for part in table.split('<td class="number">')[1:]]


def test_exact_numbers_with_those_for_staff_only(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey)
    assert "<strong>6</strong>" in text
    assert "Over sixty" in text


def test_two_questions_in_one_table(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey, first="colour", second="when")
    # Colour by day and night, with the people of the row who answered both.
    assert cells(text) == ["3", "3", "3", "0", "2", "2", "0", "0", "0", "3", "5", "5"]
    assert "few people" in text
    assert "several rows or columns" in text


def test_answers_for_staff_only_may_be_crossed_and_filtered(survey: Campaign, analyst: User) -> None:
    text = page(analyst, survey, first="age", second="colour", only="when=day")
    assert cells(text)[:4] == ["3", "0", "0", "3"]
    assert cells(text)[-1] == "3"


def test_phases_may_be_crossed(survey: Campaign, analyst: User) -> None:
    now = timezone.now()
    spring, summer = (
        Phase.objects.create(
            campaign=survey,
            title=title,
            opens_at=now + timedelta(days=days),
            closes_at=now + timedelta(days=days + 9),
        )
        for title, days in (("Spring", -19), ("Summer", -9))
    )
    answer(survey, *times(4, colour="green"), at=now - timedelta(days=15))
    text = page(analyst, survey, first=":phase", second="colour")
    assert spring.title in text
    assert summer.title in text
    assert cells(text)[:4] == ["0", "4", "0", "4"]


def test_unknown_names_in_the_address_show_no_table(survey: Campaign, analyst: User) -> None:
    for query in (
        {"first": "colour", "second": "x"},
        {"first": "x\0"},
        {"first": ":district", "second": ":phase"},
        {"only": "colour=x", "share": "\0"},
    ):
        assert 'class="cross-bar"' not in page(analyst, survey, **query)


def test_page_is_for_those_who_may_read_responses(survey: Campaign, moderator: User, outsider: User) -> None:
    address = f"/planning/{survey.slug}/survey/"
    assert Client().get(address).status_code == 302
    for user in (moderator, outsider):
        assert staff_browser(user).get(address).status_code == 403


def test_tab_and_page_exist_only_with_a_survey(campaign: Campaign, analyst: User) -> None:
    address = f"/planning/{campaign.slug}/survey/"
    browser = staff_browser(analyst)
    assert browser.get(address).status_code == 404
    assert address not in browser.get(f"/planning/{campaign.slug}/numbers/").content.decode()
    ask(campaign, "colour", "yes_no")
    assert address in browser.get(f"/planning/{campaign.slug}/numbers/").content.decode()


def test_number_of_queries_is_constant(
    survey: Campaign, analyst: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = staff_browser(analyst)
    address = f"/planning/{survey.slug}/survey/?first=colour&second=age&only=when%3Dday"
    with django_assert_max_num_queries(24) as before:
        browser.get(address)
    number_before = len(before)  # the next request begins the list anew
    for number in range(4):
        ask(survey, f"more-{number}", "scale")
    answer(survey, *[{f"more-{number}": 3 for number in range(4)}] * 9)
    with django_assert_num_queries(number_before):
        browser.get(address)


@pytest.fixture
def placed(campaign: Campaign) -> Campaign:
    """A survey of people in two districts: who contributed where and to what, and who did not."""
    layer = DistrictLayer.objects.create(slug="districts", title="Districts")
    for code, name, west in (("1", "West", 7.70), ("2", "East", 7.77)):
        square = Polygon.from_bbox((west, 49.40, west + 0.07, 49.48))
        square.srid = 4326
        District.objects.create(layer=layer, code=code, name=name, geom=MultiPolygon(square, srid=4326))
    campaign.district_layer = layer
    campaign.save()
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, title="Colour")
    ask(campaign, "home", "place", title="Home")
    people = (
        # colour, where they contributed, where they live
        ("red", (7.72, 7.80), 7.72),
        ("red", (7.72, 7.73), 7.80),
        ("green", (7.80,), None),
        ("green", (8.90,), 8.90),
        ("red", (), 7.80),
    )
    for colour, contributed, home in people:
        participant = personas.make_participant(campaign)
        for longitude in contributed:
            personas.make_contribution(campaign, (longitude, 49.44), by=participant)
        answers: dict[str, object] = {"colour": colour}
        if home is not None:
            answers["home"] = {"type": "Point", "coordinates": [home, 49.44]}
        Response.objects.create(
            campaign=campaign, participant=participant, answers=answers, completed_at=timezone.now()
        )
    answer(campaign, {"colour": "other", "colour:other": "lila"})
    return campaign


def test_questions_are_crossed_with_districts_of_contributions(placed: Campaign, analyst: User) -> None:
    text = page(analyst, placed, first=":district", second="colour")
    # East, West, contributions in neither, without a contribution; red, green, other, people; all.
    assert cells(text) == [
        *("1", "1", "0", "2"),
        *("2", "0", "0", "2"),
        *("0", "1", "0", "1"),
        *("1", "0", "1", "2"),
        *("3", "2", "1", "6"),
    ]
    assert "several rows or columns" in text


def test_questions_are_crossed_with_districts_of_places_in_answers(placed: Campaign, analyst: User) -> None:
    text = page(analyst, placed, first="home:district", second="colour")
    assert cells(text) == [
        *("2", "0", "0", "2"),
        *("1", "0", "0", "1"),
        *("0", "1", "0", "1"),
        *("3", "1", "0", "4"),
    ]


def test_questions_are_crossed_with_categories_that_people_contributed_to(
    placed: Campaign, analyst: User
) -> None:
    first, *_others = placed.categories.order_by("position", "pk")
    text = page(analyst, placed, first="colour", second=":category", only=f":category={first.slug}")
    assert first.title in text
    assert "without a published contribution" in text
    assert cells(text)[-1] in {"0", "4"}


def test_tables_may_be_reduced_to_a_district(placed: Campaign, analyst: User) -> None:
    west = District.objects.get(name="West")
    text = page(analyst, placed, first="colour", second="home:district", only=f":district={west.pk}")
    assert cells(text)[-1] == "2"
    text = page(analyst, placed, first="colour", second=":district", only=":district=:nothing")
    assert cells(text)[-1] == "2"


def test_contributions_that_are_not_published_do_not_count(placed: Campaign, analyst: User) -> None:
    Contribution.objects.update(status=ContributionStatus.PENDING)
    text = page(analyst, placed, first=":district", second="colour")
    assert cells(text)[-5:-1] == ["6", "3", "2", "1"]


def test_shares_are_of_rows_or_columns(survey: Campaign, analyst: User) -> None:
    of_rows = page(analyst, survey, first="colour", second="age")
    of_columns = page(analyst, survey, first="colour", second="when", share="columns")
    assert "parts of the people of a row" in of_rows
    # Five people said night: three red, two green.
    assert "60%" in of_columns
    assert "parts of the people of a column" in of_columns
    # Nobody of the third colour said when: of nobody there is no share.
    of_nobody = page(analyst, survey, first="colour", second="when")
    row = of_nobody[
        of_nobody.rindex('<th scope="row">', 0, of_nobody.index("<tfoot>")) : of_nobody.index("<tfoot>")
    ]
    assert "%" not in row
    assert row.count('class="bar-value" width="0.0000"') == 2


def test_table_is_a_file(survey: Campaign, analyst: User, moderator: User) -> None:
    survey.survey_questions.filter(slug="colour").update(title="=Colour")
    address = f"/planning/{survey.slug}/survey/table.csv"
    browser = staff_browser(analyst)
    browser.cookies["django_language"] = "en"
    found = browser.get(address, {"first": "colour", "second": "when", "share": "columns"})
    assert found["Content-Type"].startswith("text/csv")
    assert found["Content-Disposition"] == f'attachment; filename="{survey.slug}-table.csv"'
    lines = [line.split(",") for line in found.content.decode("utf-8-sig").splitlines()]
    assert lines[0][0].startswith("'=Colour")
    assert [line[1:4] for line in lines[1:]] == [
        ["3", "3", "3"],
        ["0", "2", "2"],
        ["0", "0", "0"],
        ["3", "5", "5"],
    ]
    assert lines[1][4:] == ["100.0", "60.0"]
    assert browser.get(address, {"first": "colour"}).status_code == 404
    assert staff_browser(moderator).get(address).status_code == 403
    assert Client().get(address).status_code == 302


def test_number_of_queries_with_districts_is_constant(
    placed: Campaign, analyst: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = staff_browser(analyst)
    address = f"/planning/{placed.slug}/survey/?first=:district&second=home:district"
    with django_assert_max_num_queries(30) as before:
        browser.get(address)
    number = len(before)
    answer(placed, *times(9, colour="red", home={"type": "Point", "coordinates": [7.8, 49.44]}))
    with django_assert_num_queries(number):
        browser.get(address)
