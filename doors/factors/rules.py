"""Who must have a second factor, and who has one."""

from __future__ import annotations

from typing import Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import User

PRIMARY: Final = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are no second factor."""
_KNOWN: Final = "has_factor_as_loaded"


def with_factor(users: QuerySet[User]) -> QuerySet[User]:
    """Users who know without another query whether they have a second factor."""
    primary = Authenticator.objects.filter(user_id=OuterRef("pk"), type__in=PRIMARY)
    return users.annotate(**{_KNOWN: Exists(primary)})


def has_factor(user: User) -> bool:
    """Whether an account has a second factor."""
    known: bool | None = getattr(user, _KNOWN, None)
    if known is None:
        known = Authenticator.objects.filter(user_id=user.pk, type__in=PRIMARY).exists()
    return known


def must_have_factor(user: User) -> bool:
    """Whether one of the account's roles is among SECOND_FACTOR_ROLES."""
    roles = set(settings.SECOND_FACTOR_ROLES)
    if not roles:
        return False
    if (
        "everybody" in roles
        or ("superuser" in roles and user.is_superuser)
        or ("staff" in roles and user.is_staff)
    ):
        return True
    is_manager = user.may_make_campaigns or user.may_edit_city or user.may_edit_dates_and_papers
    if "manager" in roles and is_manager:
        return True
    return user.memberships.filter(role__in=roles).exists()


def lacks_factor(user: User) -> bool:
    """Whether an account must have a second factor, and has none yet."""
    return bool(settings.SECOND_FACTOR_ROLES) and not has_factor(user) and must_have_factor(user)
