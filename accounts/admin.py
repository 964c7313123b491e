"""Users, what they do in which campaign, and their API tokens."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.generics import AdminUserCreationForm, ModelAdmin, ModelForm, TabularInline, UserChangeForm
from accounts.generics import UserAdmin as BaseUserAdmin
from accounts.models import ApiToken, Membership, User


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
    """The campaigns on which a user works."""

    model = Membership
    extra = 0
    autocomplete_fields = ("campaign",)


@admin.register(User)
class UserAdmin(BaseUserAdmin[User]):
    """The city's staff."""

    form = UserChange
    add_form = UserCreation
    ordering = ("email",)
    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("email", "first_name", "last_name")
    inlines = (MembershipInline,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("Person"), {"fields": ("first_name", "last_name")}),
        (
            _("Rights in the administration"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),
    )
    readonly_fields = ("last_login", "date_joined")


@admin.register(Membership)
class MembershipAdmin(ModelAdmin[Membership]):
    """Roles: what a user may do in one campaign."""

    list_display = ("user", "campaign", "role")
    list_filter = ("role", "campaign")
    list_select_related = ("user", "campaign")
    search_fields = ("user__email", "campaign__title")
    autocomplete_fields = ("user", "campaign")


class ApiTokenForm(ModelForm[ApiToken]):
    """What is asked for a new token."""

    class Meta:
        model = ApiToken
        fields = ("user", "name", "expires_at")
        help_texts = {"name": _("What the token is for, for example: QGIS at the planning office")}


@admin.register(ApiToken)
class ApiTokenAdmin(ModelAdmin[ApiToken]):
    """Tokens for scripts and QGIS: issued once, shown once, deleted when no longer needed."""

    form = ApiTokenForm
    list_display = ("name", "user", "created_at", "expires_at", "last_used_on")
    list_select_related = ("user",)
    search_fields = ("user__email", "name")
    autocomplete_fields = ("user",)

    def has_change_permission(self, _request: HttpRequest, _obj: ApiToken | None = None) -> bool:
        """A token is what it was issued as; another one is issued instead."""
        return False

    def save_model(self, request: HttpRequest, obj: ApiToken, *_form_and_change: Any) -> None:
        """Issue the token; its text lives until this answer is sent and never again."""
        token = ApiToken.issue(obj.user, obj.name, obj.expires_at)
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
