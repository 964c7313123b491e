"""What is added, changed and deleted in the administration, in the audit log: rows and names of fields, no values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from audit.recording import Action, Value, record

if TYPE_CHECKING:
    _Base = admin.ModelAdmin[Any]
else:
    _Base = object


class RecordedChanges(_Base):
    """Records where Django writes its own log of the administration, and each row of inline forms."""

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Record a new row; see Django."""
        _record(request, Action.ADMIN_ADDED, obj)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Record a changed row with the names of its changed fields; see Django."""
        _record(request, Action.ADMIN_CHANGED, obj, fields=_changed(message))
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Record rows before they are deleted; see Django."""
        for obj in queryset:
            _record(request, Action.ADMIN_DELETED, obj)
        return super().log_deletions(request, queryset)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: Any) -> None:
        """Save rows of an inline form and record each; see Django."""
        # Deleted ones lose their key.
        gone = [(one.instance, one.instance.pk) for one in formset.deleted_forms if one.instance.pk]
        super().save_formset(request, form, formset, change)
        for obj in formset.new_objects:
            _record(request, Action.ADMIN_ADDED, obj)
        for obj, fields in formset.changed_objects:
            _record(request, Action.ADMIN_CHANGED, obj, fields=" ".join(fields))
        for obj, key in gone:
            _record(request, Action.ADMIN_DELETED, obj, key=key)


def _record(
    request: HttpRequest, action: Action, obj: Model, *, key: object = None, fields: str | None = None
) -> None:
    label = obj._meta.label_lower  # noqa: SLF001 - documented
    known = {"member": "user_id", "role": "role"} if label == "accounts.membership" else {"owner": "user_id"}
    found = ((name, getattr(obj, attribute, None)) for name, attribute in known.items())
    more: dict[str, Value] = {name: value for name, value in found if isinstance(value, str | int)}
    if fields is not None:
        more["fields"] = fields
    campaign = obj.pk if label == "mapping.campaign" else getattr(obj, "campaign_id", None)
    target = (label, obj.pk if key is None else key)
    record(request.user, action, campaign=campaign, target=target, more=more)


def _changed(message: Any) -> str:
    """The names of changed fields, as Django's log has them."""
    parts: Iterable[Any] = message if isinstance(message, list) else ()
    found = (
        part["changed"].get("fields", ()) for part in parts if isinstance(part, dict) and "changed" in part
    )
    return " ".join(str(name).replace(" ", "_") for fields in found for name in fields)
