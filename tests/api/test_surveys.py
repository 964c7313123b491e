"""Surveys by the API: questions for everybody, responses stored once and shown to their authors only."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from mapping.models import Action, Audience, Campaign, Participant, Phase, Picture, Question
from mapping.models import Response as SurveyResponse
from mapping.services.identity import edit_token
from tests import personas
from tests.api.conftest import campaign_url, code, reasons, with_token
from tests.api.submitting import COOKIE
from tests.personas import Citizen
from tests.surveys.world import COLOURS, ask

SLUG = "fear-spaces"


def survey_url(slug: str = SLUG) -> str:
    return campaign_url(slug, "survey/")


def responses_url(rest: str = "", slug: str = SLUG) -> str:
    return campaign_url(slug, f"responses/{rest}")


def send(client: Client, body: object, slug: str = SLUG, **more: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.post(responses_url(slug=slug), data, **({"content_type": "application/json"} | more))


def put(client: Client, pk: object, body: object, **more: Any) -> Any:
    return client.put(responses_url(f"{pk}/"), json.dumps(body), content_type="application/json", **more)


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """A colour, why (only for green), the age for staff only."""
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, required=True)
    ask(campaign, "why", "text", show_if={"question": "colour", "is": "green"}, required=True)
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF, starts_page=True)
    return campaign


@pytest.fixture
def own(survey: Campaign, citizen: Citizen) -> str:
    """The id of the citizen's response."""
    sent = send(citizen.browser(), {"answers": {"colour": "green", "why": "nice", "age": 41}})
    assert sent.status_code == 201
    found: str = sent.json()["id"]
    return found


def test_questions_are_told_in_order_with_their_conditions(survey: Campaign, public: Client) -> None:
    response = public.get(survey_url())
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    body = response.json()
    assert (body["title"], body["is_open"], body["closed"]) == (survey.title, True, None)
    assert [one["slug"] for one in body["questions"]] == ["colour", "why", "age"]
    colour, why, age = body["questions"]
    assert colour["options"]["choices"] == COLOURS
    assert (colour["required"], colour["show_if"], colour["audience"]) == (True, {}, "public")
    assert why["show_if"] == {"question": "colour", "is": "green"}
    assert (age["audience"], age["results"], age["starts_page"]) == ("staff", "live", True)
    for name, address in body["links"].items():
        assert address.startswith("http://testserver/"), name


def test_every_kind_of_question_is_told(campaign: Campaign, public: Client) -> None:
    picture = Picture.objects.create(
        campaign=campaign, file="x.jpg", alt="A walking figure", width=1, height=1, digest=b"x"
    )
    for kind in personas.QUESTION_OPTIONS:
        ask(campaign, kind.replace("_", "-"), kind)
    ask(campaign, "part", "part_of_day")
    choices = [
        {"value": "a", "title": "A", "picture": str(picture.pk)},
        {"value": "b", "title": "B", "picture": str(uuid.uuid4()), "alt": "A dancer"},
        {"value": "c", "title": "C", "picture": "../x"},
    ]
    ask(campaign, "pictures", "picture_choice", options={"choices": choices})
    told = {one["slug"]: one["options"] for one in public.get(survey_url()).json()["questions"]}
    assert told["pictures"]["choices"] == [
        {
            "value": "a",
            "title": "A",
            "picture": f"http://testserver/pictures/{picture.pk}.jpg",
            "alt": "A walking figure",
        },
        {"value": "b", "title": "B", "picture": None, "alt": "A dancer"},
        {"value": "c", "title": "C", "picture": None, "alt": ""},
    ]
    assert told["matrix"]["rows"] == [{"value": "safe", "title": "It is safe"}]
    assert [one["value"] for one in told["part"]["choices"]][:2] == ["early_morning", "morning"]
    assert told["scale"]["maximum_title"] == "unsafe"


def test_campaign_without_a_survey_has_none_to_answer(campaign: Campaign, public: Client) -> None:
    for response in (public.get(survey_url()), send(public, {"answers": {}})):
        assert response.status_code == 404
        assert code(response) == "no_survey"


def test_draft_has_no_survey_for_strangers(survey: Campaign, public: Client) -> None:
    Campaign.objects.update(is_draft=True)
    for response in (public.get(survey_url()), send(public, {"answers": {"colour": "red"}})):
        assert (response.status_code, code(response)) == (404, "not_found")


def test_survey_tells_why_it_cannot_be_answered(survey: Campaign, public: Client) -> None:
    now = timezone.now()
    Phase.objects.create(
        campaign=survey,
        title="Ideen",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        allows=[Action.CONTRIBUTE],
    )
    body = public.get(survey_url()).json()
    assert (body["is_open"], body["closed"]["code"]) == (False, "phase_closed")
    assert "Ideen" in body["closed"]["detail"]
    refused = send(public, {"answers": {"colour": "red"}})
    assert (refused.status_code, code(refused)) == (403, "phase_closed")
    Campaign.objects.update(closes_at=now)
    assert public.get(survey_url()).json()["closed"]["code"] == "campaign_closed"
    refused = send(public, {"answers": {"colour": "red"}})
    assert (refused.status_code, code(refused)) == (403, "campaign_closed")
    assert COOKIE not in refused.cookies
    assert not SurveyResponse.objects.exists()


def test_number_of_queries_does_not_grow_with_the_questions(
    survey: Campaign, public: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(3):
        public.get(survey_url())
    for number in range(20):
        ask(survey, f"more-{number}", "ranking")
    with django_assert_num_queries(3):
        public.get(survey_url())


def test_response_is_stored_told_and_remembered(survey: Campaign, public: Client) -> None:
    pk = uuid.uuid4()
    response = send(public, {"id": str(pk), "answers": {"colour": "green", "why": " nice ", "age": 41}})
    assert response.status_code == 201
    body = response.json()
    assert body["id"] == str(pk)
    assert body["answers"] == {"colour": "green", "why": "nice", "age": 41}
    assert body["complete"] is True
    assert body["created"] == body["updated"]
    assert response.headers["Location"] == f"http://testserver{responses_url(f'{pk}/')}"
    assert body["edit_url"] == f"http://testserver/response/{edit_token(pk)}/"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert response.cookies[COOKIE]["httponly"]
    stored = SurveyResponse.objects.get()
    assert (stored.answers, stored.staff_answers) == ({"colour": "green", "why": "nice"}, {"age": 41})


def test_repeated_request_stores_once_and_answers_the_same(survey: Campaign, public: Client) -> None:
    sent = {"id": str(uuid.uuid4()), "answers": {"colour": "red"}}
    first, second = send(public, sent), send(public, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert SurveyResponse.objects.count() == 1


def test_who_answered_already_hears_of_their_response(own: str, citizen: Citizen) -> None:
    again = send(citizen.browser(), {"answers": {"colour": "red"}})
    assert (again.status_code, code(again), again.json()["id"]) == (409, "already_answered", own)
    stranger = send(Client(), {"id": own, "answers": {"colour": "green", "why": "nice", "age": 41}})
    assert (stranger.status_code, code(stranger)) == (409, "id_taken")
    assert "answers" not in stranger.json()
    assert SurveyResponse.objects.count() == 1


def test_answers_to_hidden_questions_are_left_out(survey: Campaign, public: Client) -> None:
    response = send(public, {"answers": {"colour": "red", "why": "hidden"}})
    assert response.status_code == 201
    assert response.json()["answers"] == {"colour": "red"}


def test_question_removed_meanwhile_is_named(survey: Campaign, public: Client) -> None:
    told = public.get(survey_url()).json()["questions"]
    Question.objects.filter(campaign=survey, slug="age").delete()
    sent = {"answers": {told[0]["slug"]: "red", told[2]["slug"]: 41}}
    refused = send(public, sent)
    assert (refused.status_code, reasons(refused)) == (400, {"answers.age": "unknown_question"})
    del sent["answers"]["age"]
    assert send(public, sent).status_code == 201


BAD: list[tuple[str, object, dict[str, str]]] = [
    ("no object", [], {"body": "wrong_type"}),
    ("null", None, {"body": "wrong_type"}),
    ("nothing", {}, {"answers": "value_required"}),
    ("answers a list", {"answers": []}, {"answers": "not_an_object_of_answers"}),
    ("a member too many", {"answers": {}, "answer": {}}, {"answer": "unknown_member"}),
    ("id no uuid", {"answers": {}, "id": "7"}, {"id": "not_a_uuid"}),
    ("id a number", {"answers": {}, "id": 7}, {"id": "not_a_uuid"}),
    ("complete a text", {"answers": {}, "complete": "yes"}, {"complete": "wrong_type"}),
    ("complete null", {"answers": {}, "complete": None}, {"complete": "wrong_type"}),
    ("nothing answered", {"answers": {}}, {"answers.colour": "required"}),
    (
        "required while shown",
        {"answers": {"colour": "green"}},
        {"answers.why": "required"},
    ),
    (
        "other kinds",
        {"answers": {"colour": ["red"], "age": "old"}},
        {"answers.colour": "not_a_choice", "answers.age": "not_a_number_answer"},
    ),
    (
        "an unknown question",
        {"answers": {"colour": "red", "size": 1, "": 2}},
        {"answers.size": "unknown_question", "answers.": "unknown_question"},
    ),
    (
        "several at once",
        {"answers": 7, "id": "x", "complete": 1, "x": 0},
        {
            "answers": "not_an_object_of_answers",
            "id": "not_a_uuid",
            "complete": "wrong_type",
            "x": "unknown_member",
        },
    ),
]


@pytest.mark.parametrize(("what", "body", "expected"), BAD, ids=[case[0] for case in BAD])
def test_bad_response_is_refused_with_its_reasons(
    survey: Campaign, public: Client, what: str, body: object, expected: dict[str, str]
) -> None:
    response = send(public, body)
    assert (response.status_code, reasons(response)) == (400, expected)
    assert COOKIE not in response.cookies
    assert not SurveyResponse.objects.exists()
    assert not Participant.objects.exists()


RAW: list[tuple[str, bytes, str, int, dict[str, str]]] = [
    ("NaN", b'{"answers":{"age":NaN}}', "application/json", 400, {"body": "not_finite"}),
    ("1e400", b'{"answers":{"age":1e400}}', "application/json", 400, {"body": "not_finite"}),
    ("twice", b'{"answers":{"age":1,"age":2}}', "application/json", 400, {"body": "duplicate_key"}),
    ("NUL", b'{"answers":{"why":"a\\u0000"}}', "application/json", 400, {"body": "nul_character"}),
    ("half", b'{"answers":{"why":"\\ud800"}}', "application/json", 400, {"body": "lone_surrogate"}),
    ("deep", b'{"answers":' + b"[" * 100_000, "application/json", 400, {"body": "too_deep"}),
    ("broken", b'{"answers":', "application/json", 400, {"body": "not_json"}),
    ("long", b'{"answers":{"why":"' + b"x" * 5_000_000 + b'"}}', "application/json", 413, {}),
    ("a form", b"answers=1", "application/x-www-form-urlencoded", 415, {}),
    ("plain text", b"{}", "text/plain", 415, {}),
    ("another charset", b"{}", "application/json; charset=utf-16", 415, {}),
]


@pytest.mark.parametrize("case", RAW, ids=[case[0] for case in RAW])
def test_bad_body_is_refused_with_its_reason(
    survey: Campaign, public: Client, case: tuple[str, bytes, str, int, dict[str, str]]
) -> None:
    _what, body, content_type, status, expected = case
    response = send(public, body, content_type=content_type)
    assert (response.status_code, reasons(response)) == (status, expected)
    assert not SurveyResponse.objects.exists()


def test_unknown_parameters_are_refused(own: str, citizen: Citizen) -> None:
    browser = citizen.browser()
    for refused in (
        browser.get(survey_url() + "?x=1"),
        browser.get(responses_url(f"{own}/?x=1")),
        browser.post(responses_url("?x=1"), "{}", content_type="application/json"),
    ):
        assert reasons(refused) == {"x": "unknown_parameter"}


def test_author_alone_reads_the_response(
    own: str, citizen: Citizen, another_citizen: Citizen, public: Client, manager: Any
) -> None:
    told = citizen.browser().get(responses_url(f"{own}/"), headers={"Accept-Encoding": "gzip"})
    assert told.json()["answers"] == {"colour": "green", "why": "nice", "age": 41}
    assert told.headers["Cache-Control"] == "no-store"
    assert not {"Access-Control-Allow-Origin", "Content-Encoding"} & set(told.headers)
    send(another_citizen.browser(), {"answers": {"colour": "red"}})
    for stranger in (public, another_citizen.browser(), with_token(manager)):
        for refused in (
            stranger.get(responses_url(f"{own}/")),
            put(stranger, own, {"answers": {"colour": "red"}}),
            stranger.delete(responses_url(f"{own}/")),
        ):
            assert (refused.status_code, code(refused)) == (404, "not_found")
    assert SurveyResponse.objects.get(pk=own).answers["colour"] == "green"


def test_private_link_opens_its_own_response_only(own: str, survey: Campaign, public: Client) -> None:
    header = {"X-Edit-Token": edit_token(uuid.UUID(own))}
    assert public.get(responses_url(f"{own}/"), headers=header).status_code == 200
    assert put(public, own, {"answers": {"colour": "red"}}, headers=header).status_code == 200
    other = send(Client(), {"answers": {"colour": "red"}}).json()["id"]
    assert public.get(responses_url(f"{other}/"), headers=header).status_code == 404
    elsewhere = personas.make_campaign("elsewhere")
    ask(elsewhere, "colour", "single_choice")
    assert public.get(responses_url(f"{own}/", elsewhere.slug), headers=header).status_code == 404
    for forged in ("", "x", "a" * 43, "ä", "." * 10_000, "AAAA-_=="):
        refused = public.get(responses_url(f"{own}/"), headers={"X-Edit-Token": forged})
        assert refused.status_code == 404
    assert public.delete(responses_url(f"{own}/"), headers=header).status_code == 204


def test_change_replaces_all_answers(own: str, citizen: Citizen) -> None:
    changed = put(citizen.browser(), own, {"answers": {"colour": "red"}, "complete": False, "id": own})
    assert changed.status_code == 200
    assert (changed.json()["answers"], changed.json()["complete"]) == ({"colour": "red"}, True)
    assert SurveyResponse.objects.get().all_answers == {"colour": "red"}
    refused = put(citizen.browser(), own, {"answers": {"colour": "blue"}, "id": str(uuid.uuid4())})
    assert reasons(refused) == {"id": "id_differs"}
    assert reasons(put(citizen.browser(), own, {"answers": {}})) == {"answers.colour": "required"}


def test_draft_is_completed_by_a_change(survey: Campaign, public: Client) -> None:
    draft = send(public, {"answers": {"colour": "green"}, "complete": False}).json()
    assert draft["complete"] is False
    sent = put(public, draft["id"], {"answers": {"colour": "red"}})
    assert sent.json()["complete"] is True


def test_withdrawing_is_possible_after_the_end_and_may_be_repeated(
    own: str, citizen: Citizen, survey: Campaign
) -> None:
    Campaign.objects.update(closes_at=timezone.now())
    browser = citizen.browser()
    refused = put(browser, own, {"answers": {"colour": "red"}})
    assert (refused.status_code, code(refused)) == (403, "campaign_closed")
    assert [browser.delete(responses_url(f"{own}/")).status_code for _ in range(2)] == [204, 204]
    assert browser.get(responses_url(f"{own}/")).status_code == 404
    assert browser.delete(responses_url(f"{uuid.uuid4()}/")).status_code == 404
    Campaign.objects.update(closes_at=None)
    refused = send(browser, {"id": own, "answers": {"colour": "red"}})
    assert (refused.status_code, code(refused)) == (409, "withdrawn")


def test_page_of_another_site_cannot_answer(survey: Campaign, citizen: Citizen) -> None:
    for origin in ("https://evil.example", "null", "http://[", ""):
        refused = send(citizen.browser(), {"answers": {"colour": "red"}}, headers={"Origin": origin})
        assert (refused.status_code, code(refused)) == (403, "foreign_origin")
    preflight = Client().options(responses_url(), headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Methods" not in preflight.headers
    assert not SurveyResponse.objects.exists()


def test_two_hundred_choices_and_right_to_left_ones(campaign: Campaign, public: Client) -> None:
    many = [{"value": f"c{number}", "title": f"Choice {number}"} for number in range(200)]
    arabic = [{"value": "نعم", "title": "نعم، بالتأكيد"}, {"value": "לא", "title": "לא"}]
    ask(campaign, "many", "multiple_choice", options={"choices": many})
    ask(campaign, "arabic", "ranking", options={"choices": arabic})
    told = public.get(survey_url()).json()["questions"]
    assert [len(one["options"]["choices"]) for one in told] == [200, 2]
    values = [one["value"] for one in many]
    sent = send(public, {"answers": {"many": values[::-1], "arabic": ["לא", "نعم"]}})
    assert sent.status_code == 201
    assert sent.json()["answers"] == {"many": values, "arabic": ["לא", "نعم"]}
