"""Citizens' proposals that people should take part in a plan, and what the city replies."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from engagement.models import Plan, PlanProposal, ProposalState
from engagement.models.plan import PlanProposalQuerySet
from engagement.rules import may_edit_records, may_propose
from mapping.services.checking.content import checked_text
from mapping.services.checking.gates import require_status
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.identity import edit_token, id_of_token
from mapping.services.own.person import Person

LONGEST_PROPOSAL: Final = 2000
LONGEST_ANSWER: Final = 2000
_KEY_SALT: Final = "geoparticipation.proposal-key"
_KIND: Final = "proposal"


def propose(plan: Plan, text: str, secret: str, at: datetime | None = None) -> PlanProposal:
    """Store a proposal, which waits for a review; the same text by the same person is the same proposal.

    Raises NotAllowed "proposals_closed", Conflict "already_proposed", Invalid on "text".
    """
    at = at or timezone.now()
    cleaned = checked_text(text, max_length=LONGEST_PROPOSAL)
    if not cleaned:
        raise invalid("text", "required")
    with refusing_what_disks_refuse(), transaction.atomic():
        # The lock lets two requests of one person come one after the other.
        stored = Plan.objects.select_for_update(no_key=True).get(pk=plan.pk)
        own = own_proposal(stored, secret)
        if own is not None and own.text == cleaned:
            return own
        if not may_propose(stored, timezone.localdate(at)):
            raise NotAllowed("proposals_closed")
        if own is not None:
            raise Conflict("already_proposed")
        return PlanProposal.objects.create(
            plan=stored, author_key=_key(stored, secret), text=cleaned, created_at=at, changed_at=at
        )


def own_proposal(plan: Plan, secret: str) -> PlanProposal | None:
    """The proposal of a person for a plan."""
    return PlanProposal.objects.filter(plan=plan, author_key=_key(plan, secret)).first()


def proposals_of(secret: str) -> PlanProposalQuerySet:
    """All proposals of a person, each with its plan. The key of each plan is computed: nothing stored links them."""
    keys = [_key(plan, secret) for plan in Plan.objects.only("pk")]
    found: PlanProposalQuerySet = PlanProposal.objects.filter(author_key__in=keys)
    return found.select_related("plan").order_by("-created_at", "-pk")


def token_of(proposal: PlanProposal) -> str:
    """The private part of the link to see a proposal and take it back; computed, stored nowhere."""
    return edit_token(proposal.pk, _KIND)


def proposal_of_token(token: str) -> PlanProposal | None:
    """The proposal that a private link opens; None where the link is forged or the author took it back."""
    pk = id_of_token(token, _KIND)
    return None if pk is None else PlanProposal.objects.select_related("plan").filter(pk=pk).first()


def take_back(proposal: PlanProposal) -> None:
    """Delete a proposal for its author, with the reply of the city; nothing of it stays."""
    PlanProposal.objects.filter(pk=proposal.pk).delete()


def take_back_all(person: Person) -> None:
    """Delete all proposals of a person, with the replies of the city."""
    if person.secret is not None:
        PlanProposal.objects.filter(pk__in=[one.pk for one in proposals_of(person.secret)]).delete()


def answer(
    proposal: PlanProposal, actor: User, state: str, text: str, *, expected: str | None = None
) -> PlanProposal:
    """Accept or decline a proposal with a reply; both become public, the proposal too.

    A reply can be changed by another one. Raises NotAllowed (not_plans_editor, gone), Invalid on "state" and "answer",
    Conflict "status_changed".
    """
    _require_editor(actor)
    if state not in {ProposalState.ACCEPTED, ProposalState.DECLINED}:
        raise invalid("state", "unknown_status")
    cleaned = checked_text(text, max_length=LONGEST_ANSWER, name="answer")
    if not cleaned:
        raise invalid("answer", "required")
    with transaction.atomic():
        stored = PlanProposal.objects.select_for_update().filter(pk=proposal.pk).first()
        if stored is None:
            raise NotAllowed("gone")
        require_status(stored.state, expected)
        now = timezone.now()
        stored.state, stored.answer = state, cleaned
        stored.answered_at = stored.changed_at = now
        stored.save(update_fields=["state", "answer", "answered_at", "changed_at"])
    return stored


def remove(proposal: PlanProposal, actor: User) -> None:
    """Delete a proposal that must not be shown (insults, personal data); raises NotAllowed "not_plans_editor"."""
    _require_editor(actor)
    PlanProposal.objects.filter(pk=proposal.pk).delete()


def _require_editor(actor: User) -> None:
    if not may_edit_records(actor):
        raise NotAllowed("not_plans_editor")


def _key(plan: Plan, secret: str) -> bytes:
    return salted_hmac(_KEY_SALT, f"{plan.pk}:{secret}", algorithm="sha256").digest()
