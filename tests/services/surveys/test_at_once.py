"""Two requests to a survey at the same moment: real threads, real transactions."""

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from accounts.models import Role
from mapping.models import Campaign, Participant, Response, SurveyTally
from mapping.services.erase import erase_participant
from mapping.services.errors import Conflict, DomainError
from mapping.services.setup.asking.removal import Answers, remove_question
from mapping.services.surveys import responses
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


class Meeting:
    """Holds up one function in the middle of a transaction, until another thread waits for a lock."""

    def __init__(self, patch: pytest.MonkeyPatch, name: str) -> None:
        self.is_there = threading.Event()
        self.original: Callable[..., Any] = getattr(responses, name)
        patch.setattr(responses, name, self._held_up)

    def _held_up(self, *arguments: Any) -> Any:
        found = self.original(*arguments)
        self.is_there.set()
        with connection.cursor() as cursor:
            for _ in range(100):
                cursor.execute(
                    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    " AND datname = current_database())"
                )
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.02)
        return found

    def other(self, function: Callable[[], object]) -> Callable[[], object]:
        """What comes in between."""

        def begin() -> object:
            assert self.is_there.wait(timeout=10)
            return function()

        return begin


def test_answer_changed_while_its_question_is_removed_waits(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = make_survey()
    why = ask(survey, "why", "text")
    manager = personas.make_user("m@example.org", survey, Role.MANAGER)
    stored = respond(survey, Sheet({"colour": "red", "why": "x"}), citizen.secret).response
    meeting = Meeting(monkeypatch, "_checked")
    answers = at_once(
        partial(change, stored, Sheet({"colour": "green", "why": "y"})),
        meeting.other(partial(remove_question, why, actor=manager, answers=Answers.DELETE)),
    )
    assert answers == [stored, None]
    assert Response.objects.get().answers == {"colour": "green"}
    assert SurveyTally.objects.of(survey.pk) == {"": {"": 1}, "colour": {"": 1, "green": 1}}


def test_response_withdrawn_while_its_author_is_erased_goes_once(
    citizen: Citizen, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = make_survey()
    stored = respond(survey, Sheet({"colour": "red"}), citizen.secret).response
    assert stored.participant is not None
    meeting = Meeting(monkeypatch, "_locked")
    answers = at_once(
        partial(withdraw_response, stored), meeting.other(partial(erase_participant, stored.participant))
    )
    assert answers == [None, None]
    assert not Response.objects.exists()
    assert not Participant.objects.exists()
    assert SurveyTally.objects.of(survey.pk) == {}
