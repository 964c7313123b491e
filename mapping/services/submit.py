"""Submission of contributions, changes by their authors, and photos.

The client may choose a contribution's UUID and repeat the request: it is stored once, and a repetition returns the
same result.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import NoReturn
from uuid import UUID

from django.db import DataError, IntegrityError, InternalError, transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.aggregation import footprint
from mapping.geo.errors import GeometryProblem
from mapping.models import (
    Campaign,
    Contribution,
    ContributionStatus,
    ModerationEvent,
    Photo,
    RemovedQuestion,
    Source,
    Withdrawal,
)
from mapping.services import identity
from mapping.services.checking.answers import with_kept
from mapping.services.checking.area import check_inside_area
from mapping.services.checking.content import MAX_TEXT, Checked, Submission, check
from mapping.services.checking.gates import require_open, require_role, require_sign_in
from mapping.services.checking.limits import limit_changes, limit_submissions
from mapping.services.errors import Conflict, Invalid, NotAllowed, Problem, invalid
from mapping.services.files.disks import disk_problem
from mapping.services.photos.attachments import attach, discard, encoded, transaction_with_files
from mapping.services.setup.places import next_position
from mapping.services.storing import fingerprint_of, is_used_up, new_id, store

__all__ = [
    "MAX_TEXT",
    "Submission",
    "Submitted",
    "add_photo",
    "check_inside_area",
    "locked",
    "refusing_what_the_database_refuses",
    "remove_photo",
    "revise",
    "submit",
    "submit_city",
]


@dataclass(frozen=True)
class Submitted:
    """A stored contribution; `is_author` decides whether the sender gets the private link."""

    contribution: Contribution
    created: bool
    is_author: bool


def submit(
    campaign: Campaign,
    submission: Submission,
    secret: str,
    *,
    at: datetime | None = None,
    must_wait: bool = False,
    sender: str = "",
) -> Submitted:
    """Store a citizen's contribution, or return the stored one for a repeated request.

    With `must_wait` it is reviewed first, whatever the campaign's rule (`visitor.admit`). `sender` is the secret under
    which a request of before may have been stored, by a browser that had no cookie then (`identity.secret_of_sender`).

    Raises NotAllowed (period, category closed to citizens), SignInNeeded, Invalid, TooMany, or Conflict (`id_taken`,
    `withdrawn`).
    """
    at = at or timezone.now()
    fingerprint = fingerprint_of(submission)
    if submission.id is not None:
        stored = _repeated(campaign, submission.id, fingerprint, secret, sender)
        if stored is not None:
            return stored
    require_open(campaign, at)
    require_sign_in(campaign, secret)
    checked = _checked_for_citizens(campaign, submission)
    known = identity.existing_participant(campaign, secret)
    if known is not None:
        # Decoding photos is expensive: the rate limit is checked before, and again under lock.
        limit_submissions(known, at)
    photos = encoded(campaign, submission.photos)
    is_public_at_once = campaign.publishes_at_once and not must_wait
    try:
        with transaction_with_files() as written, refusing_what_the_database_refuses():
            participant = identity.locked_participant(campaign, secret)
            limit_submissions(participant, at)
            contribution = store(
                campaign,
                checked,
                id=submission.id or new_id(campaign),
                participant=participant,
                status=ContributionStatus.PUBLISHED if is_public_at_once else ContributionStatus.PENDING,
                source=Source.ONLINE,
                fingerprint=fingerprint,
                created_at=at,
            )
            attach(contribution, photos, written)
            footprint.write(contribution)
    except IntegrityError:
        # The same id was stored by a concurrent request.
        pk = submission.id
        stored = None if pk is None else _repeated(campaign, pk, fingerprint, secret, sender)
        if stored is None:
            raise
        return stored
    return Submitted(contribution, created=True, is_author=True)


def submit_city(
    campaign: Campaign,
    submission: Submission,
    *,
    actor: User | None = None,
    at: datetime | None = None,
) -> Contribution:
    """Store a place put up for discussion by the city: published immediately, without a participant.

    Period, limits and `takes_contributions` apply to citizens only; the content is validated as usual. It stands behind
    the city's other places. An `actor` needs the moderator's role; None is for commands of the operator.
    """
    if actor is not None:
        require_role(rules.may_moderate, actor, campaign)
    checked = check(campaign, submission, require_answers=False)
    photos = encoded(campaign, submission.photos)
    try:
        with transaction_with_files() as written, refusing_what_the_database_refuses():
            contribution = store(
                campaign,
                checked,
                id=submission.id or new_id(campaign),
                participant=None,
                status=ContributionStatus.PUBLISHED,
                source=Source.CITY,
                position=next_position(campaign),
                fingerprint=fingerprint_of(submission),
                created_at=at or timezone.now(),
                actor=actor,
            )
            attach(contribution, photos, written)
            footprint.write(contribution)
    except IntegrityError as error:
        if submission.id is not None and is_used_up(submission.id):
            raise Conflict("id_taken") from error
        raise
    return contribution


def revise(contribution: Contribution, submission: Submission, *, at: datetime | None = None) -> Contribution:
    """Store a change by the author; callers must check authorship first.

    The former text is not kept. With review before publication, and after a rejection, the new one waits for review.
    Photos of the submission are added; the submission's id is ignored.
    """
    at = at or timezone.now()
    photos = encoded(contribution.campaign, submission.photos)
    with transaction_with_files() as written, refusing_what_the_database_refuses():
        stored = _locked_for_author(contribution, at)
        limit_changes(stored, at)
        campaign = stored.campaign
        checked = _checked_for_citizens(campaign, submission, stays_in=stored.category.slug)
        # Of another category the same short name means another question.
        removed = RemovedQuestion.objects.filter(category=checked.category).filter(category=stored.category)
        stored.category = checked.category
        stored.geom = checked.geom
        stored.text = checked.text
        stored.set_answers(with_kept(checked.answers, stored.all_answers, removed))
        stored.zoom = checked.zoom if checked.zoom is not None else stored.zoom
        _back_to_review(stored, at)
        stored.save()
        attach(stored, photos, written)
        footprint.write(stored)
    return stored


def add_photo(contribution: Contribution, data: bytes, *, at: datetime | None = None) -> Photo:
    """Add a photo to the author's own contribution; a repeated picture is stored once."""
    at = at or timezone.now()
    pictures = encoded(contribution.campaign, [data])
    with transaction_with_files() as written:
        stored = _locked_for_author(contribution, at)
        before = stored.photos.count()
        [photo] = attach(stored, pictures, written)
        is_new = stored.photos.count() > before
        # A photo sent right after its contribution waits for review with it, without an event of its own.
        if is_new and stored.status != ContributionStatus.PENDING:
            _back_to_review(stored, at)
            stored.save(update_fields=["status", "updated_at"])
            footprint.set_status(stored)
    return photo


def remove_photo(photo: Photo) -> None:
    """Delete a photo; its author may do so at any time."""
    with transaction.atomic():
        discard(locked(photo.contribution), only=photo.pk)


def locked(contribution: Contribution) -> Contribution:
    """Reload the contribution, locked until the transaction ends.

    Raises Conflict "withdrawn" or, if it was deleted with its campaign, NotAllowed "gone".
    """
    stored = _find_locked(contribution.pk)
    if stored is None:
        if Withdrawal.objects.of(contribution.pk).exists():
            raise Conflict("withdrawn")
        raise NotAllowed("gone")
    return stored


@contextmanager
def refusing_what_the_database_refuses() -> Iterator[None]:
    """Turn the database's own geometry checks, the last line of defence, into an Invalid error.

    PostGIS has its own GEOS and PROJ, which may reject a geometry that Python's accept.
    """
    try:
        yield
    except GeometryProblem as problem:
        raise Invalid({"geometry": [Problem(problem.code, problem.params)]}) from problem
    except IntegrityError as error:
        _refuse(error)
    except (DataError, InternalError) as error:
        if disk_problem(error) is not None:
            raise
        raise invalid("geometry", "invalid_geometry", reason="") from error


def _refuse(error: IntegrityError) -> NoReturn:
    diagnosis = getattr(error.__cause__, "diag", None)
    constraint = getattr(diagnosis, "constraint_name", None) or ""
    if constraint.startswith(("contribution_geom", "district_geom")):
        raise invalid("geometry", "invalid_geometry", reason="") from error
    raise error


def _checked_for_citizens(
    campaign: Campaign, submission: Submission, *, stays_in: str | None = None
) -> Checked:
    """Check a citizen's submission; a category closed meanwhile keeps its contributions (`stays_in`)."""
    checked = check(campaign, submission)
    if checked.category.slug != stays_in and not rules.may_contribute_to(checked.category):
        raise NotAllowed("category_closed")
    return checked


def _repeated(
    campaign: Campaign, pk: UUID, fingerprint: bytes, secret: str, sender: str = ""
) -> Submitted | None:
    """The result for a request with the id of a contribution that is or was stored; None for a new id."""
    if not is_used_up(pk):
        return None
    with transaction.atomic():
        stored = _find_locked(pk)
        if stored is None:
            withdrawn = Withdrawal.objects.of(pk).first()
            if withdrawn is None:
                return None
            raise Conflict("withdrawn" if withdrawn.campaign_id == campaign.pk else "id_taken")
        if stored.campaign_id != campaign.pk:
            raise Conflict("id_taken")
        # The first request's fingerprint: later changes by author or moderator leave it as it is.
        if bytes(stored.fingerprint) != fingerprint:
            raise Conflict("id_taken")
        if identity.is_author(stored, secret):
            return Submitted(stored, created=False, is_author=True)
        is_senders = bool(sender) and identity.is_author(stored, sender)
        if stored.participant is None or not (is_senders or _is_untouched(stored)):
            return Submitted(stored, created=False, is_author=False)
        # Of this sender, or unpublished and identical: the first response, and the cookie with it, was lost on the way.
        _hand_over(stored, campaign, secret)
        return Submitted(stored, created=False, is_author=True)


def _is_untouched(stored: Contribution) -> bool:
    """Whether a contribution still waits for its first review, unchanged: only its author ever read it.

    A contribution that was public once may wait again (a change, another photo, a corrected rejection). Then anyone may
    know its id and text, which prove nothing.
    """
    is_pending = stored.status == ContributionStatus.PENDING
    events = ModerationEvent.objects.filter(contribution=stored)
    return is_pending and not events.after_sending().exists()


def _hand_over(stored: Contribution, campaign: Campaign, secret: str) -> None:
    """Make the person with the secret the author, and delete the one whose cookie never arrived."""
    before = stored.participant
    if before is not None:
        identity.lock_participant(before)
    stored.participant = identity.locked_participant(campaign, secret)
    stored.save(update_fields=["participant", "updated_at"])
    footprint.write(stored)
    if before is not None:
        identity.forget_if_idle(before)


def _find_locked(pk: UUID) -> Contribution | None:
    return (
        Contribution.objects.select_for_update(of=("self",), no_key=True)
        .select_related("campaign", "category", "participant")
        .defer("campaign__area", "campaign__description", "campaign__outcome")
        .filter(pk=pk)
        .first()
    )


def _locked_for_author(contribution: Contribution, at: datetime) -> Contribution:
    stored = locked(contribution)
    if not rules.may_change_own(stored, at):
        require_open(stored.campaign, at)
        raise NotAllowed("wrong_status", status=stored.status)
    return stored


def _back_to_review(stored: Contribution, at: datetime) -> None:
    """Set and record the status after an author's change."""
    before = stored.status
    if not stored.campaign.publishes_at_once or before == ContributionStatus.REJECTED:
        stored.status = ContributionStatus.PENDING
    ModerationEvent.objects.create(
        contribution=stored, from_status=before, to_status=stored.status, created_at=at
    )
