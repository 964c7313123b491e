"""What remains of a contribution that was taken back: that its id was used up."""

import hashlib
from collections.abc import Iterable
from typing import ClassVar
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    """Withdrawals as writers look them up."""

    def of(self, pk: UUID) -> "WithdrawalQuerySet":
        """That of a contribution's id."""
        return self.filter(digest=Withdrawal.digest_of(pk))

    def ids_among(self, ids: Iterable[UUID]) -> set[UUID]:
        """Which of some ids were those of contributions that were taken back."""
        by_digest = {Withdrawal.digest_of(pk): pk for pk in ids}
        found = self.filter(digest__in=by_digest).values_list("digest", flat=True)
        return {by_digest[bytes(digest)] for digest in found}


WithdrawalManager = models.Manager.from_queryset(WithdrawalQuerySet)


class Withdrawal(models.Model):
    """Keeps a late repetition of a request or an import from bringing a contribution back.

    Holds a hash of the id and not the id itself, which tells when it was made (UUID version 7). A trigger refuses
    contributions whose id is here (migration `0015_withdrawal`). `actor` is empty where the authors themselves did it.
    """

    digest = models.BinaryField(max_length=32, primary_key=True, editable=False)
    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="withdrawals", verbose_name=_("campaign")
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,  # as of moderation events: the record keeps the name
        null=True,
        blank=True,
        related_name="withdrawals",
        verbose_name=_("decided by"),
    )

    objects: ClassVar = WithdrawalManager()

    class Meta:
        verbose_name = _("withdrawal")
        verbose_name_plural = _("withdrawals")

    def __str__(self) -> str:
        return bytes(self.digest).hex()

    @staticmethod
    def digest_of(pk: UUID) -> bytes:
        """What the database holds of an id; PostgreSQL writes it sha256(uuid_send(id))."""
        return hashlib.sha256(pk.bytes).digest()
