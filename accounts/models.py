"""Accounts of staff. Citizens need no account: they are `mapping.models.Participant`."""

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from audit.actions import Action, Way
from audit.recording import record
from audit.ways import ON_THE_SERVER, Through, current_way


def end_of(day: date) -> datetime:
    """The moment at which a day ends in the site's time zone; not representable for the last days of the calendar."""
    following = min(day, date.max - timedelta(days=2)) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(following, time.min))


class UserManager(BaseUserManager["User"]):
    """Creates users by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user without permissions; an empty password disables log-in."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        with transaction.atomic(using=self._db):
            user.save(using=self._db)
            record(None, Action.ACCOUNT_MADE, target=user, superuser=user.is_superuser)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Create a user with all permissions."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        """Look up a user by e-mail address, ignoring case."""
        return self.get(email=(username or "").lower())


class User(AbstractUser):
    """A member of the city's staff, identified by e-mail address."""

    username = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    may_make_campaigns = models.BooleanField(
        _("may make campaigns"),
        default=False,
        help_text=_("Makes new campaigns on the planners' pages and manages these."),
    )
    may_edit_city = models.BooleanField(
        _("may edit the city's page"),
        default=False,
        db_default=False,
        help_text=_("Changes name, logo, colour, imprint, contact and boundary of the city."),
    )
    may_edit_dates_and_papers = models.BooleanField(
        _("may edit dates, papers and plans"),
        default=False,
        db_default=False,
        help_text=_("Makes and changes events, bodies, documents and plans of the city."),
    )
    digest_at = models.DateTimeField(_("weekly digest looked into"), null=True, blank=True, editable=False)
    """When there last was one to write, or when it was ordered; empty for those who get none."""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ("email",)

    def __str__(self) -> str:
        return self.email

    def order_digest(self, *, is_wanted: bool) -> None:
        """Order the weekly digest, which comes from the next Monday on, or end it."""
        if is_wanted != (self.digest_at is not None):
            self.digest_at = timezone.now() if is_wanted else None
            self.save(update_fields=["digest_at"])

    @property
    def password_mark(self) -> bytes:
        """A value that differs after every change of the password, however it was made, and reveals nothing of it."""
        return hashlib.sha256(self.password.encode()).digest()

    def check_password(self, raw_password: str | None) -> bool:
        """Check the password. A newer Django may rehash it with more iterations, which does not invalidate tokens."""
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
        """See `has_perm`."""
        return self.is_staff and super().has_module_perms(app_label)

    @property
    def has_rights(self) -> bool:
        """Whether the account has any permissions beyond logging in."""
        return (
            self.is_staff
            or self.is_superuser
            or self.may_make_campaigns
            or self.may_edit_city
            or self.may_edit_dates_and_papers
            or self.groups.exists()
            or self.user_permissions.exists()
            or self.memberships.exists()
        )


class Role(models.TextChoices):
    """A member's role in one campaign; see `mapping.rules`."""

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


class ProviderIdentity(models.Model):
    """Whom a provider (OpenID Connect, SAML) means by a user: it stands for their password.

    `digest` is a SHA-256 of issuer and subject; the provider's own sign for the person is not kept.
    """

    user = models.ForeignKey(
        User,
        on_delete=models.CASCADE,
        related_name="provider_identities",
        verbose_name=_("user"),
    )
    provider = models.CharField(_("provider"), max_length=40)
    digest = models.BinaryField(max_length=32, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("identity at a provider")
        verbose_name_plural = _("identities at providers")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "digest"),
                name="provider_identity_once",
                violation_error_message=_("This identity belongs to somebody already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} · {self.provider}"


class TokenScope(models.TextChoices):
    """The scope of a token: reading only, or all permissions of its owner."""

    READ = "read", _("Read only")
    WRITE = "write", _("Read and write")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Lookups and lists of tokens."""

    def not_expired(self, at: datetime) -> "ApiTokenQuerySet":
        """Tokens that neither expired nor belong to a deactivated user."""
        not_expired = models.Q(expires_at=None) | models.Q(expires_at__gt=at)
        return self.filter(not_expired, user__is_active=True)

    def newest_first(self) -> "ApiTokenQuerySet":
        """Newest first, for their owner's list."""
        return self.select_related("user").order_by("-created_at", "-pk")


ApiTokenManager = models.Manager.from_queryset(ApiTokenQuerySet)


class ApiToken(models.Model):
    """Lets a script or QGIS act as a user. Only a SHA-256 of the token is stored (it has 256 random bits).

    It is valid as long as the user's password is unchanged since the token was issued: `password_mark` is compared with
    the password at each use, which covers all ways to change it.
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
    # Empty only for tokens from before expiry was introduced.
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    last_used_on = models.DateField(_("last used"), null=True, blank=True, editable=False)

    objects: ClassVar = ApiTokenManager()

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
        """Whether the token may do more than read."""
        return self.scope == TokenScope.WRITE

    @property
    def is_expired(self) -> bool:
        """Whether the token has expired."""
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def last_day(self) -> date | None:
        """The last day on which the token is valid."""
        return None if self.expires_at is None else timezone.localdate(self.expires_at - timedelta(seconds=1))

    @property
    def is_outlived(self) -> bool:
        """Whether the password was changed since the token was issued."""
        return bytes(self.password_mark) != self.user.password_mark

    @staticmethod
    def digest_of(token: str) -> bytes:
        """The digest of a token, as stored in the database."""
        return hashlib.sha256(token.encode()).digest()

    @staticmethod
    def latest_expiry(at: datetime) -> datetime:
        """The end of the last day that a token issued now may have."""
        return end_of(timezone.localdate(at) + timedelta(days=settings.API_TOKEN_MOST_DAYS))

    @classmethod
    def expiry(cls, wanted: datetime | None) -> datetime:
        """The expiry of a token issued now; raises ValidationError for past or too distant days."""
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
        """Issue a token and return its text, which is not stored. Raises ValidationError as `expiry` does."""
        token = "gp_" + secrets.token_urlsafe(32)
        with transaction.atomic():
            made = cls.objects.create(
                user=user,
                name=name,
                scope=scope,
                digest=cls.digest_of(token),
                password_mark=user.password_mark,
                expires_at=cls.expiry(expires_at),
            )
            # On the server nobody has logged in: it may be anybody who may run commands there.
            actor = None if current_way() == ON_THE_SERVER else user
            record(actor, Action.TOKEN_MADE, target=made, name=name, scope=scope, owner=user.pk)
        return token

    def revoke(self, actor: User) -> None:
        """Delete the token. Callers must check that it is the actor's."""
        with transaction.atomic():
            record(actor, Action.TOKEN_REVOKED, target=self, name=self.name, owner=self.user_id)
            self.delete()

    @classmethod
    def find(cls, token: str) -> "ApiToken | None":
        """Find a valid token by its text, with its user, or None; stores and records the day of use."""
        now = timezone.now()
        tokens = ApiTokenQuerySet(cls).not_expired(now).select_related("user")
        found = tokens.filter(digest=cls.digest_of(token)).first()
        if found is None or found.is_outlived:
            return None
        today = timezone.localdate(now)
        if found.last_used_on != today:
            cls.objects.filter(pk=found.pk).update(last_used_on=today)
            record(
                *(found.user, Action.TOKEN_USED), target=found, through=Through(Way.TOKEN, found.name or "")
            )
        return found
