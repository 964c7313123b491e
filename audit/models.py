"""The table of the audit log. A trigger refuses UPDATE, DELETE and TRUNCATE; `audit_prune` removes what is old."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import Action, Result, Way

LONGEST: Final = 80
"""Characters of names and codes; longer ones are cut."""


class Entry(models.Model):
    """Somebody did something. Nothing of citizens is stored, no address, no text but names that staff gave to tokens.

    `hour` is set for entries that stand for all equal ones of an hour (looks, uses): the first of them is stored.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), default=timezone.now)
    hour = models.DateTimeField(null=True)
    # Accounts named here are deactivated, not deleted: the log keeps the name.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="audit_entries",
        verbose_name=_("person"),
    )
    # A code of `Action`, without choices: a new one needs no migration, and entries outlive their version.
    action = models.CharField(_("what"), max_length=40)
    result = models.CharField(
        _("result"), max_length=10, choices=Result.choices, default=Result.DONE, db_default=Result.DONE.value
    )
    # No constraint in the database: entries stay when a campaign is deleted.
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=models.DO_NOTHING,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
        verbose_name=_("campaign"),
    )
    kind = models.CharField(_("kind of object"), max_length=LONGEST, default="", db_default="")
    key = models.CharField(_("object"), max_length=LONGEST, default="", db_default="")
    view = models.CharField(_("view"), max_length=LONGEST, default="", db_default="")
    way = models.CharField(_("way"), max_length=20, choices=Way.choices)
    through = models.CharField(_("name of the token or link"), max_length=LONGEST, default="", db_default="")
    details = models.JSONField(_("details"), default=dict, db_default={})

    class Meta:
        verbose_name = _("entry of the audit log")
        verbose_name_plural = _("entries of the audit log")
        default_permissions = ()
        ordering: ClassVar = ("-pk",)
        indexes: ClassVar = [
            models.Index(fields=("at",), name="audit_entry_at"),
            models.Index(fields=("user", "id"), name="audit_entry_user"),
            models.Index(fields=("campaign", "id"), name="audit_entry_campaign"),
            models.Index(fields=("action", "id"), name="audit_entry_action"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("hour", "user", "campaign", "action", "kind", "key", "view", "way", "through"),
                condition=models.Q(hour__isnull=False),
                name="audit_entry_once_an_hour",
                nulls_distinct=False,
                violation_error_message=_("This is recorded already."),
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=Way.values),
                name="audit_entry_way",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(result__in=Result.values),
                name="audit_entry_result",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"

    @property
    def sentence(self) -> str:
        """What was done, in the language of the page; the code itself where this version does not know it."""
        return str(Action(self.action).label) if self.action in Action else self.action
