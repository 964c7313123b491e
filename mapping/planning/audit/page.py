"""The page of the audit log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import Entry
from audit.recording import Action, record_once
from mapping import rules
from mapping.planning.access import member
from mapping.planning.audit.searching import SearchForm, page_of
from mapping.planning.ways import sections_for

Parameters = ParamSpec("Parameters")


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry in words; `about` is its object, `more` its details."""

    entry: Entry
    about: str
    more: Sequence[tuple[str, object]]


def auditors_only(
    view: Callable[Concatenate[HttpRequest, User, Parameters], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let those in whom `rules.may_read_audit_log` admits; others get 403. Nothing is ever cached."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        if not rules.may_read_audit_log(request.user):
            raise PermissionDenied
        return view(request, member(request), *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )


@require_safe
@auditors_only
def page(request: HttpRequest, auditor: User) -> HttpResponse:
    """Entries, the newest first, with a form to search. Who looks is recorded, too: once an hour."""
    record_once(auditor, Action.LOG_READ, view="page")
    form = SearchForm(request.GET)
    rows, older = page_of(form.entries(), request.GET.get("before", "")) if form.is_valid() else ([], None)
    asked = request.GET.copy()
    asked.pop("before", None)
    further = asked.copy()
    if older is not None:
        further["before"] = str(older)
    return render(
        request,
        "planning/audit.html",
        {
            "form": form,
            "rows": _in_words(rows),
            "query": asked.urlencode(),
            "older": further.urlencode() if older is not None else "",
            "is_later_page": "before" in request.GET,
            "sections": sections_for(auditor, "audit"),
        },
        status=422 if form.errors else 200,
    )


def _in_words(rows: Sequence[Entry]) -> list[ShownEntry]:
    """Entries with their objects; accounts that are named in entries are read at once."""
    ids = {number for row in rows for number in _accounts(row)}
    emails = dict(User.objects.filter(pk__in=ids).values_list("pk", "email")) if ids else {}
    return [
        ShownEntry(
            row,
            _about(row, emails),
            [
                (name, emails.get(value, value) if name in _OF_ACCOUNTS else value)
                for name, value in row.details.items()
            ],
        )
        for row in rows
    ]


_OF_ACCOUNTS = ("member", "owner")


def _accounts(row: Entry) -> list[int]:
    found = [row.details.get(name) for name in _OF_ACCOUNTS]
    if row.kind == User._meta.label_lower and row.key.isdecimal():  # noqa: SLF001 - documented
        found.append(int(row.key))
    return [one for one in found if isinstance(one, int)]


def _about(row: Entry, emails: dict[int, str]) -> str:
    if not row.kind:
        return ""
    if row.kind == User._meta.label_lower and row.key.isdecimal():  # noqa: SLF001 - documented
        return emails.get(int(row.key), row.key)
    try:
        title = str(apps.get_model(row.kind)._meta.verbose_name)  # noqa: SLF001 - documented
    except (LookupError, ValueError):
        title = row.kind
    return f"{title} {row.key}"
