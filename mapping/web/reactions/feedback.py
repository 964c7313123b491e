"""Comments and opinions as plain forms, which redirect back to the contribution, or where they were sent from."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from doors.visitors import COMMENT, SUPPORT
from mapping.models import Comment, CommentStatus, Contribution
from mapping.services import feedback
from mapping.services.errors import DomainError, Invalid, NotAllowed, invalid
from mapping.services.messages import sentence
from mapping.visitor import admit, remember, visitor_of
from mapping.web.contribution_pages import page_of
from mapping.web.contributions import CommentEntry, show
from mapping.web.lookup import comment_or_404, contribution_or_404
from mapping.web.refusals import refused

_OPINIONS = {"1": feedback.FOR, "-1": feedback.AGAINST, "0": feedback.NEITHER}


@require_POST
def comment(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Store a comment; the input stays in the form if it is refused."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    text = request.POST.get("text", "")
    parent = _uuid(request.POST.get("parent", ""))
    visitor = visitor_of(request, contribution.campaign)
    try:
        must_wait = admit(request, COMMENT, contribution.campaign, may_wait=True)
        made = feedback.comment(contribution, text, visitor.secret, must_wait=must_wait, parent=parent)
    except NotAllowed as error:
        # There may no longer be a form that could show it.
        return refused(_show(request, contribution, is_own=is_own, problem=problem_of(error)), error)
    except DomainError as error:
        entry = CommentEntry(text, problem_of(error), parent)
        return refused(_show(request, contribution, is_own=is_own, entry=entry), error)
    thank(request, made)
    response = _back_to(request, contribution)
    remember(response, visitor)
    return response


@require_POST
def support_comment(request: HttpRequest, slug: str, pk: uuid.UUID, comment: uuid.UUID) -> HttpResponse:
    """Support a comment (`value` 1), or take that back (`value` 0)."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    found = comment_or_404(contribution, comment)
    visitor = visitor_of(request, contribution.campaign)
    try:
        match request.POST.get("value"):
            case "1":
                admit(request, SUPPORT, contribution.campaign)
                feedback.support_comment(found, visitor.secret)
            case "0":
                feedback.take_back_comment_support(found, visitor.secret)
            case _:
                raise invalid("value", "not_an_opinion")
    except DomainError as error:
        return refused(_show(request, contribution, is_own=is_own, problem=problem_of(error)), error)
    response = _back_to(request, contribution, f"#comment-{found.public_id}")
    remember(response, visitor)
    return response


@require_POST
def support(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Store an opinion: `value` 1 (support), -1 (opposition) or 0 (withdrawn)."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    visitor = visitor_of(request, contribution.campaign)
    value = _OPINIONS.get(request.POST.get("value", ""), 2)
    try:
        if value != feedback.NEITHER:  # withdrawing is always possible
            admit(request, SUPPORT, contribution.campaign)
        feedback.set_support(contribution, value, visitor.secret)
    except DomainError as error:
        return refused(_show(request, contribution, is_own=is_own, problem=problem_of(error)), error)
    response = _back_to(request, contribution)
    remember(response, visitor)
    return response


def thank(request: HttpRequest, made: Comment) -> None:
    """Add the message that a comment is stored, and whether it is public yet."""
    if made.status == CommentStatus.PENDING:
        words = gettext("Thank you. Your comment will be visible to everyone after a review.")
    else:
        words = gettext("Thank you. Your comment is published.")
    messages.success(request, words)


def problem_of(error: DomainError) -> str:
    """The message of an error; for invalid input, the first reason."""
    if isinstance(error, Invalid):
        for problems in error.fields.values():
            return sentence(problems[0].code, problems[0].params)
    return sentence(error.code, error.params)


def _uuid(text: str) -> uuid.UUID | None:
    """The public id of a comment; anything else is an id that no comment has."""
    try:
        return uuid.UUID(text) if text else None
    except ValueError:
        return uuid.UUID(int=0)


def _show(
    request: HttpRequest,
    contribution: Contribution,
    *,
    is_own: bool,
    entry: CommentEntry | None = None,
    problem: str = "",
) -> HttpResponse:
    """The page that the form was sent from, with what was refused."""
    page = page_of(request)
    if page is None:
        return show(request, contribution, is_own=is_own, entry=entry, problem=problem)
    return page.show(request, contribution, entry, problem)


def _back_to(request: HttpRequest, contribution: Contribution, anchor: str = "") -> HttpResponseRedirect:
    """The page that the form was sent from; `anchor` is a part of the contribution's own page."""
    page = page_of(request)
    if page is not None:
        return HttpResponseRedirect(page.address(contribution, anchor), status=303)
    where = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
    return HttpResponseRedirect(f"{where}{anchor}", status=303)
