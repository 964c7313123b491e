"""Factors added and removed: stored, told to their owner by letter, recorded in the audit log."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from accounts.models import User
from audit.recording import Action, record
from doors.factors.rules import PRIMARY
from doors.tasks import send_factor_letter


def factors_of(user: User) -> QuerySet[Authenticator]:
    """All factors of a user, the oldest first."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).order_by("created_at", "pk")
    return found


@transaction.atomic
def add_app(user: User, secret: str, counter: int) -> Authenticator:
    """Store the app whose code of a half minute was right: that code is used up."""
    factor: Authenticator = TOTP.activate(user, secret).instance
    factor.data["last_counter"] = counter
    factor.save(update_fields=["data"])
    note_added(user, factor, actor=user)
    return factor


@transaction.atomic
def new_recovery_codes(user: User) -> list[str]:
    """Replace the recovery codes of a user; the only moment at which anybody sees them."""
    User.objects.select_for_update().get(pk=user.pk)
    factors_of(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    made = RecoveryCodes.activate(user)
    note_added(user, made.instance, actor=user)
    return [_grouped(code) for code in made.generate_codes()]


def codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None without any, 0 if their key is lost."""
    factor = factors_of(user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    if factor is None:
        return None
    try:
        return len(RecoveryCodes(factor).get_unused_codes())
    except InvalidToken:
        return 0


@transaction.atomic
def remove(factor: Authenticator, *, actor: User) -> None:
    """Remove a factor; recovery codes go with the last of the others."""
    owner: User = factor.user
    name = words_of(factor)
    factor.delete()
    if not factors_of(owner).filter(type__in=PRIMARY).exists():
        factors_of(owner).delete()
    record(actor, Action.FACTOR_REMOVED, target=owner, factor=factor.type)
    _write(owner, "removed", factor.type, name)


@transaction.atomic
def remove_all(owner: User, *, actor: User | None) -> None:
    """Remove all factors, recovery codes with them; actor is None where the site does so by itself."""
    found = [*factors_of(owner)]
    factors_of(owner).delete()
    for factor in found:
        record(actor, Action.FACTOR_REMOVED, target=owner, factor=factor.type)
        _write(owner, "removed", factor.type, words_of(factor))


def note_added(user: User, factor: Authenticator, *, actor: User) -> None:
    """Record a new factor, and tell its owner."""
    is_codes = factor.type == Authenticator.Type.RECOVERY_CODES
    action = Action.RECOVERY_CODES_MADE if is_codes else Action.FACTOR_ADDED
    record(actor, action, target=user, factor=factor.type)
    _write(user, "added", factor.type, words_of(factor))


def words_of(factor: Authenticator) -> str:
    """The name that the owner gave a passkey; empty for other factors."""
    return str(factor.data.get("name", "")) if factor.type == Authenticator.Type.WEBAUTHN else ""


def _write(user: User, what: str, kind: str, name: str) -> None:
    if settings.SENDS_MAIL:
        send_factor_letter.defer(
            user=user.pk, language=get_language() or settings.LANGUAGE_CODE, what=what, kind=kind, name=name
        )


def _grouped(code: str) -> str:
    return f"{code[:5]} {code[5:]}"
