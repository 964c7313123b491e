"""Private links for GIS programs: whoever has one reads a campaign as its analysts do."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar, Final, Literal

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign
from mapping.models.texts import PlainLine

LONGEST_NAME: Final = 80


class AccessLinkQuerySet(models.QuerySet["AccessLink"]):
    """Links as the interface and the planners' page look them up."""

    def valid(self, at: datetime) -> AccessLinkQuerySet:
        """Links that were not revoked, did not expire, and whose maker still works here."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(not_expired, revoked_at=None, user__is_active=True)

    def opened_by(self, secret: str) -> AccessLinkQuerySet:
        """The link of a secret."""
        return self.filter(digest=AccessLink.digest_of(secret))

    def newest_first(self) -> AccessLinkQuerySet:
        """As the planners' page lists them."""
        return self.order_by("-created_at", "-pk")


AccessLinkManager = models.Manager.from_queryset(AccessLinkQuerySet)


class AccessLink(models.Model):
    """Lets a program that only knows addresses read one campaign as its maker may.

    Only a SHA-256 of the secret is kept (it holds 256 random bits). A revoked link stays, so that the log of its uses
    can be read. `uses` may lag behind by a minute, see `services.access_links`.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="access_links", verbose_name=_("campaign")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="access_links",
        verbose_name=_("made by"),
    )
    name = PlainLine(_("name"), max_length=LONGEST_NAME)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)
    uses = models.PositiveBigIntegerField(_("uses"), default=0, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar = AccessLinkManager()

    class Meta:
        verbose_name = _("private link for GIS programs")
        verbose_name_plural = _("private links for GIS programs")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest_of(secret: str) -> bytes:
        """What the database holds of a secret."""
        return hashlib.sha256(secret.encode()).digest()

    @property
    def is_expired(self) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it was neither revoked nor has expired."""
        return self.revoked_at is None and not self.is_expired


class LinkHolder(AnonymousUser):
    """Somebody of whom nothing is known but that they have a private link; `rules` say what that opens.

    Counts as authenticated: what they read is not public, so that no cache keeps it and no other site reads it.
    """

    def __init__(self, link: AccessLink) -> None:
        super().__init__()
        self.link = link
        self.pk = link.user_id  # type: ignore[assignment] # the anonymous have none
        """Of the link's maker, who answers for its use."""

    @property
    def is_authenticated(self) -> Literal[True]:  # type: ignore[override] # not as anonymous as others
        """They showed what they have."""
        return True

    @property
    def is_anonymous(self) -> Literal[False]:  # type: ignore[override] # as above
        """The opposite."""
        return False
