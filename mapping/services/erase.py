"""Taking back: a contribution by its author, or everything of a person in a campaign.

Nothing personal stays: the row becomes an empty shell that keeps only its id (so that a late repetition of the
request cannot bring it back), and its files are deleted as soon as the transaction is final.
"""

from uuid import UUID

from django.db import transaction

from accounts.models import User
from mapping.aggregation import footprint
from mapping.models import Contribution, ContributionStatus, ModerationEvent, Participant
from mapping.services import identity, releases
from mapping.services.attachments import discard
from mapping.services.counters import count_comments, count_support
from mapping.services.submit import locked


def withdraw(contribution: Contribution, *, actor: User | None = None) -> None:
    """Empty a contribution, with its photos, comments, support, replies and what moderation kept of it.

    The caller has made sure that it is the author, or that it is the city's and `actor` may take it away. Again does
    nothing. A person of whom nothing else is left in the campaign is forgotten.
    """
    with transaction.atomic():
        stored = locked(contribution)
        author = stored.participant
        if author is not None:
            # Before the tally of the campaign is locked by the change of the footprint: see `feedback` on the order.
            identity.lock_participant(author)
        releases.forget_contribution(stored)
        _empty(stored, actor)
        if author is not None:
            identity.forget_if_idle(author)


def erase_participant(participant: Participant) -> None:
    """Withdraw all that a person gave in a campaign, delete their comments and support, and forget the person."""
    while not _erased(participant):
        pass


def _erased(participant: Participant) -> bool:
    """Try once; False where the person wrote something new in the very moment."""
    with transaction.atomic():
        ids = _touched_by(participant)
        # In the order of ids, so that two erasures never wait for each other, and before the person, as everywhere.
        contributions = list(
            Contribution.objects.select_for_update(of=("self",), no_key=True)
            .filter(pk__in=ids)
            .order_by("pk")
        )
        identity.lock_participant(participant)
        if _touched_by(participant) != ids:
            return False
        participant.comments.all().delete()
        participant.supports.all().delete()
        releases.forget_person(participant)
        for stored in contributions:
            if stored.participant_id == participant.pk:
                _empty(stored)
            else:
                count_comments(stored)
                count_support(stored)
        Participant.objects.filter(pk=participant.pk).delete()
        return True


def _touched_by(participant: Participant) -> set[UUID]:
    """The contributions that a person made, commented or supported."""
    return {
        *participant.contributions.values_list("pk", flat=True),
        *participant.comments.values_list("contribution_id", flat=True),
        *participant.supports.values_list("contribution_id", flat=True),
    }


def _empty(stored: Contribution, actor: User | None = None) -> None:
    if stored.status == ContributionStatus.WITHDRAWN:
        return
    discard(stored)
    stored.comments.all().delete()
    stored.supports.all().delete()
    stored.replies.all().delete()
    # Who decided what and when stays as the record of the office; texts of and about the author go.
    stored.moderation_events.update(original={}, reason="")
    ModerationEvent.objects.create(
        contribution=stored,
        actor=actor,
        from_status=stored.status,
        to_status=ContributionStatus.WITHDRAWN,
    )
    footprint.delete(stored)
    stored.status = ContributionStatus.WITHDRAWN
    stored.participant = None
    stored.geom = None
    stored.text = ""
    stored.answers = {}
    stored.zoom = None
    stored.fingerprint = b""
    stored.support_count = stored.opposition_count = stored.comment_count = 0
    stored.save()
