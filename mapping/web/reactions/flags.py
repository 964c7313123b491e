"""The form by which anybody reports a contribution or comment to the moderators."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doors.visitors import FLAG
from mapping import rules
from mapping.models import Comment, Contribution, FlagReason
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.moderation import flags
from mapping.visitor import admit
from mapping.web.languages import reading_of, show_categories
from mapping.web.lookup import comment_or_404, contribution_or_404
from mapping.web.refusals import refused


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report_page(
    request: HttpRequest, slug: str, pk: uuid.UUID, comment: uuid.UUID | None = None
) -> HttpResponse:
    """Show the form, or store what it says; nobody needs an account or is remembered."""
    contribution, _is_own = contribution_or_404(request, slug, pk)
    if not rules.is_public(contribution):
        raise Http404
    item = contribution if comment is None else comment_or_404(contribution, comment)
    if request.method != "POST":
        return _form(request, contribution, item)
    try:
        admit(request, FLAG)
        flags.flag(item, request.POST.get("reason", ""), request.POST.get("text", ""))
    except DomainError as error:
        return refused(_form(request, contribution, item, error), error)
    messages.success(
        request,
        gettext("Thank you. Our moderators will look at it. Until they decide, it stays as it is."),
    )
    where = reverse("contribution", args=(slug, pk))
    return HttpResponseRedirect(where, status=303)


def _form(
    request: HttpRequest,
    contribution: Contribution,
    item: Contribution | Comment,
    error: DomainError | None = None,
) -> HttpResponse:
    fields = error.fields if isinstance(error, Invalid) else {}
    problems = {name: sentence(found[0].code, found[0].params) for name, found in fields.items()}
    reading = reading_of(request, contribution.campaign)
    show_categories([contribution], reading.campaign)
    context = {
        "campaign": reading.campaign,
        "contribution": contribution,
        "comment": item if isinstance(item, Comment) else None,
        "reasons": FlagReason.choices,
        "chosen": request.POST.get("reason", ""),
        "text": request.POST.get("text", ""),
        "longest": flags.MAX_EXPLANATION,
        "problems": problems,
        "problem": "" if error is None or problems else sentence(error.code, error.params),
    }
    return render(request, "mapping/report_content.html", context)
