"""A body: its texts, members and sessions; publication and deletion."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement.models import Body
from engagement.planning.access import editors_only
from engagement.planning.papers import advice
from engagement.planning.papers.forms import BodyForm
from engagement.planning.papers.frame import deletion, is_done
from engagement.services.bodies.editing import LONGEST, delete_body, save_body, set_public, version_of
from mapping.services.errors import DomainError

_COLUMNS = (*LONGEST, "since", "until")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest, editor: User) -> HttpResponse:
    """A new body."""
    return _form(request, editor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """Everything about a body."""
    return _form(request, editor, get_object_or_404(Body, slug=body))


@require_POST
@editors_only
def publish(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """Show a body to everybody (`public=yes`), or hide it."""
    found = get_object_or_404(Body, slug=body)
    return _shown(request, editor, found, is_public=request.POST.get("public") == "yes")


def _shown(request: HttpRequest, editor: User, found: Body, *, is_public: bool) -> HttpResponse:
    words = _("The body is public now.") if is_public else _("The body is a draft again.")
    is_done(request, lambda: set_public(editor, found, is_public=is_public), words)
    return redirect("records:body", found.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def delete(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """Delete a body without sessions."""
    found = get_object_or_404(Body, slug=body)
    return deletion(
        request,
        title=found.name,
        warning=gettext_lazy("Its members are deleted with it. Its documents stay."),
        act=lambda: delete_body(editor, found),
        back=reverse("records:body", args=(found.slug,)),
        after=reverse("records:papers"),
    )


def _form(request: HttpRequest, editor: User, body: Body | None) -> HttpResponse:
    is_sent = request.method == "POST"
    initial = {} if body is None else {name: getattr(body, name) for name in _COLUMNS}
    form = BodyForm(request.POST) if is_sent else BodyForm(initial=initial | {"expected": version_of(body)})
    if is_sent and form.is_valid():
        try:
            stored = save_body(editor, body, form.values(), expected=form.cleaned_data["expected"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            if "publish" in request.POST:
                return _shown(request, editor, stored, is_public=True)
            return redirect("records:body", stored.slug)
    context: dict[str, object] = {"form": form, "body": body}
    if body is not None:
        sessions = body.sessions.select_related("event").prefetch_related("event__dates")
        context |= {
            "members": body.members.order_by("position", "name", "pk"),
            "sessions": sorted(sessions, key=lambda one: (one.number or 0, one.created_at), reverse=True),
            "advice": advice.of_body(body),
            "focus": request.GET.get("focus", ""),
        }
    return render(
        request, "engagement/papers/planning/body.html", context, status=422 if form.errors else 200
    )
