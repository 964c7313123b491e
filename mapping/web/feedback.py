"""Comments and opinions as plain forms: sent, answered by going back to the contribution."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from mapping.models import CommentStatus, Contribution
from mapping.services import feedback
from mapping.services.errors import DomainError, Invalid, NotAllowed, TooMany
from mapping.services.messages import sentence
from mapping.visitor import remember, visitor_of
from mapping.web.contributions import CommentEntry, show
from mapping.web.lookup import contribution_or_404

_OPINIONS = {"1": feedback.FOR, "-1": feedback.AGAINST, "0": feedback.NEITHER}


@require_POST
def comment(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """Take a comment; what was typed stays in the form when it is refused."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    text = request.POST.get("text", "")
    visitor = visitor_of(request)
    try:
        made = feedback.comment(contribution, text, visitor.secret)
    except NotAllowed as error:
        # There may be no form any more that could show it.
        return show(request, contribution, is_own=is_own, problem=problem_of(error), status=_status(error))
    except DomainError as error:
        entry = CommentEntry(text, problem_of(error))
        return show(request, contribution, is_own=is_own, entry=entry, status=_status(error))
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
    """Take an opinion: `value` 1 (for), -1 (against) or 0 (taken back)."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    visitor = visitor_of(request)
    try:
        feedback.set_support(contribution, _OPINIONS.get(request.POST.get("value", ""), 2), visitor.secret)
    except DomainError as error:
        return show(request, contribution, is_own=is_own, problem=problem_of(error), status=_status(error))
    response = _back_to(contribution)
    remember(response, visitor)
    return response


def problem_of(error: DomainError) -> str:
    """The sentence that explains a refusal; of wrong input, the first reason."""
    if isinstance(error, Invalid):
        for problems in error.fields.values():
            return sentence(problems[0].code, problems[0].params)
    return sentence(error.code, error.params)


def _back_to(contribution: Contribution) -> HttpResponseRedirect:
    where = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
    return HttpResponseRedirect(where, status=303)


def _status(error: DomainError) -> int:
    if isinstance(error, TooMany):
        return 429
    return 422 if isinstance(error, Invalid) else 403
