"""Who works here. Citizens need no account: they are `mapping.models.Participant`."""

import hashlib
import secrets
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    """Creates users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user without any right; an empty password means that they cannot log in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A user with every right."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """The e-mail address names a user whatever its case."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A member of the city's staff, named by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)

    def __str__(self) -> str:
        return self.email

    @property
    def has_rights(self) -> bool:
        """Whether whoever gets hold of the account may do anything but log in."""
        return (
            self.is_staff
            or self.is_superuser
            or self.groups.exists()
            or self.user_permissions.exists()
            or self.memberships.exists()
        )


class Role(models.TextChoices):
    """What a member may do in one campaign; see `mapping.rules`."""

    MANAGER = "manager", _("Manager")
    MODERATOR = "moderator", _("Moderator")
    ANALYST = "analyst", _("Analyst")


class Membership(models.Model):
    """A user's role in one campaign. Superusers have every role everywhere."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("user"),
    )
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("campaign"),
    )
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "campaign", "role"),
                name="membership_once",
                violation_error_message=_("This person has this role in the campaign already."),
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values),
                name="membership_role_known",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.campaign} · {self.get_role_display()}"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens as the API looks them up."""

    def valid(self, at: datetime) -> "ApiTokenQuerySet":
        """Tokens that neither expired nor belong to a deactivated user."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(not_expired, user__is_active=True)


class ApiToken(models.Model):
    """Lets a script or QGIS act as a user. Only a SHA-256 of the token is kept (it holds 256 random bits)."""

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_on = models.DateField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["ApiToken"]] = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.user} · {self.name or self.pk}"

    @staticmethod
    def digest_of(token: str) -> bytes:
        """What the database holds of a token."""
        return hashlib.sha256(token.encode()).digest()

    @classmethod
    def issue(cls, user: User, name: str = "", expires_at: datetime | None = None) -> str:
        """Make a token and return it; it cannot be read again later."""
        token = "gp_" + secrets.token_urlsafe(32)
        cls.objects.create(user=user, name=name, digest=cls.digest_of(token), expires_at=expires_at)
        return token

    @classmethod
    def user_of(cls, token: str) -> User | None:
        """The active user that a token stands for, or None; notes the day of the use."""
        now = timezone.now()
        found = (
            ApiTokenQuerySet(cls)
            .valid(now)
            .select_related("user")
            .filter(digest=cls.digest_of(token))
            .first()
        )
        if found is None:
            return None
        today = timezone.localdate(now)
        if found.last_used_on != today:
            cls.objects.filter(pk=found.pk).update(last_used_on=today)
        return found.user
