"""Erasure: withdrawal of a contribution by its author, or of all data of a person in a campaign.

No personal data stay: rows are deleted, with files that hold them. A hash of the contribution's id remains, so that a
late repetition of the request cannot restore it.
"""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from audit.recording import Action
from mapping.aggregation import footprint
from mapping.models import Campaign, Comment, Contribution, Participant, Response, Withdrawal
from mapping.services import export_jobs, identity
from mapping.services.counters import count_comment_support, count_comments, count_support
from mapping.services.errors import Conflict
from mapping.services.photos.attachments import discard
from mapping.services.record import record_access
from mapping.services.releases import making as releases
from mapping.services.submit import locked
from mapping.services.surveys.responses import delete_response


def withdraw(contribution: Contribution, *, actor: User | None = None) -> None:
    """Delete a contribution, with its photos, comments, support, replies and moderation events.

    Callers must check that the author requests it, or that `actor` may remove it. Idempotent. A person without any
    other data in the campaign is deleted.
    """
    with transaction.atomic():
        try:
            stored = locked(contribution)
        except Conflict:
            return
        author = stored.participant
        if author is not None:
            # Before the tally of the campaign is locked by the change of the footprint: see `feedback` on the order.
            identity.lock_participant(author)
        releases.forget_contribution(stored)
        _delete(stored, actor)
        if author is not None:
            identity.forget_if_idle(author)
        export_jobs.revoke(stored.campaign)
        _note("withdraw", stored.campaign, actor)


def erase_participant(participant: Participant, *, actor: User | None = None) -> None:
    """Withdraw what a person contributed and answered in a campaign, delete their reactions, and the person."""
    while not _erased(participant, actor):
        pass


def _note(what: str, campaign: Campaign, actor: User | None) -> None:
    """Record which member of staff removed something, without its content."""
    if actor is not None:
        record_access(actor.pk, campaign, what, Action.ERASED)


def _erased(participant: Participant, actor: User | None) -> bool:
    """Try once; False if the person wrote something new at the same time."""
    with transaction.atomic():
        ids = _touched_by(participant)
        # In the order of ids, so that two erasures never deadlock, and before the person, as in all services.
        contributions = list(
            Contribution.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=ids)
            .order_by("pk")
        )
        responses = list(
            Response.objects.select_for_update(of=("self",), no_key=True).filter(participant=participant)
        )
        identity.lock_participant(participant)
        if _touched_by(participant) != ids:
            return False
        for trace in identity.TRACES:
            if trace.cut_off is not None:
                trace.cut_off(participant)
        for response in responses:
            delete_response(response, actor)
        participant.comments.all().delete()
        participant.supports.all().delete()
        supported = list(Comment.objects.filter(supports__participant=participant))
        participant.comment_supports.all().delete()
        for comment in supported:
            count_comment_support(comment)
        releases.forget_person(participant)
        for stored in contributions:
            if stored.participant_id == participant.pk:
                _delete(stored, actor)
            else:
                count_comments(stored)
                count_support(stored)
        Participant.objects.filter(pk=participant.pk).delete()
        export_jobs.revoke(participant.campaign)
        _note("erase", participant.campaign, actor)
        return True


def _touched_by(participant: Participant) -> set[UUID]:
    """The response to the survey, and the contributions that a person made or reacted to, also to comments there."""
    return {
        *Response.objects.filter(participant=participant).values_list("pk", flat=True),
        *participant.contributions.values_list("pk", flat=True),
        *participant.comments.values_list("contribution_id", flat=True),
        *participant.supports.values_list("contribution_id", flat=True),
        *participant.comment_supports.values_list("comment__contribution_id", flat=True),
    }


def _delete(stored: Contribution, actor: User | None) -> None:
    Withdrawal.objects.create(
        digest=Withdrawal.digest_of(stored.pk), campaign_id=stored.campaign_id, actor=actor
    )
    discard(stored)
    # Before the contribution: triggers count its footprint out of the tally.
    footprint.delete(stored)
    stored.delete()
