"""Who changed what of the city's page when, and the way back from the last change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from mapping.models import City, CityChange
from mapping.models.setup.history import for_lists, listed
from mapping.planning.city.frame import PARTS, city_frame, editors_only
from mapping.planning.setup.history import LONGEST, ON_A_PAGE, ShownChange, ShownValue
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup.city import changes

_UNNAMED: Final = frozenset({"logo", "boundary"})
"""Values that are no words: only that they changed is shown."""
_TITLES: Final = {name: title for name, title, _route in PARTS}


@require_safe
@editors_only
def history(request: HttpRequest, _editor: User) -> HttpResponseBase:
    """All changes, the newest first."""
    page = Paginator(for_lists(CityChange.objects.select_related("actor")), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    last = changes.undoable()
    shown = [
        ShownChange(
            one,
            str(_TITLES.get(one.step, one.step)),
            list(_values(one)),
            is_undoable=last is not None and one.pk == last.pk,
        )
        for one in listed(page)
    ]
    return render(
        request, "planning/city/history.html", {**city_frame("history"), "page": page, "changes": shown}
    )


@require_POST
@editors_only
def undo(request: HttpRequest, editor: User) -> HttpResponseBase:
    """Take back the change that the form names, if it is still the last one."""
    number = request.POST.get("change", "")
    try:
        changes.undo(editor, int(number) if number.isdecimal() and len(number) < 18 else 0)
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("The change is taken back."))
    return redirect("planning:city-history")


def _values(change: CityChange) -> Iterator[ShownValue]:
    names = {field.name: str(field.verbose_name) for field in City._meta.fields}  # noqa: SLF001 - documented
    for name in change.after:
        is_shown = name not in _UNNAMED
        before, after = (
            Truncator(str(values.get(name) or "")).chars(LONGEST) if is_shown else ""
            for values in (change.before, change.after)
        )
        yield ShownValue(names.get(name, name), before, after)
