"""Users, what they do in which campaign, and their API tokens."""

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
from accounts.models import ApiToken, Membership, Role, User

_RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


def is_superuser(request: HttpRequest) -> bool:
    """Whether who acts may give rights."""
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


class UserCreation(AdminUserCreationForm[User]):
    """A new user is named by an e-mail address."""

    class Meta:
        model = User
        fields = ("email",)

    def clean_email(self) -> str:
        """Addresses are compared in lower case when somebody logs in, so they are kept that way."""
        return str(self.cleaned_data["email"]).lower()


class UserChange(UserChangeForm[User]):
    """A user without a user name."""

    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, Any] = {}

    def clean_email(self) -> str:
        """See `UserCreation.clean_email`."""
        return str(self.cleaned_data["email"]).lower()


class MembershipInline(TabularInline[Membership, User]):
    """The campaigns on which a user works: set here by superusers, else by managers at their campaign."""

    model = Membership
    extra = 0
    autocomplete_fields = ("campaign",)

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who could give roles everywhere could give them to themselves."""
        return is_superuser(request) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The same."""
        return is_superuser(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """The same."""
        return is_superuser(request) and super().has_delete_permission(request, obj)


@admin.register(User)
class UserAdmin(BaseUserAdmin[User]):
    """The city's staff.

    Rights come from superusers only. Everybody else with Django's right to change users keeps names and addresses of
    people who have no rights: whoever may set the address or the password of an account has what the account may do.
    """

    form = UserChange
    add_form = UserCreation
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "first_name", "last_name")
    inlines = (MembershipInline,)
    # Deleting is a decision about one person; see `has_delete_permission`.
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
        """What only superusers set is shown to all others."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if is_superuser(request) else (*fixed, *_RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Of all but superusers only for accounts without rights; the page for passwords asks this too."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or is_superuser(request) or not obj.has_rights)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who decided something stays, so that the record keeps the name: such an account is deactivated."""
        allowed = super().has_delete_permission(request, obj)
        if not allowed or obj is None:
            return allowed
        return (is_superuser(request) or not obj.has_rights) and not _is_named_in_a_record(obj)


def _is_named_in_a_record(user: User) -> bool:
    """Whether rows are there that protect their user from being deleted: those of decisions."""
    protecting = (one for one in user._meta.related_objects if one.on_delete is models.PROTECT)  # noqa: SLF001 - documented
    return any(getattr(user, str(one.get_accessor_name())).exists() for one in protecting)


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(BaseGroupAdmin):
    """Sets of rights: made and changed by superusers only, whatever Django's rights say."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Who could make a group of all rights could be in it."""
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, _obj: Group | None = None) -> bool:
        """The same."""
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, _obj: Group | None = None) -> bool:
        """The same."""
        return is_superuser(request)


@admin.register(Membership)
class MembershipAdmin(ModelAdmin[Membership]):
    """Roles: what a user may do in one campaign. Managers give them in their own campaigns, superusers in all."""

    list_display = ("user", "campaign", "role")
    list_filter = ("role", ("campaign", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("user", "campaign")
    search_fields = ("user__email", "campaign__title")
    autocomplete_fields = ("user", "campaign")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """Of the campaigns that one manages."""
        found = super().get_queryset(request)
        return found if is_superuser(request) else found.filter(campaign__in=_managed(request))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """The form takes no other campaign, whatever is sent."""
        field = super().formfield_for_foreignkey(db_field, request, **more)
        is_of_campaigns = db_field.name == "campaign" and not is_superuser(request)
        if is_of_campaigns and field is not None and field.queryset is not None:
            field.queryset = field.queryset.filter(pk__in=_managed(request))
        return field


def _managed(request: HttpRequest) -> QuerySet[Membership, int]:
    """The numbers of the campaigns that the acting user manages."""
    mine = Membership.objects.filter(user=request.user.pk, role=Role.MANAGER)
    return mine.values_list("campaign", flat=True)


class ApiTokenForm(ModelForm[ApiToken]):
    """What is asked for a new token."""

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "expires_at")
        help_texts = {
            "name": _("What the token is for, for example: QGIS at the planning office"),
            "expires_at": _("Without a day the token is valid for some months; a year is the most."),
        }

    def clean_expires_at(self) -> datetime:
        """Every token ends some day."""
        return ApiToken.expiry(self.cleaned_data["expires_at"])


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin[ApiToken]):
    """Tokens for scripts and QGIS: issued for oneself, shown once, deleted when no longer needed.

    A token acts as its owner: nobody, superusers included, issues one that acts as somebody else.
    """

    form = ApiTokenForm
    list_display = ("name", "user", "scope", "created_at", "expires_at", "last_used_on")
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("user__email", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        """One's own; superusers take back everybody's."""
        found = super().get_queryset(request)
        return found if is_superuser(request) else found.filter(user=request.user.pk)

    def has_change_permission(self, _request: HttpRequest, _obj: ApiToken | None = None) -> bool:
        """A token is what it was issued as; another one is issued instead."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, *_form_and_change: Any) -> None:
        """Issue the token to who asks; its text lives until this answer is sent and never again."""
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
