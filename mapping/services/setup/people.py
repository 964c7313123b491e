"""Who works on a campaign: roles given and taken, and invitations for those who have an account already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.db import transaction

from accounts.models import Membership, Role, User
from audit.recording import Action, record
from mapping import rules
from mapping.models import Campaign, CampaignChange
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.record import record_access
from mapping.services.setup.changes import locked_campaign, note

INVITATION_VALID: Final = timedelta(days=7)
_SALT: Final = "mapping.setup.invitation"
_LONGEST_TOKEN: Final = 400


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that is still open: for one role in one campaign."""

    campaign: Campaign
    role: Role
    by: User
    made: int
    """The entry of the history with which it was made."""


def add_member(campaign: Campaign, actor: User, email: str, role: Role) -> Membership:
    """Give a role to the account of an address.

    Raises NotAllowed "not_manager", Invalid "no_such_account" and "is_member" for `email`.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise invalid("email", "no_such_account")
    with transaction.atomic():
        membership = _given(locked_campaign(campaign), user, role, actor)
    if membership is None:
        raise invalid("email", "is_member")
    return membership


def remove_member(membership: Membership, actor: User) -> None:
    """Take a role from somebody. Raises NotAllowed "not_manager", Conflict "last_manager"."""
    require_role(rules.may_manage, actor, membership.campaign, "not_manager")
    with transaction.atomic():
        campaign = locked_campaign(membership.campaign)
        managers = Membership.objects.filter(campaign=campaign, role=Role.MANAGER, user__is_active=True)
        if membership.role == Role.MANAGER and not managers.exclude(pk=membership.pk).exists():
            raise Conflict("last_manager")
        membership.delete()
        note(campaign, actor, "people", before=_noted(membership))
        record(
            *(actor, Action.MEMBERSHIP_TAKEN),
            campaign=campaign,
            member=membership.user_id,
            role=membership.role,
        )


def invitation_for(campaign: Campaign, actor: User, role: Role) -> str:
    """A token that gives its first and every later bearer with an account the role, until it expires.

    It is worth as much as its maker: once they do not manage the campaign any more, it opens nothing. Nor does it for
    those who lost a role in the campaign since.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    made = note(campaign, actor, "people", after={"invitation": role.value})
    record(actor, Action.INVITED, campaign=campaign, role=role.value)
    return signing.dumps([campaign.pk, role.value, actor.pk, made.pk], salt=_SALT, compress=True)


def invitation_of(token: str) -> Invitation:
    """What a token invites to; raises NotAllowed "invitation_invalid" and "invitation_expired"."""
    if len(token) > _LONGEST_TOKEN:
        raise NotAllowed("invitation_invalid")
    try:
        campaign_id, role, user_id, made = signing.loads(token, salt=_SALT, max_age=INVITATION_VALID)
    except signing.SignatureExpired:
        raise NotAllowed("invitation_expired") from None
    except signing.BadSignature:
        raise NotAllowed("invitation_invalid") from None
    campaign = Campaign.objects.defer("area").filter(pk=campaign_id).first()
    maker = User.objects.filter(pk=user_id).first()
    if campaign is None or maker is None or not rules.may_manage(maker, campaign):
        raise NotAllowed("invitation_invalid")
    return Invitation(campaign, Role(role), maker, made)


def accept(invitation: Invitation, user: User) -> None:
    """Give the invited role to whoever accepts; nothing happens where they have it already.

    Raises NotAllowed "invitation_invalid" for those who lost a role in the campaign since the invitation was made.
    """
    with transaction.atomic():
        campaign = locked_campaign(invitation.campaign)
        later = CampaignChange.objects.filter(campaign=campaign, step="people", pk__gt=invitation.made)
        if later.filter(before__member=str(user)).exists():
            raise NotAllowed("invitation_invalid")
        _given(campaign, user, invitation.role, user, invited_by=invitation.by)


def _given(
    campaign: Campaign, user: User, role: Role, actor: User, invited_by: User | None = None
) -> Membership | None:
    membership, is_new = Membership.objects.get_or_create(user=user, campaign=campaign, role=role)
    if not is_new:
        return None
    by = {} if invited_by is None else {"invited_by": str(invited_by)}
    note(campaign, actor, "people", after=_noted(membership) | by)
    record_access(
        *(actor.pk, campaign, "membership", Action.MEMBERSHIP_GIVEN), member=user.pk, role=role.value
    )
    return membership


def _noted(membership: Membership) -> dict[str, object]:
    return {"member": str(membership.user), "role": membership.role}
