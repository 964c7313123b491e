"""Administration of users, memberships and API tokens."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as BaseGroupAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.generics import AdminUserCreationForm, ModelAdmin, ModelForm, TabularInline, UserChangeForm
from accounts.generics import UserAdmin as BaseUserAdmin
from accounts.models import ApiToken, Membership, ProviderIdentity, Role, User
from accounts.recorded import RecordedChanges

_RIGHTS = (
    "is_staff",
    "is_superuser",
    "may_make_campaigns",
    "may_edit_city",
    "may_edit_dates_and_papers",
    "groups",
    "user_permissions",
)


def is_superuser(request: HttpRequest) -> bool:
    """Whether the acting user may grant permissions."""
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


class UserCreation(AdminUserCreationForm[User]):
    """A form for new users, identified by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """Addresses are compared in lower case at log-in, so they are stored that way."""
        return str(self.cleaned_data["email"]).lower()


class UserChange(UserChangeForm[User]):
    """A form for users without a user name."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, Any] = {}

    def clean_email(self) -> str:
        """See `UserCreation.clean_email`."""
        return str(self.cleaned_data["email"]).lower()


class MembershipInline(TabularInline[Membership, User]):
    """Memberships of a user: set here by superusers, else by managers at their campaign."""

    model = Membership
    extra = 0
    autocomplete_fields = ("campaign",)

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Superusers only: others could grant themselves roles."""
        return is_superuser(request) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """See `has_add_permission`."""
        return is_superuser(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """See `has_add_permission`."""
        return is_superuser(request) and super().has_delete_permission(request, obj)


class ProviderIdentityInline(TabularInline[ProviderIdentity, User]):
    """Where a user signs in instead of with a password; superusers cut that off, nobody enters it."""

    model = ProviderIdentity
    extra = 0
    fields = ("provider", "created_at")
    readonly_fields = ("provider", "created_at")

    def has_view_permission(self, request: HttpRequest, _obj: User | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_add_permission(self, _request: HttpRequest, _obj: User | None = None) -> bool:
        """Nobody: identities come from providers."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: User | None = None) -> bool:
        """See `has_add_permission`."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: User | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)


@admin.register(User)
class UserAdmin(BaseUserAdmin[User]):
    """The city's staff.

    Permissions are granted by superusers only. Others with Django's permission to change users may edit only accounts
    without permissions: setting the address or the password of an account gives access to its permissions.
    """

    form = UserChange
    add_form = UserCreation
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "first_name", "last_name")
    inlines = (MembershipInline, ProviderIdentityInline)
    # No bulk deletion: users are deleted one by one; see `has_delete_permission`.
    actions = None
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
        (
            _("Rights in the administration"),
            {"fields": ("is_active", *_RIGHTS)},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Fields that only superusers may set are read-only for others."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if is_superuser(request) else (*fixed, *_RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """For others than superusers only accounts without permissions; also checked by the page for passwords."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or is_superuser(request) or not obj.has_rights)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Users named in moderation events are not deleted, so that these keep the name; deactivate them instead."""
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return (is_superuser(request) or not obj.has_rights) and not _is_named_in_a_record(obj)


def _is_named_in_a_record(user: User) -> bool:
    """Whether rows of decisions protect the user from deletion."""
    protecting = (one for one in user._meta.related_objects if one.on_delete is models.PROTECT)  # noqa: SLF001 - documented
    return any(getattr(user, str(one.get_accessor_name())).exists() for one in protecting)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(RecordedChanges, BaseGroupAdmin):
    """Groups of permissions: created and changed by superusers only, whatever Django's permissions are."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers only: others could create a group with all permissions and join it."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: Group | None = None) -> bool:
        """See `has_add_permission`."""
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, _obj: Group | None = None) -> bool:
        """See `has_add_permission`."""
        return is_superuser(request)


@admin.register(Membership)
class MembershipAdmin(ModelAdmin[Membership]):
    """Roles of users in campaigns. Managers grant them in their own campaigns, superusers in all."""

    list_display = ("user", "campaign", "role")
    list_filter = ("role", ("campaign", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "campaign")
    search_fields = ("user__email", "campaign__title")
    autocomplete_fields = ("user", "campaign")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Memberships of the campaigns that the user manages."""
        found = super().get_queryset(request)
        return found if is_superuser(request) else found.filter(campaign__in=_managed(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """Limit choices to managed campaigns, also against forged requests."""
        field = super().formfield_for_foreignkey(db_field, request, **more)
        is_of_campaigns = db_field.name == "campaign" and not is_superuser(request)
        if is_of_campaigns and field is not None and field.queryset is not None:
            field.queryset = field.queryset.filter(pk__in=_managed(request))
        return field


def _managed(request: HttpRequest) -> QuerySet[Membership, int]:
    """The ids of the campaigns that the acting user manages."""
    mine = Membership.objects.filter(user=request.user.pk, role=Role.MANAGER)
    return mine.values_list("campaign", flat=True)


class ApiTokenForm(ModelForm[ApiToken]):
    """The form for a new token."""

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "expires_at")
        help_texts = {
            "name": _("What the token is for, for example: QGIS at the planning office"),
            "expires_at": _("Without a day the token is valid for some months; a year is the most."),
        }

    def clean_expires_at(self) -> datetime:
        """Require an expiry."""
        return ApiToken.expiry(self.cleaned_data["expires_at"])


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin[ApiToken]):
    """Tokens for scripts and QGIS: issued to the acting user, shown once, deleted when no longer needed.

    A token acts as its owner: nobody, superusers included, can issue one for somebody else.
    """

    form = ApiTokenForm
    list_display = ("name", "user", "scope", "created_at", "expires_at", "last_used_on")
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("user__email", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """The user's own tokens; superusers may delete everybody's."""
        found = super().get_queryset(request)
        return found if is_superuser(request) else found.filter(user=request.user.pk)

    def has_change_permission(self, _request: HttpRequest, _obj: ApiToken | None = None) -> bool:
        """Tokens cannot be changed; issue another one instead."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, *_form_and_change: Any) -> None:
        """Issue the token to the acting user; its text is available for this response only."""
        if not isinstance(request.user, User):
            raise PermissionDenied
        obj.user = request.user
        token = ApiToken.issue(obj.user, obj.name, scope=obj.scope, expires_at=obj.expires_at)
        stored = ApiToken.objects.get(digest=ApiToken.digest_of(token))
        obj.pk = stored.pk
        request.issued_token = token  # type: ignore[attr-defined]

    def response_add(self, request: HttpRequest, obj: ApiToken, *_next: Any) -> HttpResponse:
        """Show the token on a page of its own that no cache keeps; a message would be stored in a cookie."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new API token"),
            "opts": self.opts,
            "token": request.issued_token,  # type: ignore[attr-defined]
            "owner": obj.user,
        }
        response = TemplateResponse(request, "admin/issued_token.html", context)
        response.headers["Cache-Control"] = "no-store"
        return response
