"""All campaigns in a state, page by page: those that have no room on the home page."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping.web.overview.home import State, campaigns_change_at, cards_for, in_state
from mapping.web.overview.kept import kept_page

PAGE_SIZE: Final = 12


@require_safe
@kept_page(campaigns_change_at, ("state", "page"))
def campaigns_page(request: HttpRequest) -> HttpResponse:
    """The campaigns in the state of the address (`state`, running ones without it); 404 beyond the last page."""
    try:
        state = State(request.GET.get("state", State.RUNNING))
    except ValueError as error:
        raise Http404 from error
    found = in_state(state, timezone.now())
    paginator = Paginator(found, PAGE_SIZE)
    text = request.GET.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 1 <= number <= paginator.num_pages:
        raise Http404
    start = (number - 1) * PAGE_SIZE
    context = {
        "state": state,
        "states": list(State),
        "cards": cards_for(found[start : start + PAGE_SIZE]),
        "number": paginator.count,
        "page": paginator.page(number),
    }
    return render(request, "mapping/campaigns.html", context)
