"""Who works here. Citizens need no account: they are `mapping.models.Participant`."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def end_of(day: date) -> datetime:
    """The moment at which a day is over in the site's time zone; the last days there are have none that can be told."""
    following = min(day, date.max - timedelta(days=2)) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(following, time.min))


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
    def password_mark(self) -> bytes:
        """Differs after every change of the password, by whatever way it was changed; tells nothing of it."""
        return hashlib.sha256(self.password.encode()).digest()

    def check_password(self, raw_password: str | None) -> bool:
        """Whether it is the password. A newer Django may hash it anew then, longer, which ends no token."""
        before = self.password_mark
        is_right = super().check_password(raw_password)
        after = self.password_mark
        if is_right and after != before:
            self.api_tokens.filter(password_mark=before).update(password_mark=after)
        return is_right

    def has_perm(self, perm: str, obj: models.Model | None = None) -> bool:
        """Django's rights are for staff: managers who enter the administration for their campaign bring none along."""
        return self.is_staff and super().has_perm(perm, obj)

    def has_module_perms(self, app_label: str) -> bool:
        """The same."""
        return self.is_staff and super().has_module_perms(app_label)

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


class TokenScope(models.TextChoices):
    """What a token may do of what its owner may."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens as they are looked up and listed."""

    def not_expired(self, at: datetime) -> "ApiTokenQuerySet":
        """Tokens that neither expired nor belong to a deactivated user."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(not_expired, user__is_active=True)

    def newest_first(self) -> "ApiTokenQuerySet":
        """As their owner sees them."""
        return self.select_related("user").order_by("-created_at", "-pk")


class ApiToken(models.Model):
    """Lets a script or QGIS act as a user. Only a SHA-256 of the token is kept (it holds 256 random bits).

    It works while the user's password is what it was when the token was issued: `password_mark` is compared with the
    password at each use, so that no way to change one goes around it.
    """

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="api_tokens",
        verbose_name=_("user"),
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    scope = models.CharField(
        _("may"),
        max_length=5,
        choices=TokenScope.choices,
        default=TokenScope.READ,
    )
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    password_mark = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    # Empty of tokens from before there was a limit only.
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_on = models.DateField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar[models.Manager["ApiToken"]] = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(scope__in=TokenScope.values),
                name="api_token_scope_known",
                violation_error_message=_("Please choose one of the values that are offered."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.name or self.pk}"

    @property
    def may_write(self) -> bool:
        """Whether it may do more than read."""
        return self.scope == TokenScope.WRITE

    @property
    def is_expired(self) -> bool:
        """Whether its day is over."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def last_day(self) -> date | None:
        """The last day on which it works."""
        return None if self.expires_at is None else timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def is_outlived(self) -> bool:
        """Whether the password was changed since it was issued."""
        return bytes(self.password_mark) != self.user.password_mark

    @staticmethod
    def digest_of(token: str) -> bytes:
        """What the database holds of a token."""
        return hashlib.sha256(token.encode()).digest()

    @staticmethod
    def latest_expiry(at: datetime) -> datetime:
        """The end of the last day that a token issued now may have."""
        return end_of(timezone.localdate(at) + timedelta(days=settings.API_TOKEN_MOST_DAYS))

    @classmethod
    def expiry(cls, wanted: datetime | None) -> datetime:
        """When a token issued now expires; raises ValidationError for what is past or too far ahead."""
        now = timezone.now()
        if wanted is None:
            return now + timedelta(days=settings.API_TOKEN_DAYS)
        if wanted <= now:
            raise ValidationError(_("Please choose a day that lies ahead."))
        if wanted > cls.latest_expiry(now):
            raise ValidationError(
                _("A token is valid for %(days)s days at most. Please choose an earlier day."),
                params={"days": settings.API_TOKEN_MOST_DAYS},
            )
        return wanted

    @classmethod
    def issue(
        cls,
        user: User,
        name: str = "",
        *,
        scope: str = TokenScope.READ,
        expires_at: datetime | None = None,
    ) -> str:
        """Make a token and return it; it cannot be read again later. Raises ValidationError as `expiry` does."""
        token = "gp_" + secrets.token_urlsafe(32)
        cls.objects.create(
            user=user,
            name=name,
            scope=scope,
            digest=cls.digest_of(token),
            password_mark=user.password_mark,
            expires_at=cls.expiry(expires_at),
        )
        return token

    @classmethod
    def find(cls, token: str) -> "ApiToken | None":
        """The valid token that was shown, with its user, or None; notes the day of the use."""
        now = timezone.now()
        tokens = ApiTokenQuerySet(cls).not_expired(now).select_related("user")
        found = tokens.filter(digest=cls.digest_of(token)).first()
        if found is None or found.is_outlived:
            return None
        today = timezone.localdate(now)
        if found.last_used_on != today:
            cls.objects.filter(pk=found.pk).update(last_used_on=today)
        return found
