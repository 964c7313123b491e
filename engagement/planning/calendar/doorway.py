"""Who gets into the planners' pages of the calendar: editors of the city, and managers of campaigns for theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from accounts.models import Role, User
from engagement import rules
from engagement.models import Event
from mapping.models import Campaign
from mapping.planning.access import member

Parameters = ParamSpec("Parameters")
PlannerView = Callable[Concatenate[HttpRequest, User, Parameters], HttpResponseBase]
EventView = Callable[Concatenate[HttpRequest, User, Event, Parameters], HttpResponseBase]


def planners_of_calendar(
    view: PlannerView[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let a view in for those who edit any event; it gets the user. Others get 403; nothing is cached."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        user = member(request)
        if not rules.edits_an_event(user):
            raise PermissionDenied
        return view(request, user, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )


def editors_of_event(
    view: EventView[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let a view of one event in for those who may edit it; it gets the user, and the event instead of its slug.

    Others get 403; of a draft they learn nothing, not even that it exists: 404.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        user, event = member(request), _admitted(request, cast("str", kwargs.pop("event")))
        return view(request, user, event, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )


def file_door(request: HttpRequest, *, event: str, **_others: object) -> HttpResponseBase | None:
    """Who may send files to a view behind `editors_of_event`: checked before the form is read."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    _admitted(request, event)
    return None


def campaigns_of(user: User) -> list[Campaign]:
    """The campaigns whose events somebody may edit."""
    found = Campaign.objects.all()
    if not rules.may_edit_records(user):
        found = Campaign.objects.for_member(user, Role.MANAGER)
    return list(found.defer("area", "description", "outcome").order_by("title", "pk"))


def _admitted(request: HttpRequest, slug: str) -> Event:
    event = get_object_or_404(Event, slug=slug)
    if not rules.may_see_event(request.user, event):
        raise Http404
    if not rules.may_edit_event(request.user, event):
        raise PermissionDenied
    return event
