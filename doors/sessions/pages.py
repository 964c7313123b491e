"""Sessions ended by their owner, from their account page."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from audit.recording import Action, record
from doors.sessions.open import end, end_others, sessions_of

_ACCOUNT = "planning:account"


@require_POST
@login_required
@never_cache
def end_one(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; those of others are not found."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    if not end(sessions_of(user).exclude(session_key=request.session.session_key).filter(pk=pk)):
        raise Http404
    record(user, Action.SESSION_ENDED, number=1)
    messages.success(request, _("The session is ended."))
    return redirect(_ACCOUNT)


@require_POST
@login_required
@never_cache
def end_all_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions but this one."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    number = end_others(request, user)
    record(user, Action.SESSION_ENDED, number=number)
    words = ngettext("%(number)s session is ended.", "%(number)s sessions are ended.", number)
    messages.success(request, words % {"number": number})
    return redirect(_ACCOUNT)
