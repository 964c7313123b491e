"""Responses to surveys: sent, changed and withdrawn by their authors, entered from paper by staff.

The client may choose a response's UUID and repeat the request: it is stored once. A person has one response in a
campaign, which can be changed until the end.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.recording import Action as Recorded
from mapping import rules
from mapping.geo.text import clean_text
from mapping.models import (
    Action,
    Campaign,
    Participant,
    Question,
    RemovedQuestion,
    Response,
    Source,
    Withdrawal,
)
from mapping.questions.kind import Answer
from mapping.services import export_jobs, identity
from mapping.services.checking.answers import clean_answers, with_kept
from mapping.services.checking.gates import require_action, require_role
from mapping.services.errors import Conflict, NotAllowed
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.record import record_access

LONGEST_BATCH = 40


@dataclass(frozen=True)
class Sheet:
    """A response as received, not validated: answers in JSON by short name of the question.

    A sheet that `is_draft` may leave required questions open and is not counted.
    """

    answers: Mapping[str, object] = field(default_factory=dict)
    id: UUID | None = None
    is_draft: bool = False


@dataclass(frozen=True)
class Responded:
    """A stored response; `created` is False for a repeated request."""

    response: Response
    created: bool


def questions_of(campaign: Campaign) -> list[Question]:
    """The questions of a campaign's survey, in order; empty where it has none."""
    return list(Question.objects.of_survey(campaign.pk))


def respond(campaign: Campaign, sheet: Sheet, secret: str, *, at: datetime | None = None) -> Responded:
    """Store a person's response, or return the stored one for a repeated request.

    Raises NotAllowed (period, phase, no_survey), Invalid, TooMany, Conflict: `id_taken`, `withdrawn`, and
    `already_answered` (params: id) where the person has another one.
    """
    at = at or timezone.now()
    fingerprint = _fingerprint(sheet)
    if sheet.id is not None and (stored := _repeated(campaign, sheet.id, fingerprint, secret)) is not None:
        return stored
    require_action(campaign, Action.ANSWER, at)
    answers = _checked(campaign, sheet)
    try:
        with refusing_what_disks_refuse(), transaction.atomic():
            participant = identity.locked_participant(campaign, secret)
            other = Response.objects.filter(participant=participant).values_list("pk", flat=True).first()
            if other is not None:
                # The same request may have been stored while this one waited for the person's lock.
                repeated = _repeated(campaign, other, fingerprint, secret) if other == sheet.id else None
                if repeated is None:
                    raise Conflict("already_answered", id=str(other))
                return repeated
            response = Response.objects.create(
                **({} if sheet.id is None else {"id": sheet.id}),
                campaign=campaign,
                participant=participant,
                answers=answers,
                fingerprint=fingerprint,
                created_at=at,
                updated_at=at,
                completed_at=None if sheet.is_draft else at,
            )
    except IntegrityError:
        # The same id was stored by a concurrent request.
        stored = None if sheet.id is None else _repeated(campaign, sheet.id, fingerprint, secret)
        if stored is None:
            raise
        return stored
    response.refresh_from_db(fields=["answers", "staff_answers"])
    return Responded(response, created=True)


def change(response: Response, sheet: Sheet, *, at: datetime | None = None) -> Response:
    """Replace the answers of a response; callers must check authorship first. The sheet's id is ignored.

    A response that was sent stays sent. Raises NotAllowed, Invalid, TooMany, Conflict "withdrawn".
    """
    at = at or timezone.now()
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = _locked(response)
        require_action(stored.campaign, Action.ANSWER, at)
        is_draft = sheet.is_draft and stored.completed_at is None
        given = _checked(stored.campaign, Sheet(sheet.answers, is_draft=is_draft))
        removed = RemovedQuestion.objects.of_survey(stored.campaign_id)
        answers = with_kept(given, stored.all_answers, removed)
        if answers == stored.all_answers and is_draft == (stored.completed_at is None):
            return stored
        stored.answers, stored.staff_answers = answers, {}
        stored.updated_at = at
        if not is_draft and stored.completed_at is None:
            stored.completed_at = at
        stored.save(update_fields=["answers", "staff_answers", "updated_at", "completed_at"])
        stored.refresh_from_db(fields=["answers", "staff_answers"])
    return stored


def withdraw_response(response: Response, *, actor: User | None = None) -> None:
    """Delete a response; callers must check that its author requests it or that `actor` may remove it. Idempotent.

    A hash of its id stays, so that a late repetition of the request does not bring it back.
    """
    with transaction.atomic():
        try:
            stored = _locked(response)
        except Conflict:
            return
        delete_response(stored, actor)
        if stored.participant is not None:
            identity.forget_if_idle(stored.participant)
        export_jobs.revoke(stored.campaign)
        if actor is not None:
            record_access(actor.pk, stored.campaign, "withdraw", Recorded.ERASED)


def delete_response(stored: Response, actor: User | None) -> None:
    """Delete a locked response and keep a hash of its id."""
    digest = Withdrawal.digest_of(stored.pk)
    Withdrawal.objects.create(digest=digest, campaign_id=stored.campaign_id, actor=actor)
    Response.objects.filter(pk=stored.pk).delete()


def enter_paper(
    campaign: Campaign, sheets: Sequence[Sheet], *, actor: User, batch: str, at: datetime | None = None
) -> list[Response]:
    """Store responses that came on paper, all or none; required questions may stay open, as on paper they do.

    They are accepted after the end, too: letters arrive late. Raises NotAllowed "not_member", Invalid with the problems
    of the first wrong sheet.
    """
    require_role(rules.may_enter_paper, actor, campaign)
    if campaign.is_draft:
        raise NotAllowed("campaign_draft")
    at = at or timezone.now()
    questions = _survey(campaign)
    name = batch_name(batch)
    checked = [clean_answers(questions, sheet.answers, require=False) for sheet in sheets]
    with refusing_what_disks_refuse():
        return Response.objects.bulk_create(
            Response(
                id=uuid4(),
                campaign=campaign,
                answers=answers,
                source=Source.PAPER,
                batch=name,
                entered_by=actor,
                created_at=at,
                updated_at=at,
                completed_at=at,
            )
            for answers in checked
        )


def batch_name(text: str) -> str:
    """The name of a batch as it is stored: cleaned, and cut where it is too long."""
    # Composed characters may become three each.
    line = clean_text(text[: 2 * LONGEST_BATCH], max_length=6 * LONGEST_BATCH, multiline=False)
    return line[:LONGEST_BATCH].rstrip()


def own_response(
    campaign: Campaign, participant: Participant | None, pk: UUID | None = None
) -> Response | None:
    """The response of a person in a campaign, with an id only if it has this one."""
    if participant is None:
        return None
    found = Response.objects.of(campaign).filter(participant=participant)
    return (found if pk is None else found.filter(pk=pk)).select_related("campaign", "participant").first()


def _survey(campaign: Campaign) -> list[Question]:
    questions = questions_of(campaign)
    if not questions:
        raise NotAllowed("no_survey")
    return questions


def _checked(campaign: Campaign, sheet: Sheet) -> dict[str, Answer]:
    return clean_answers(_survey(campaign), sheet.answers, require=not sheet.is_draft)


def _repeated(campaign: Campaign, pk: UUID, fingerprint: bytes, secret: str) -> Responded | None:
    """The result for a request with the id of a response that is or was stored; None for a new id."""
    stored = Response.objects.filter(pk=pk).select_related("campaign", "participant").first()
    if stored is None:
        withdrawn = Withdrawal.objects.of(pk).first()
        if withdrawn is None:
            return None
        raise Conflict("withdrawn" if withdrawn.campaign_id == campaign.pk else "id_taken")
    participant = identity.existing_participant(campaign, secret)
    is_own = participant is not None and stored.participant_id == participant.pk
    if is_own and bytes(stored.fingerprint) == fingerprint:
        return Responded(stored, created=False)
    raise Conflict("id_taken")


def _locked(response: Response) -> Response:
    stored = (
        Response.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "participant")
        .filter(pk=response.pk)
        .first()
    )
    if stored is None:
        raise Conflict("withdrawn")
    return stored


def _fingerprint(sheet: Sheet) -> bytes:
    """A hash of the request, to distinguish a repetition from another response with the same id."""
    text = json.dumps([sheet.answers, sheet.is_draft], sort_keys=True, separators=(",", ":"), default=repr)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
