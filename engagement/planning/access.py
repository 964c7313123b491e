"""Who gets into the planners' pages of dates and papers of the whole city."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache

from accounts.models import User
from engagement.rules import may_edit_records
from mapping.planning.access import member

Parameters = ParamSpec("Parameters")
EditorView = Callable[Concatenate[HttpRequest, User, Parameters], HttpResponseBase]


def editors_only(
    view: EditorView[Parameters],
) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
    """Let a view in for those who may edit everything of the city; it gets the user. Others get 403; no caching."""

    @wraps(view)
    def guarded(
        request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> HttpResponseBase:
        user = member(request)
        if not may_edit_records(user):
            raise PermissionDenied
        return view(request, user, *args, **kwargs)

    return cast(
        "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
        login_required(never_cache(guarded)),
    )
