"""The record of log-in attempts, read-only, for superusers."""

from typing import ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin
from doors.models import LogInRecord
from mapping.admin.readonly import ReadOnlyMixin


@admin.register(LogInRecord)
class LogInRecordAdmin(ReadOnlyMixin, ModelAdmin[LogInRecord]):
    """Log-in attempts, newest first."""

    list_display = ("last_at", "door", "outcome", "user", "times", "network_mark", "first_at")
    list_filter = ("door", "outcome")
    list_select_related = ("user",)
    search_fields = ("user__email",)
    date_hierarchy = "last_at"
    fields: ClassVar = ("door", "outcome", "user", "times", "first_at", "last_at", "network_mark")

    @admin.display(description=_("network (a mark that holds for its day)"))
    def network_mark(self, record: LogInRecord) -> str:
        """Equal for equal networks of one day; no address can be derived from it."""
        return bytes(record.network).hex()

    def has_view_permission(self, request: HttpRequest, _obj: LogInRecord | None = None) -> bool:
        """Superusers only: staff must not monitor each other."""
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers only."""
        return self.has_view_permission(request)
