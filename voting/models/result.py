"""Results that no longer change: stored once, when a vote has ended."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from voting.models.vote import Vote


class StoredResult(models.Model):
    """The result of a vote that ended, as it was counted then; `digest` is the SHA-256 of `content` as stored text.

    `content` holds numbers only: ballots, votes by option, winners with their explanation, the lot, changes.
    """

    vote = models.OneToOneField(
        Vote, on_delete=models.CASCADE, related_name="stored_result", verbose_name=_("vote")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    content = models.JSONField(_("result"))
    digest = models.CharField(_("digest"), max_length=64)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("result")
        verbose_name_plural = _("results")

    def __str__(self) -> str:
        return f"{self.vote_id} · {self.version}"
