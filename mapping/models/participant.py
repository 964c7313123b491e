"""The pseudonymous people behind contributions."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.campaign import Campaign


class Participant(models.Model):
    """One person within one campaign, known only by a keyed hash.

    `key` is a SHA-256 HMAC of the secret in the person's cookie and the campaign, so that the same person has
    unrelated keys in two campaigns and nobody without the server's key can link them (`services.identity`).
    No name, no address, no IP address is kept.
    """

    campaign = models.ForeignKey(
        Campaign, on_delete=models.CASCADE, related_name="participants", verbose_name=_("campaign")
    )
    key = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = (
            models.UniqueConstraint(
                fields=("campaign", "key"),
                name="participant_once_per_campaign",
                violation_error_message=_("This person is known in this campaign already."),
            ),
        )

    def __str__(self) -> str:
        return _("Participant %(number)s") % {"number": self.pk}
