"""What the pages of bodies and documents share: their frame, deletion after a question, rows moved in a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from engagement.models.common import Record
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError


def is_done(request: HttpRequest, act: Callable[[], object], words: str | Promise) -> bool:
    """Call a service and report its outcome on the next page; False if it refused."""
    try:
        act()
    except DomainError as error:
        messages.error(request, sentences(error))
        return False
    messages.success(request, str(words))
    return True


def deletion(
    request: HttpRequest,
    *,
    title: str,
    warning: str | Promise,
    act: Callable[[], object],
    back: str,
    after: str,
) -> HttpResponse:
    """The question whether something shall be deleted, and the deletion; `back` where it was refused or declined."""
    if request.method != "POST":
        context = {"title": title, "warning": warning, "back": back}
        return render(request, "engagement/papers/planning/delete.html", context)
    return redirect(after if is_done(request, act, _("Deleted.")) else back)


def step_of(request: HttpRequest, rows: Sequence[Record]) -> tuple[Record | None, int]:
    """The row that a button or a drag moves, and by how much: `up:<id>`, `down:<id>`, `place:<id>:<index>`."""
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    now = next((number for number, one in enumerate(rows) if str(one.pk) == name), None)
    if now is None:
        return None, 0
    if what == "place" and index.isdecimal() and len(index) < 5:
        return rows[now], int(index) - now
    return rows[now], {"up": -1, "down": 1}.get(what, 0)


def focus_of(request: HttpRequest) -> str:
    """The button that was pressed, as the address names it."""
    what, _colon, rest = request.POST.get("do", "").partition(":")
    return f"{what}:{rest.partition(':')[0]}"
