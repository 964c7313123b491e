"""Two requests to a survey at the same moment: real threads, real transactions."""

from functools import partial
from uuid import uuid4

import pytest

from mapping.models import Campaign, Participant, Response, SurveyTally
from mapping.services.errors import Conflict, DomainError
from mapping.services.surveys.responses import Responded, Sheet, change, respond, withdraw_response
from tests import personas
from tests.personas import Citizen
from tests.services.test_concurrency import at_once
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db(transaction=True)


def make_survey() -> Campaign:
    campaign = personas.make_campaign(with_categories=False)
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS})
    return campaign


def test_same_request_at_once_is_stored_and_counted_once(citizen: Citizen) -> None:
    survey = make_survey()
    sheet = Sheet({"colour": "red"}, id=uuid4())
    answers = at_once(*[partial(respond, survey, sheet, citizen.secret)] * 4)
    assert sorted(one.created for one in answers if isinstance(one, Responded)) == [False, False, False, True]
    assert Response.objects.count() == Participant.objects.count() == 1
    assert SurveyTally.objects.of(survey.pk)["colour"] == {"": 1, "red": 1}


def test_person_who_sends_from_two_tabs_at_once_answers_once(citizen: Citizen) -> None:
    survey = make_survey()
    sheets = [Sheet({"colour": colour}, id=uuid4()) for colour in ("red", "green")] * 2
    answers = at_once(*(partial(respond, survey, sheet, citizen.secret) for sheet in sheets))
    [stored] = Response.objects.all()
    refused = [one for one in answers if isinstance(one, DomainError)]
    assert {(one.code, one.params.get("id")) for one in refused} == {("already_answered", str(stored.pk))}
    assert [one.created for one in answers if isinstance(one, Responded)].count(True) == 1


def test_changing_and_withdrawing_at_once_counts_nobody_twice(citizen: Citizen) -> None:
    survey = make_survey()
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    answers = at_once(
        partial(change, stored, Sheet({"colour": "green"})),
        partial(withdraw_response, stored),
        partial(withdraw_response, stored),
    )
    assert all(isinstance(one, Conflict) for one in answers if isinstance(one, Exception))
    assert not Response.objects.exists()
    assert SurveyTally.objects.of(survey.pk) == {}
