"""The providers of the staff, as the settings name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from django.conf import settings

from accounts.models import User
from doors.providers.openid import Provider


@dataclass(frozen=True)
class StaffProvider:
    """A provider of the staff: its name on the button, and what its word is worth here.

    `trusts_email` says when its e-mail addresses find accounts that are there: never, if it verified them, or always.
    `second_factor` are values of `acr`, `amr` or AuthnContextClassRef that stand for a second factor.
    """

    key: str
    kind: Literal["oidc", "saml"]
    name: str
    trusts_email: Literal["no", "verified", "always"] = "no"
    creates_accounts: bool = False
    role_claim: str = ""
    roles: Mapping[str, list[str]] = field(default_factory=dict)
    second_factor: tuple[str, ...] = ()
    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    scopes: str = ""
    metadata_file: str = ""
    entity_id: str = ""
    subject_attribute: str = ""
    email_attribute: str = ""

    @property
    def openid(self) -> Provider:
        """For the protocol."""
        return Provider(self.issuer, self.client_id, self.client_secret, self.name, scopes=self.scopes)


@dataclass(frozen=True)
class Claims:
    """What a provider says of somebody: who it is for it, and what else was asked for."""

    issuer: str
    subject: str
    email: str = ""
    is_verified: bool = False
    roles: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    authenticated_at: float | None = None
    """When the provider checked who it is, where it says so under its signature."""


def staff_providers() -> list[StaffProvider]:
    """All of them, in the order of their buttons."""
    return [
        StaffProvider(**one | {"second_factor": tuple(one["second_factor"])})
        for one in settings.STAFF_PROVIDERS
    ]


def staff_provider(key: str) -> StaffProvider | None:
    """The one of an address."""
    return next((one for one in staff_providers() if one.key == key), None)


def providers_of(user: User) -> list[StaffProvider]:
    """Those at which a user has an identity."""
    known = (
        set(user.provider_identities.values_list("provider", flat=True))
        if settings.STAFF_PROVIDERS
        else set()
    )
    return [one for one in staff_providers() if one.key in known]
