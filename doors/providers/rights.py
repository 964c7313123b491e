"""Rights that a provider gives and takes: values of one claim stand for rights here, by the settings alone.

What no value of the mapping stands for is left as administrators set it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db import transaction

from accounts.models import Membership, Role, User
from audit.recording import Action, record
from doors.providers.configured import StaffProvider

FLAGS: Final[Mapping[str, str]] = {
    "superuser": "is_superuser",
    "staff": "is_staff",
    "make_campaigns": "may_make_campaigns",
    "edit_city": "may_edit_city",
    "edit_dates_and_papers": "may_edit_dates_and_papers",
}
"""Rights by their names in the settings; the others are `<role>:<campaign>`."""


@dataclass(frozen=True)
class Rights:
    """Columns of users that are set, and roles in campaigns: pairs of role and the campaign's short name."""

    flags: frozenset[str] = frozenset()
    roles: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.flags or self.roles)


class UnknownRight(ValueError):
    """A right of the settings that does not exist."""


def rights_named(names: Iterable[str]) -> Rights:
    """The rights behind their names in the settings; raises UnknownRight."""
    flags, roles = set(), set()
    for name in names:
        role, is_role, slug = str(name).partition(":")
        if name in FLAGS:
            flags.add(FLAGS[name])
        elif is_role and role in Role.values and slug:
            roles.add((role, slug))
        else:
            raise UnknownRight(name)
    return Rights(frozenset(flags), frozenset(roles))


def rights_for(values: Iterable[str], mapping: Mapping[str, list[str]]) -> Rights:
    """What values of the claim stand for."""
    return rights_named(name for value in values for name in mapping.get(value, ()))


def set_rights(user: User, granted: Rights, provider: StaffProvider) -> None:
    """Give a user what is granted, and take what the provider's mapping could grant and does not now.

    The audit log names the provider, and nobody of the staff, as the one who did it.
    """
    managed = rights_for(provider.roles, provider.roles)
    with transaction.atomic():
        stored = User.objects.select_for_update().get(pk=user.pk)
        changed = [flag for flag in sorted(managed.flags) if getattr(stored, flag) != (flag in granted.flags)]
        for flag in changed:
            setattr(stored, flag, flag in granted.flags)
            setattr(user, flag, flag in granted.flags)
        if changed:
            stored.save(update_fields=changed)
            flags = {flag: flag in granted.flags for flag in changed}
            record(None, Action.ACCOUNT_CHANGED, target=stored, more=flags, provider=provider.key)
        held = {
            (one.role, one.campaign.slug): one
            for one in stored.memberships.select_related("campaign").only("role", "campaign__slug")
        }
        for pair in sorted(managed.roles - granted.roles):
            if pair in held:
                _note(Action.MEMBERSHIP_TAKEN, held[pair].campaign_id, stored, pair[0], provider)
                held[pair].delete()
        wanted = sorted(granted.roles - held.keys())
        campaigns = _campaigns({slug for _, slug in wanted})
        for role, slug in wanted:
            if slug in campaigns:
                Membership.objects.create(user=stored, campaign_id=campaigns[slug], role=role)
                _note(Action.MEMBERSHIP_GIVEN, campaigns[slug], stored, role, provider)


def _note(action: Action, campaign_id: int, user: User, role: str, provider: StaffProvider) -> None:
    record(None, action, campaign=campaign_id, target=user, role=role, provider=provider.key)


def _campaigns(slugs: set[str]) -> dict[str, int]:
    """The ids of campaigns by their short names; unknown ones are left out."""
    model = Membership._meta.get_field("campaign").related_model  # noqa: SLF001 - documented
    if not slugs or not isinstance(model, type):
        return {}
    return dict(model._default_manager.filter(slug__in=slugs).values_list("slug", "pk"))  # noqa: SLF001 - documented
