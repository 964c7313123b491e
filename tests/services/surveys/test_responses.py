"""Responses: stored once, counted once, split by who may read them, changed, withdrawn, erased."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mapping.models import (
    Action,
    Audience,
    Campaign,
    ExportJob,
    ExportStatus,
    Participant,
    Phase,
    Response,
    SurveyTally,
)
from mapping.services.erase import erase_participant
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.surveys.responses import Sheet, change, respond, withdraw_response
from tests.surveys.world import COLOURS, ask

pytestmark = pytest.mark.django_db


@pytest.fixture
def survey(campaign: Campaign) -> Campaign:
    """A survey: a colour, why (only for green), the age for staff only."""
    ask(campaign, "colour", "single_choice", options={"choices": COLOURS}, required=True)
    ask(campaign, "why", "text", show_if={"question": "colour", "is": "green"}, required=True)
    ask(campaign, "age", "number", options={}, audience=Audience.STAFF)
    return campaign


def tally(campaign: Campaign) -> dict[str, dict[str, int]]:
    return SurveyTally.objects.of(campaign.pk)


def test_response_is_stored_once_and_counted_once(survey: Campaign) -> None:
    sheet = Sheet({"colour": "red", "age": 41}, id=uuid4())
    first = respond(survey, sheet, "a" * 43)
    again = respond(survey, sheet, "a" * 43)
    assert (first.created, again.created) == (True, False)
    assert Response.objects.get().answers == {"colour": "red"}
    assert Response.objects.get().staff_answers == {"age": 41}
    assert tally(survey) == {"": {"": 1}, "colour": {"": 1, "red": 1}, "age": {"": 1, "41": 1}}


def test_person_answers_once(survey: Campaign) -> None:
    first = respond(survey, Sheet({"colour": "red"}), "a" * 43)
    with pytest.raises(Conflict) as refused:
        respond(survey, Sheet({"colour": "red"}), "a" * 43)
    assert (refused.value.code, refused.value.params["id"]) == ("already_answered", str(first.response.pk))
    respond(survey, Sheet({"colour": "red"}), "b" * 43)
    assert tally(survey)[""] == {"": 2}


def test_answers_to_hidden_questions_are_dropped(survey: Campaign) -> None:
    sent = respond(survey, Sheet({"colour": "red", "why": "because"}), "a" * 43)
    assert sent.response.all_answers == {"colour": "red"}
    with pytest.raises(Invalid) as refused:
        respond(survey, Sheet({"colour": "green"}), "b" * 43)
    assert list(refused.value.fields) == ["answers.why"]


def test_text_of_other_is_kept_beside_its_choice_only(survey: Campaign) -> None:
    sent = respond(survey, Sheet({"colour": "other", "colour:other": " lila "}), "a" * 43).response
    assert sent.answers == {"colour": "other", "colour:other": "lila"}
    assert tally(survey)["colour"] == {"": 1, "other": 1}
    changed = change(sent, Sheet({"colour": "red", "colour:other": "lila"}))
    assert changed.answers == {"colour": "red"}
    assert tally(survey)["colour"] == {"": 1, "red": 1}


def test_draft_may_be_incomplete_and_is_not_counted(survey: Campaign) -> None:
    draft = respond(survey, Sheet({}, is_draft=True), "a" * 43).response
    assert draft.completed_at is None
    assert tally(survey) == {}
    with pytest.raises(Invalid):
        change(draft, Sheet({}))
    sent = change(draft, Sheet({"colour": "red"}))
    assert sent.completed_at is not None
    assert tally(survey)[""] == {"": 1}


def test_withdrawn_response_does_not_come_back(survey: Campaign) -> None:
    sheet = Sheet({"colour": "red"}, id=uuid4())
    withdraw_response(respond(survey, sheet, "a" * 43).response)
    assert not Response.objects.exists()
    assert not Participant.objects.exists()
    assert tally(survey) == {}
    with pytest.raises(Conflict) as refused:
        respond(survey, sheet, "a" * 43)
    assert refused.value.code == "withdrawn"
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(id=sheet.id, campaign=survey)


def test_withdrawal_closes_the_files_that_hold_the_response(survey: Campaign) -> None:
    stored = respond(survey, Sheet({"colour": "red"}), "a" * 43).response
    now = timezone.now()
    file = ExportJob.objects.create(
        campaign=survey,
        ending="package.zip",
        query="status=published",
        language="de",
        status=ExportStatus.DONE,
        shows_contributions=True,
        started_at=now,
        finished_at=now,
        expires_at=now + timedelta(days=1),
    )
    withdraw_response(stored)
    file.refresh_from_db()
    assert (file.status, file.problem) == (ExportStatus.FAILED, "export_gone")


def test_erasure_takes_the_response_along(survey: Campaign) -> None:
    participant = respond(survey, Sheet({"colour": "red"}), "a" * 43).response.participant
    assert participant is not None
    erase_participant(participant)
    assert not Response.objects.exists()
    assert tally(survey) == {}


def test_answers_move_when_the_audience_changes(survey: Campaign) -> None:
    respond(survey, Sheet({"colour": "other", "colour:other": "lila", "age": 41}), "a" * 43)
    colour, age = survey.survey_questions.get(slug="colour"), survey.survey_questions.get(slug="age")
    colour.audience, age.audience = Audience.STAFF, Audience.PUBLIC
    colour.save()
    age.save()
    stored = Response.objects.get()
    assert stored.answers == {"age": 41}
    assert stored.staff_answers == {"colour": "other", "colour:other": "lila"}
    assert tally(survey)["colour"] == {"": 1, "other": 1}


def test_phase_decides_whether_one_can_answer(survey: Campaign) -> None:
    now = timezone.now()
    phase = Phase.objects.create(
        campaign=survey,
        title="Ideen",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=1),
        allows=[Action.CONTRIBUTE],
    )
    campaign = Campaign.objects.get(pk=survey.pk)
    with pytest.raises(NotAllowed) as refused:
        respond(campaign, Sheet({"colour": "red"}), "a" * 43)
    assert (refused.value.code, refused.value.params) == ("phase_closed", {"phase": "Ideen"})
    phase.allows = [Action.ANSWER]
    phase.save()
    assert respond(Campaign.objects.get(pk=survey.pk), Sheet({"colour": "red"}), "a" * 43).created


def test_phases_cannot_overlap(survey: Campaign) -> None:
    now = timezone.now()
    Phase.objects.create(campaign=survey, title="1", opens_at=now, closes_at=now + timedelta(days=2))
    with pytest.raises(IntegrityError), transaction.atomic():
        Phase.objects.create(
            campaign=survey, title="2", opens_at=now + timedelta(days=1), closes_at=now + timedelta(days=3)
        )
    Phase.objects.create(
        campaign=survey, title="3", opens_at=now + timedelta(days=2), closes_at=now + timedelta(days=3)
    )


def test_matrix_and_ranking_are_counted_by_row_and_rank(campaign: Campaign) -> None:
    ask(campaign, "m", "matrix")
    ask(campaign, "r", "ranking")
    respond(campaign, Sheet({"m": {"safe": "day"}, "r": ["night", "day"]}), "a" * 43)
    assert tally(campaign)["m"] == {"": 1, "safe\x1fday": 1}
    assert tally(campaign)["r"] == {"": 1, "night\x1f1": 1, "day\x1f2": 1}
