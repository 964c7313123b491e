"""Responses on paper: entered one after the other by staff, in batches that can be compared with the pile."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping import rules
from mapping.forms.survey import SurveyForm
from mapping.models import Campaign, QuestionKind, Response, Source
from mapping.models.survey.response import ResponseQuerySet
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.paper.frame import paper_frame
from mapping.services.errors import DomainError
from mapping.services.surveys.responses import (
    LONGEST_BATCH,
    Sheet,
    batch_name,
    enter_paper,
    questions_of,
    withdraw_response,
)

_NEWEST: Final = 10


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_enter_paper)
def paper(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The survey as a form for a sheet of paper; after storing one, the form of the next sheet of the batch."""
    questions = questions_of(campaign)
    if not questions:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SurveyForm(questions, data)
    batch = batch_name((request.POST if data is not None else request.GET).get("batch", ""))
    if data is not None and form.is_valid() and _store(request, campaign, form, batch):
        messages.success(request, _("The sheet was stored. Here is the form for the next one."))
        return HttpResponseRedirect(_address(campaign, batch))
    entered = _entered(campaign)
    return render(
        request,
        "planning/paper.html",
        {
            **paper_frame(request, campaign),
            "form": form,
            "has_map": any(question.kind == QuestionKind.PLACE for question in questions),
            "batch": batch,
            "longest_batch": LONGEST_BATCH,
            "batches": entered.order_by("batch").values_list("batch").annotate(number=Count("pk")),
            "newest": entered.filter(batch=batch)
            .select_related("entered_by")
            .order_by("-created_at")[:_NEWEST],
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(rules.may_enter_paper)
def delete_sheet(request: HttpRequest, campaign: Campaign, pk: UUID) -> HttpResponse:
    """Delete a response on paper, entered twice or wrongly."""
    sheet = get_object_or_404(_entered(campaign), pk=pk)
    withdraw_response(sheet, actor=member(request))
    messages.success(request, _("The sheet was deleted."))
    return HttpResponseRedirect(_address(campaign, sheet.batch))


def _entered(campaign: Campaign) -> ResponseQuerySet:
    return Response.objects.of(campaign).filter(source=Source.PAPER)


def _store(request: HttpRequest, campaign: Campaign, form: SurveyForm, batch: str) -> bool:
    """Store the sheet; returns False and adds errors to the form if it was refused."""
    answers = form.answers()
    if not answers:
        form.add_error(None, _("Please fill in at least one answer."))
        return False
    try:
        enter_paper(campaign, [Sheet(answers)], actor=member(request), batch=batch)
    except DomainError as error:
        form.take(error)
        if not form.errors:
            form.add_error(None, sentences(error))
        return False
    return True


def _address(campaign: Campaign, batch: str) -> str:
    path = reverse("planning:paper", args=(campaign.slug,))
    return f"{path}?{urlencode({'batch': batch})}" if batch else path
