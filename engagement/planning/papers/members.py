"""Members of a body, in their order."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from engagement.models import Body, BodyMember
from engagement.planning.access import editors_only
from engagement.planning.papers.forms import MemberForm
from engagement.planning.papers.frame import deletion, focus_of, step_of
from engagement.services.bodies.editing import delete_member, move_member, save_member
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError
from mapping.services.messages import sentence

_COLUMNS = ("name", "role", "since", "until")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def new(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """One more member."""
    return _form(request, editor, get_object_or_404(Body, slug=body), None)


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def edit(request: HttpRequest, editor: User, body: str, member: uuid.UUID) -> HttpResponse:
    """A member."""
    found = _called(body, member)
    return _form(request, editor, found.body, found)


@require_POST
@editors_only
def order(request: HttpRequest, editor: User, body: str) -> HttpResponse:
    """Move a member in the list."""
    found = get_object_or_404(Body, slug=body)
    member, step = step_of(request, list(found.members.order_by("position", "name", "pk")))
    if not isinstance(member, BodyMember):
        messages.error(request, sentence("gone"))
    else:
        try:
            move_member(editor, member, step)
        except DomainError as error:
            messages.error(request, sentences(error))
    return redirect(f"{_address(found)}?{urlencode({'focus': focus_of(request)})}")


@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def delete(request: HttpRequest, editor: User, body: str, member: uuid.UUID) -> HttpResponse:
    """Take somebody off the list."""
    found = _called(body, member)
    return deletion(
        request,
        title=found.name,
        warning=gettext_lazy(
            "The name disappears from the page. Enter a last day instead to keep it as a former member."
        ),
        act=lambda: delete_member(editor, found),
        back=_address(found.body),
        after=_address(found.body),
    )


def _form(request: HttpRequest, editor: User, body: Body, member: BodyMember | None) -> HttpResponse:
    is_sent = request.method == "POST"
    initial = {} if member is None else {name: getattr(member, name) for name in _COLUMNS}
    form = MemberForm(request.POST) if is_sent else MemberForm(initial=initial)
    if is_sent and form.is_valid():
        try:
            save_member(editor, body, member, form.cleaned_data)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("records:body", body.slug)
    return render(
        request,
        "engagement/papers/planning/member.html",
        {"form": form, "body": body, "member": member},
        status=422 if form.errors else 200,
    )


def _called(body: str, member: uuid.UUID) -> BodyMember:
    return get_object_or_404(BodyMember.objects.select_related("body"), body__slug=body, pk=member)


def _address(body: Body) -> str:
    return reverse("records:body", args=(body.slug,))
