"""Public and exact results of surveys: what is shown of which question to whom, and when the numbers change."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mapping.models import Audience, Campaign, Response, ResultsShown, SurveyRelease
from mapping.services.surveys.responses import withdraw_response
from mapping.services.surveys.results import exact_results, public_results
from tests import personas
from tests.surveys.answering import answer, times
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """A survey with a colour and the age, which only staff may read; k is five."""
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS})
    ask(campaign, "age", "number", options={"minimum": 0, "maximum": 120}, audience=Audience.STAFF)
    return campaign


def public(campaign: Campaign, **later: int) -> dict[str, Any]:
    stored = Campaign.objects.get(pk=campaign.pk)
    return public_results(stored, timezone.now() + timedelta(**later)).as_json()


def counts(campaign: Campaign, slug: str = "colour") -> dict[str, int | None]:
    [question] = [one for one in public(campaign)["questions"] if one["slug"] == slug]
    return dict(question["counts"])


def test_nothing_is_public_before_k_people_have_answered(survey: Campaign) -> None:
    answer(survey, *times(4, colour="red"))
    assert public(survey) == {
        "responses": 0,
        "k": 5,
        "made_at": None,
        "exact": False,
        "questions": [],
        "after_the_end": [],
    }
    answer(survey, {"colour": "red"})
    body = public(survey)
    assert (body["responses"], body["made_at"] is None) == (5, False)
    assert counts(survey) == {"red": 5, "green": 0, "other": 0}


def test_drafts_do_not_count(survey: Campaign) -> None:
    Response.objects.bulk_create(Response(campaign=survey, answers={"colour": "red"}) for _ in range(9))
    assert public(survey)["made_at"] is None
    assert exact_results(survey).responses == 0


def test_numbers_stay_until_k_people_have_answered_or_changed(survey: Campaign) -> None:
    first = answer(survey, *times(10, colour="red"), *times(10, colour="green"))
    before = public(survey)
    answer(survey, *times(4, colour="red"))
    assert public(survey) == before
    assert exact_results(survey).as_json()["questions"][0]["counts"]["red"] == 14
    changed = first[0]
    changed.answers, changed.updated_at = {"colour": "other"}, timezone.now()
    changed.save()
    assert public(survey) != before


def test_withdrawals_make_no_release(survey: Campaign) -> None:
    sent = answer(survey, *times(10, colour="red"), *times(10, colour="green"))
    before = public(survey)
    for one in sent[:8]:
        withdraw_response(one)
    assert public(survey) == before
    answer(survey, *times(5, colour="green"))
    assert counts(survey) == {"red": None, "green": None, "other": 0}


def test_staff_only_question_is_not_even_named(survey: Campaign) -> None:
    answer(survey, *times(9, colour="red", age=33))
    assert [one["slug"] for one in public(survey)["questions"]] == ["colour"]
    [colour, age] = exact_results(survey).as_json()["questions"]
    assert (age["responses"], age["mean"]) == (9, 33.0)
    assert {"from": 30, "to": 40, "responses": 9} in age["histogram"]
    assert colour["counts"] == {"red": 9, "green": 0, "other": 0}


def test_survey_for_staff_only_shows_no_number_of_people(campaign: Campaign) -> None:
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    answer(campaign, *times(9, age=33))
    assert (public(campaign)["responses"], SurveyRelease.objects.count()) == (0, 0)


def test_question_that_staff_claims_later_vanishes_at_once(survey: Campaign) -> None:
    answer(survey, *times(9, colour="red"))
    assert public(survey)["questions"]
    colour = survey.survey_questions.get(slug="colour")
    colour.audience = Audience.STAFF
    colour.save()
    assert public(survey)["questions"] == []


def test_results_appear_live_after_the_end_or_never(campaign: Campaign) -> None:
    for shown in ResultsShown:
        ask(campaign, shown.value, "yes_no", results=shown)
    answer(campaign, *times(9, live=True, after=True, never=True))
    body = public(campaign)
    assert [one["slug"] for one in body["questions"]] == ["live"]
    assert body["after_the_end"] == ["after"]
    answer(campaign, *times(3, live=True, after=True, never=True))
    body = public(campaign, days=31)
    found = {one["slug"]: one["counts"] for one in body["questions"]}
    # What was live stays until five people more have answered.
    assert found == {"live": {"true": 9, "false": 0}, "after": {"true": 12, "false": 0}}
    assert body["after_the_end"] == []
    assert SurveyRelease.objects.get().is_final
    assert public(campaign, days=32) == body


def test_letters_that_arrive_late_are_counted_in_groups(campaign: Campaign) -> None:
    ask(campaign, "safe", "yes_no", results=ResultsShown.AFTER)
    answer(campaign, *times(9, safe=True))
    assert public(campaign, days=31)["questions"][0]["counts"]["true"] == 9
    late = timezone.now() + timedelta(days=31, seconds=5)
    answer(campaign, *times(4, safe=True), at=late)
    assert public(campaign, days=32)["questions"][0]["counts"]["true"] == 9
    answer(campaign, {"safe": True}, at=late)
    assert public(campaign, days=32)["questions"][0]["counts"]["true"] == 14


def test_removed_choice_stays_with_its_value_as_title(survey: Campaign) -> None:
    answer(survey, *times(6, colour="red"), *times(6, colour="green"))
    colour = survey.survey_questions.get(slug="colour")
    colour.options = {"choices": COLOURS[1:]}
    colour.save()
    [result, _age] = exact_results(survey).questions
    assert [(cell.title, cell.responses) for cell in result.cells] == [
        ("Grün", 6),
        ("Anderes", 0),
        ("red", 6),
    ]
    assert list(counts(survey)) == ["green", "other", "red"]


def test_every_kind_is_counted_alike_for_public_and_staff(campaign: Campaign) -> None:
    answers: dict[str, Any] = {
        "text": "near the bridge",
        "long_text": "dark",
        "single_choice": "night",
        "multiple_choice": ["day", "night"],
        "scale": 4,
        "number": 12.5,
        "yes_no": True,
        "time_of_day": "22:30",
        "date": "2026-06-21",
        "part_of_day": "evening",
        "picture_choice": "day",
        "ranking": ["night", "day"],
        "matrix": {"safe": "day"},
        "place": {"type": "Point", "coordinates": [7.7, 49.4]},
    }
    for kind in [*answers, "note"]:
        ask(campaign, kind, kind)
    answer(campaign, *times(5, **answers))
    told = {one["slug"]: one for one in public(campaign)["questions"]}
    exact = {one["slug"]: one for one in exact_results(campaign).as_json()["questions"]}
    assert (told["number"].pop("mean"), exact["number"].pop("mean")) == (None, 12.5)
    assert told == exact
    assert told["multiple_choice"]["counts"] == {"day": 5, "night": 5}
    assert told["ranking"]["counts"] == {"day": 0, "night": 5}
    assert (told["scale"]["mean"], told["scale"]["counts"]["4"]) == (4.0, 5)
    assert {"value": "4", "responses": 5} in told["scale"]["histogram"]
    assert {"from": 10, "to": 20, "responses": 5} in told["number"]["histogram"]
    assert told["date"]["histogram"] == [{"value": "2026-06", "responses": 5}]
    assert {"value": "22", "responses": 5} in told["time_of_day"]["histogram"]
    assert told["matrix"]["rows"] == [
        {
            "value": "safe",
            "title": "It is safe",
            "responses": 5,
            "counts": {"day": 5, "night": 0},
            "suppressed": False,
        }
    ]
    assert [told[kind]["responses"] for kind in ("text", "place", "note")] == [5, 5, 0]
    assert told["text"]["counts"] is None


def test_free_texts_tell_no_exact_number_of_people(campaign: Campaign) -> None:
    ask(campaign, "why", "text")
    answer(campaign, *times(13, why="because"))
    assert public(campaign)["questions"][0]["responses"] == 10
    assert exact_results(campaign).questions[0].responses == 13


def test_mean_is_public_only_if_every_number_is(campaign: Campaign) -> None:
    ask(campaign, "safety", "scale")
    answer(campaign, *times(6, safety=1), *times(6, safety=5))
    assert public(campaign)["questions"][0]["mean"] == 3.0
    answer(campaign, *times(5, safety=1), *times(2, safety=2))
    assert public(campaign)["questions"][0]["mean"] is None


def test_classes_of_numbers_stay_when_the_bounds_change(campaign: Campaign) -> None:
    question = ask(campaign, "minutes", "number", options={"minimum": 0, "maximum": 60})
    answer(campaign, *times(9, minutes=12))
    before = public(campaign)["questions"][0]["histogram"]
    question.options = {"minimum": 0, "maximum": 100}
    question.save()
    answer(campaign, *times(9, minutes=99))
    after = public(campaign)["questions"][0]["histogram"]
    assert [one["from"] for one in after] == [one["from"] for one in before]
    assert after[-1] == {"from": 55, "to": None, "responses": 9}


# --- attacked over time -----------------------------------------------------------------------------------------------

WHO = st.integers(0, 30)
STEPS = st.lists(
    st.lists(st.tuples(WHO, st.sampled_from(["red", "green", "other", "withdraw"])), min_size=1, max_size=12),
    min_size=2,
    max_size=6,
)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS, st.integers(2, 5))
def test_attacker_who_reads_after_every_step_finds_no_small_group(
    db: None, steps: list[list[tuple[int, str]]], k: int
) -> None:
    SurveyRelease.objects.all().delete()
    Campaign.objects.filter(slug="attacked").delete()
    campaign = personas.make_campaign("attacked", with_categories=False, k=k)
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS})
    stored: dict[int, Response] = {}
    views: list[dict[str, Any]] = []
    for step in steps:
        for who, what in step:
            if what == "withdraw":
                if who in stored:
                    withdraw_response(stored.pop(who))
            elif who in stored:
                stored[who].answers, stored[who].updated_at = {"colour": what}, timezone.now()
                stored[who].save()
            else:
                [stored[who]] = answer(campaign, {"colour": what})
            views.append(public(campaign))
    attack(views, k)


def attack(views: list[dict[str, Any]], k: int) -> None:
    numbers: dict[str, set[int]] = {}
    for view in views:
        for question in view["questions"]:
            shown = {name: number for name, number in question["counts"].items() if number is not None}
            for name, number in shown.items():
                assert number == 0 or number >= k
                numbers.setdefault(name, set()).add(number)
            assert question["responses"] >= sum(shown.values())
            hidden = question["responses"] - sum(shown.values())
            assert hidden == 0 or question["suppressed"]
            if not question["suppressed"]:
                numbers.setdefault("all", set()).add(question["responses"])
    for seen in numbers.values():
        assert all(abs(one - other) >= k for one in seen for other in seen if one != other)
