"""Comments and opinions as plain forms, which redirect back to the contribution."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from doors.visitors import COMMENT, SUPPORT
from mapping.models import CommentStatus, Contribution
from mapping.services import feedback
from mapping.services.errors import DomainError, Invalid, NotAllowed
from mapping.services.messages import sentence
from mapping.visitor import admit, remember, visitor_of
from mapping.web.contributions import CommentEntry, show
from mapping.web.lookup import contribution_or_404
from mapping.web.refusals import refused

_OPINIONS = {"1": feedback.FOR, "-1": feedback.AGAINST, "0": feedback.NEITHER}


@require_POST
def comment(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Store a comment; the input stays in the form if it is refused."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    text = request.POST.get("text", "")
    visitor = visitor_of(request)
    try:
        must_wait = admit(request, COMMENT, contribution.campaign, may_wait=True)
        made = feedback.comment(contribution, text, visitor.secret, must_wait=must_wait)
    except NotAllowed as error:
        # There may no longer be a form that could show it.
        return refused(show(request, contribution, is_own=is_own, problem=problem_of(error)), error)
    except DomainError as error:
        entry = CommentEntry(text, problem_of(error))
        return refused(show(request, contribution, is_own=is_own, entry=entry), error)
    if made.status == CommentStatus.PENDING:
        messages.success(
            request, gettext("Thank you. Your comment will be visible to everyone after a review.")
        )
    else:
        messages.success(request, gettext("Thank you. Your comment is published."))
    response = _back_to(contribution)
    remember(response, visitor)
    return response


@require_POST
def support(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Store an opinion: `value` 1 (support), -1 (opposition) or 0 (withdrawn)."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    visitor = visitor_of(request)
    value = _OPINIONS.get(request.POST.get("value", ""), 2)
    try:
        if value != feedback.NEITHER:  # withdrawing is always possible
            admit(request, SUPPORT, contribution.campaign)
        feedback.set_support(contribution, value, visitor.secret)
    except DomainError as error:
        return refused(show(request, contribution, is_own=is_own, problem=problem_of(error)), error)
    response = _back_to(contribution)
    remember(response, visitor)
    return response


def problem_of(error: DomainError) -> str:
    """The message of an error; for invalid input, the first reason."""
    if isinstance(error, Invalid):
        for problems in error.fields.values():
            return sentence(problems[0].code, problems[0].params)
    return sentence(error.code, error.params)


def _back_to(contribution: Contribution) -> HttpResponseRedirect:
    where = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
    return HttpResponseRedirect(where, status=303)
