"""Who gets to the city's page, and what its parts share."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache

from accounts.models import User
from mapping import rules
from mapping.models.setup.profile import current_city
from mapping.planning.access import member
from mapping.planning.ways import Way
from mapping.services.messages import sentence
from mapping.services.setup.city.missing import missing_of

Parameters = ParamSpec("Parameters")
EditorView = Callable[Concatenate[HttpRequest, User, Parameters], HttpResponseBase]

PARTS: Final = (
    ("page", _("Name, look, imprint"), "planning:city"),
    ("boundary", _("Boundary"), "planning:city-boundary"),
    ("history", pgettext_lazy("setup", "History"), "planning:city-history"),
)
"""The parts of the page: name, title, route."""


def editors_only(
    view: EditorView[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let a view in for those who may edit the city's page; it gets the user. Others get 403; nothing is cached."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        return view(request, _editor(request), *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )


def file_door(request: HttpRequest, **_named: object) -> HttpResponseBase | None:
    """Who may send files to a view behind `editors_only`: checked before the form is read."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    _editor(request)
    return None


def city_frame(here: str) -> dict[str, object]:
    """What `planning/city/base.html` needs: the parts, and what is missing before the site may be public."""
    return {
        "parts": [Way(title, reverse(route), is_here=name == here) for name, title, route in PARTS],
        "missing": [sentence(code) for code in missing_of(current_city())],
    }


def _editor(request: HttpRequest) -> User:
    user = member(request)
    if not rules.may_edit_city(user):
        raise PermissionDenied
    return user
