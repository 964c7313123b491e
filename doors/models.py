"""Tables of the rate limits. `DayKey`, `Level` and `UsedProof` are UNLOGGED and emptied every day.

They are not written to the write-ahead log, hence neither to replicas nor to base backups, and they are empty after a
crash, which only resets all limits.
"""

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

MARK_BYTES: Final = 8
"""Bytes of a network's keyed hash in the record of log-ins."""


class DayKey(models.Model):
    """The random key of one day, with which addresses and accounts are hashed; deleted after the day."""

    day = models.DateField(primary_key=True)
    key = models.BinaryField(max_length=32)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.day.isoformat()


class Level(models.Model):
    """The level of one limit for one subject (a network, an account, a campaign), identified by a keyed hash.

    `empty_at` is the time at which the level will be zero without further events: see `doors.levels`.
    """

    subject = models.BinaryField(max_length=16, primary_key=True)
    empty_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.empty_at:%H:%M}"


class UsedProof(models.Model):
    """A used proof of work, which cannot be used again."""

    digest = models.BinaryField(max_length=32, primary_key=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return bytes(self.digest).hex()


class LogInDoor(models.TextChoices):
    """The kind of authentication that was attempted."""

    PASSWORD = "password", _("Log-in")
    PROVIDER = "provider", _("Log-in at a provider")
    SECOND_FACTOR = "second_factor", _("Second factor")
    PASSKEY = "passkey", _("Log-in with a passkey")
    AGAIN = "again", _("Proof once more")
    PASSWORD_CHANGE = "password_change", _("Change of the password")
    PASSWORD_RESET = "password_reset", _("Link for a new password")
    TOKEN = "token", _("API token")
    PRIVATE_LINK = "private_link", _("Private link")


class Outcome(models.TextChoices):
    """The outcome of an attempt."""

    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    THROTTLED = "throttled", _("Refused: too many attempts")


class LogInRecord(models.Model):
    """Log-in attempts: one row per hour, door, outcome, account and network, so that floods stay small.

    `user` is empty if no such account exists (the input may be a password, so it is not stored). `network` identifies
    networks within one day; once the day's key is deleted it cannot be traced back.
    """

    hour = models.DateTimeField(_("hour"))
    door = models.CharField(_("where"), max_length=20, choices=LogInDoor.choices)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="log_in_records",
        verbose_name=_("user"),
    )
    network = models.BinaryField(_("network"), max_length=MARK_BYTES)
    times = models.PositiveIntegerField(_("times"), default=1)
    first_at = models.DateTimeField(_("first"))
    last_at = models.DateTimeField(_("last"), db_index=True)

    class Meta:
        verbose_name = _("log-in attempt")
        verbose_name_plural = _("log-in attempts")
        default_permissions = ("view",)
        ordering: ClassVar = ("-last_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("hour", "door", "outcome", "user", "network"),
                name="log_in_record_once",
                violation_error_message=_("This attempt was counted already."),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=models.Q(door__in=LogInDoor.values),
                name="log_in_record_door",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
            models.CheckConstraint(
                condition=models.Q(outcome__in=Outcome.values),
                name="log_in_record_outcome",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_door_display()}: {self.get_outcome_display()}"


class OpenSession(models.Model):
    """A session of somebody of the staff, for the list on their page and for its limits; it ends with the session.

    The device is a coarse word such as "Firefox, Android"; no address and no version is kept.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="open_sessions",
        verbose_name=_("user"),
    )
    session_key = models.CharField(max_length=40, unique=True)
    signed_in_at = models.DateTimeField(_("logged in"))
    seen_at = models.DateTimeField(_("last seen"), db_index=True)
    """Exact to a minute; pages show the hour."""
    device = models.CharField(_("device"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        default_permissions = ()
        ordering: ClassVar = ("-seen_at", "-pk")

    def __str__(self) -> str:
        return f"{self.user} · {self.device}"
