"""Admins of what only services may write: to look at and to search, not to change."""

from typing import Any

from django.http import HttpRequest

from accounts.generics import TabularInline


class ReadOnlyMixin:
    """Nobody adds, changes or deletes; looking needs the usual right to view."""

    def has_add_permission(self, *_arguments: Any) -> bool:
        """Rows come from services."""
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows change through services."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        """Rows go through services."""
        return False


class ReadOnlyInline(ReadOnlyMixin, TabularInline[Any, Any]):
    """Rows that belong to another one, to look at."""

    extra = 0
    can_delete = False
    show_change_link = True
