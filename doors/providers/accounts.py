"""The account of somebody who comes from a provider: the one they had before, one that is found, or a new one."""

from __future__ import annotations

import hashlib

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from accounts.models import ProviderIdentity, User
from audit.recording import Action, record
from doors.factors.keeping import remove_all
from doors.providers.configured import Claims, StaffProvider
from doors.providers.openid import SignInFailed
from doors.providers.rights import rights_for, set_rights


def account_for(provider: StaffProvider, claims: Claims, at_hand: object = None) -> User:
    """The account, with the rights that the provider gives it now; raises SignInFailed.

    `at_hand` is who is logged in already: linking that account shows that both ways in are theirs.

    Codes: `provider_no_account` (none, and none is made; deactivated ones, too), `provider_no_role` (the provider
    manages rights and gives none to somebody new), `provider_email_taken`.
    """
    granted = rights_for(claims.roles, provider.roles)
    with transaction.atomic():
        user = (
            _known(provider, claims)
            or _found(provider, claims, at_hand)
            or _made(provider, claims, is_entitled=bool(granted))
        )
        if not user.is_active:
            raise SignInFailed("provider_no_account")
        if provider.role_claim:
            set_rights(user, granted, provider)
    return user


def _known(provider: StaffProvider, claims: Claims) -> User | None:
    """Whose identity this is already."""
    found = ProviderIdentity.objects.select_related("user")
    identity = found.filter(provider=provider.key, digest=_digest(claims)).first()
    return None if identity is None else identity.user


def _found(provider: StaffProvider, claims: Claims, at_hand: object) -> User | None:
    """An account with this address, linked from now on, where the provider's word on addresses counts."""
    user = User.objects.filter(email=claims.email.lower()).first() if claims.email else None
    if user is None:
        return None
    is_trusted = provider.trusts_email == "always" or (
        provider.trusts_email == "verified" and claims.is_verified
    )
    # Addresses are given to new people: whoever came before keeps the account.
    if not is_trusted or user.provider_identities.filter(provider=provider.key).exists():
        raise SignInFailed("provider_email_taken")
    if user.is_active:
        if user != at_hand:
            _lock_other_ways_in(user)
        _link(provider, claims, user)
    return user


def _lock_other_ways_in(user: User) -> None:
    """Whoever prepared an account with a colleague's address may know its password, or have left factors of their own.

    An app and recovery codes of a stranger would shut the owner out. The password ends, and with it sessions and API
    tokens; no letter brings a new one (`doors.letters.may_get_letter`), since the owner logs in at the provider.
    """
    user.set_unusable_password()
    user.save(update_fields=["password"])
    remove_all(user, actor=None)


def _made(provider: StaffProvider, claims: Claims, *, is_entitled: bool) -> User:
    """A new account without a password."""
    if not provider.creates_accounts:
        raise SignInFailed("provider_no_account")
    if provider.role_claim and not is_entitled:
        raise SignInFailed("provider_no_role")
    try:
        validate_email(claims.email)
    except ValidationError:
        raise SignInFailed("provider_no_account") from None
    user = User(email=User.objects.normalize_email(claims.email).lower())
    user.first_name, user.last_name = claims.first_name[:150], claims.last_name[:150]
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save()
            record(None, Action.ACCOUNT_MADE, target=user, provider=provider.key)
    except IntegrityError:  # made by a request at the same moment
        raise SignInFailed("sign_in_stale") from None
    _link(provider, claims, user)
    return user


def _link(provider: StaffProvider, claims: Claims, user: User) -> None:
    _, is_new = ProviderIdentity.objects.get_or_create(
        provider=provider.key, digest=_digest(claims), defaults={"user": user}
    )
    if is_new:
        record(user, Action.IDENTITY_LINKED, target=user, provider=provider.key)


def _digest(claims: Claims) -> bytes:
    """The length comes first, so that no other pair makes the same text."""
    text = f"{len(claims.issuer)}:{claims.issuer}{claims.subject}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
