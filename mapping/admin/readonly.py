"""Read-only admins of models that only services may write."""

from typing import Any

from django.http import HttpRequest

from accounts.generics import TabularInline


class ReadOnlyMixin:
    """No adding, changing or deleting; viewing needs the usual permission."""

    def has_add_permission(self, *_arguments: Any) -> bool:
        """Rows are added by services."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows are changed by services."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows are deleted by services."""
        return False


class ReadOnlyInline(ReadOnlyMixin, TabularInline[Any, Any]):
    """Read-only rows that belong to another one."""

    extra = 0
    can_delete = False
    show_change_link = True
