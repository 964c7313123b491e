"""The planners' page about who took part, and the form of a reference distribution."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role, User
from mapping.models import Audience, Campaign, Comparison
from tests.aggregation.statistics.conftest import fill
from tests.aggregation.statistics.test_residents import divide, populate
from tests.personas import make_user, staff_browser
from tests.services.surveys.test_comparing import AGES
from tests.surveys.answering import answer, times
from tests.surveys.world import ask

pytestmark = pytest.mark.django_db

FORM: Mapping[str, Any] = {
    "about": "age",
    "groups": "18 bis 29; 20\n30–64; 55\n65 und älter; 25",
    "unit": "per_cent",
    "source": "Zensus 2022",
    "as_of": "2022-05-15",
}


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    ask(
        campaign,
        "age",
        "single_choice",
        options={"choices": AGES},
        title="Your age?",
        audience=Audience.STAFF,
    )
    return campaign


def words(browser: Client, address: str, language: str = "en", **query: str) -> str:
    browser.cookies["django_language"] = language
    response = browser.get(address, query)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def who(campaign: Campaign, rest: str = "") -> str:
    return f"/planning/{campaign.slug}/who/{rest}"


def test_age_groups_for_staff_are_compared_in_words(survey: Campaign, manager: User, analyst: User) -> None:
    answer(survey, *times(4, age="young"), *times(70, age="middle"), *times(18, age="old"))
    assert staff_browser(manager).post(who(survey, "age/"), FORM).status_code == 302
    text = words(staff_browser(analyst), who(survey), "de")
    assert "„18 bis 29“: 4 von 92 Stimmen (4 %); unter den Menschen hier sind es 20 %: seltener" in text
    assert "Zensus 2022, Stand 15. Mai 2022" in text
    assert "keine Zufallsstichprobe" in text
    assert "Vergleich ändern" not in text


def test_contributors_by_district_with_an_honest_word(campaign: Campaign, analyst: User) -> None:
    divide(campaign, {"East": (1000, 0, 2000, 1000), "Far": (9000, 0, 9500, 900), "West": (0, 0, 1000, 1000)})
    populate("census", {(0, 0): 3000, (1000, 0): 1000})
    fill(campaign, [(1500, 500)] * 40)
    text = words(staff_browser(analyst), who(campaign))
    assert "In West lie places of 0 of 40 contributors (0%); 75% of the people live there: less often" in text
    assert "Where a place lies is not where a person lives" in text
    assert "nobody is known to live there: Far" in text
    assert "Census (© The office)" in text


def test_without_districts_or_a_census_the_page_explains(campaign: Campaign, analyst: User) -> None:
    browser = staff_browser(analyst)
    assert "This campaign has no districts." in words(browser, who(campaign))
    divide(campaign, {"West": (0, 0, 1000, 1000)})
    assert "No grid of inhabitants is known" in words(browser, who(campaign))
    populate("census", {(0, 0): 0})
    assert "nothing to compare yet" in words(browser, who(campaign))


def test_form_remembers_and_choices_are_moved(survey: Campaign, manager: User) -> None:
    browser = staff_browser(manager)
    browser.post(who(survey, "age/"), FORM)
    text = browser.get(who(survey, "age/")).content.decode()
    assert "30–64; 55" in text
    assert 'name="choice-3"' in text
    choices = {"choice-0": "30–64", "choice-1": "30–64", "choice-2": "65 und älter", "choice-3": ""}
    assert browser.post(who(survey, "age/"), {**FORM, **choices}).status_code == 302
    assert [group["choices"] for group in Comparison.objects.get().groups] == [
        [],
        ["young", "middle"],
        ["old"],
    ]
    assert browser.post(who(survey, "age/drop/")).status_code == 302
    assert not Comparison.objects.exists()


def test_inhabitants_of_districts_are_filled_in(survey: Campaign, manager: User) -> None:
    divide(survey, {"East": (1000, 0, 2000, 1000), "West": (0, 0, 1000, 1000)})
    populate("census", {(0, 0): 3000, (1000, 0): 1000})
    text = staff_browser(manager).get(who(survey, "age/"), {"from": "districts"}).content.decode()
    assert re.search(r"East; (999|1000|1001)\nWest; (2999|3000|3001)", text)
    assert "© The office" in text
    assert not Comparison.objects.exists()


@pytest.mark.parametrize(
    ("given", "language", "expected"),
    [
        ({"groups": "a; 200\nb; 100"}, "en", "The shares add up to 300 per cent"),
        ({"groups": "a; 200\nb; 100"}, "de", "Die Anteile ergeben zusammen 300 Prozent"),
        ({"groups": "a; 50\nb; halb"}, "de", "Zeile 2 ist nicht lesbar"),
        ({"groups": ""}, "en", "Please give at least two groups"),
        ({"source": ""}, "en", "This field is required."),
        ({"as_of": "2999-01-01"}, "de", "liegt in der Zukunft"),
        ({"as_of": "soon"}, "en", "Enter a valid date."),
        ({"unit": "dozens"}, "en", "Select a valid choice."),
        ({"groups": "a\0; 50\nb; 50"}, "en", "Null characters are not allowed."),
    ],
)
def test_bad_input_is_named_at_its_field(
    survey: Campaign, manager: User, given: dict[str, str], language: str, expected: str
) -> None:
    browser = staff_browser(manager)
    browser.cookies["django_language"] = language
    response = browser.post(who(survey, "age/"), {**FORM, **given})
    assert response.status_code == 422
    assert expected in response.content.decode().replace("&#x27;", "'")
    assert not Comparison.objects.exists()


def test_small_table_replaces_the_lines(survey: Campaign, manager: User) -> None:
    browser = staff_browser(manager)
    browser.cookies["django_language"] = "en"
    wrong = SimpleUploadedFile("ages.csv", b"Group;Number\nA;1\nB;x\n")
    response = browser.post(who(survey, "age/"), {**FORM, "unit": "people", "file": wrong})
    assert response.status_code == 422
    assert "Line 3 cannot be read" in response.content.decode()
    right = SimpleUploadedFile(
        "ages.csv", "Gruppe;Anzahl\n18 bis 29;15250\n65 und älter;20100\n".encode("cp1252")
    )
    assert browser.post(who(survey, "age/"), {**FORM, "unit": "people", "file": right}).status_code == 302
    assert [group["size"] for group in Comparison.objects.get().groups] == [15250, 20100]


def test_questions_that_cannot_be_compared_have_no_form(survey: Campaign, manager: User) -> None:
    ask(survey, "why", "long_text")
    browser = staff_browser(manager)
    for name in ("why", "unknown"):
        assert browser.get(who(survey, f"{name}/")).status_code == 404
        assert browser.post(who(survey, f"{name}/drop/")).status_code == 404


@pytest.mark.parametrize(
    ("role", "page", "form", "drop"),
    [
        (Role.MANAGER, 200, 200, 302),
        (Role.ANALYST, 200, 403, 403),
        (Role.MODERATOR, 403, 403, 403),
        (None, 403, 403, 403),
    ],
)
def test_each_role_sees_its_pages(
    survey: Campaign, role: Role | None, page: int, form: int, drop: int
) -> None:
    browser = staff_browser(make_user("someone@example.org", survey if role else None, role))
    found = [browser.get(who(survey, rest)).status_code for rest in ("", "age/")]
    assert [*found, browser.post(who(survey, "age/drop/")).status_code] == [page, form, drop]
    assert browser.post(who(survey, "age/"), FORM).status_code == (302 if form == 200 else 403)


def test_strangers_log_in_and_drafts_stay_hidden(survey: Campaign, outsider: User) -> None:
    for rest in ("", "age/"):
        assert Client().get(who(survey, rest)).status_code == 302
    Campaign.objects.update(is_draft=True)
    for rest in ("", "age/"):
        assert staff_browser(outsider).get(who(survey, rest)).status_code == 404


def test_change_is_in_the_history_in_words(survey: Campaign, manager: User) -> None:
    browser = staff_browser(manager)
    browser.post(who(survey, "age/"), FORM)
    text = words(browser, f"/planning/{survey.slug}/setup/history/", "de")
    assert "Vergleich" in text
    assert "18 bis 29: 20; 30–64: 55" in text


def test_number_of_queries_is_constant(
    survey: Campaign, manager: User, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    divide(survey, {"West": (0, 0, 1000, 1000), "East": (1000, 0, 2000, 1000)})
    populate("census", {(0, 0): 3000, (1000, 0): 1000})
    browser = staff_browser(manager)
    browser.post(who(survey, "age/"), FORM)
    with django_assert_max_num_queries(30) as before:
        browser.get(who(survey))
    number = len(before)
    ask(survey, "age2", "single_choice", options={"choices": AGES})
    browser.post(who(survey, "age2/"), FORM)
    answer(survey, *times(40, age="young", age2="old"))
    fill(survey, [(1500, 500)] * 40)
    with django_assert_num_queries(number):
        browser.get(who(survey))
