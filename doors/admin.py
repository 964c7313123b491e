"""Second factors in the administration: superusers remove those of people who lost theirs, and see no secret."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.http import HttpRequest

from accounts.admin import is_superuser
from accounts.generics import ModelAdmin
from accounts.models import User
from doors.factors import keeping

# Addresses are those of the accounts.
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


@admin.register(Authenticator)
class FactorAdmin(ModelAdmin[Authenticator]):
    """Whose second factors there are, and their removal, which the owner is told by letter."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    fields = ("user", "type", "created_at", "last_used_at")
    readonly_fields = fields
    ordering: ClassVar = ("user__email", "type")
    # One by one: each removal is recorded and told.
    actions = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, _obj: Authenticator | None = None) -> bool:
        """Superusers only."""
        return is_superuser(request)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Nobody gives somebody else a factor."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Authenticator | None = None) -> bool:
        """Nothing of a factor can be changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, _obj: Authenticator | None = None) -> bool:
        """Superusers only: others could open the way into an account."""
        return is_superuser(request)

    def delete_model(self, request: HttpRequest, obj: Authenticator) -> None:
        """Remove a factor, with the recovery codes if it was the last of the others."""
        if isinstance(request.user, User):
            keeping.remove(obj, actor=request.user)
