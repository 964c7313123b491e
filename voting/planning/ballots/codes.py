"""Voting codes: series made and downloaded once, lost codes replaced, used ones counted."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.services.errors import DomainError
from voting import rules
from voting.models import CodeSeries
from voting.planning.ballots.forms import ReplaceForm, SeriesForm
from voting.planning.ballots.frame import votes_frame
from voting.services.codes import (
    PrintedCode,
    delete_series,
    make_series,
    next_name,
    replace_code,
    use_of_series,
)
from voting.services.letters import codes_as_csv, letters, link_with

_TYPES: Final = {"csv": "text/csv; charset=utf-8", "pdf": "application/pdf"}


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_edit_votes)
def codes(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The series in numbers, never who voted; a new one is made and answered with its file."""
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(campaign, data, initial={"name": next_name(campaign)})
    if data is not None and form.is_valid():
        try:
            return _made(request, campaign, form)
        except DomainError as error:
            form.refuse(error)
    return _page(request, campaign, form)


@require_POST
@planners_only(rules.may_edit_votes)
def replace(request: HttpRequest, campaign: Campaign, series: int) -> HttpResponse:
    """Replace a lost code; the new one is shown in the answer, this once."""
    found = get_object_or_404(CodeSeries.objects.select_related("campaign"), pk=series, campaign=campaign)
    form = ReplaceForm(request.POST, prefix=_prefix(found))
    new = None
    if form.is_valid():
        try:
            new = replace_code(found, form.cleaned_data["number"], actor=member(request))
        except DomainError as error:
            form.refuse(error)
    series_form = SeriesForm(campaign, initial={"name": next_name(campaign)})
    return _page(request, campaign, series_form, replaced=(found, form, new))


@require_POST
@planners_only(rules.may_edit_votes)
def delete(request: HttpRequest, campaign: Campaign, series: int) -> HttpResponse:
    """Delete a series that nobody has voted with."""
    found = get_object_or_404(CodeSeries.objects.select_related("campaign"), pk=series, campaign=campaign)
    try:
        delete_series(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The series was deleted. Its codes do not count."))
    return HttpResponseRedirect(reverse("voting-planning:codes", args=(campaign.slug,)))


def _made(request: HttpRequest, campaign: Campaign, form: SeriesForm) -> HttpResponse:
    """Store a series and answer with its file; what cannot be written is not stored."""
    wanted = form.cleaned_data["format"]
    with transaction.atomic():
        made = make_series(
            campaign,
            form.cleaned_data["name"],
            form.cleaned_data["number"],
            district=form.chosen_district,
            actor=member(request),
        )
        content = (
            codes_as_csv(made.series, made.codes)
            if wanted == "csv"
            else b"".join(letters(made.series, made.codes))
        )
    response = HttpResponse(content, content_type=_TYPES[wanted])
    name = f"{campaign.slug}-codes-{made.series.pk}.{wanted}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _page(
    request: HttpRequest,
    campaign: Campaign,
    form: SeriesForm,
    replaced: tuple[CodeSeries, ReplaceForm, PrintedCode | None] | None = None,
) -> HttpResponse:
    series, refused, new = replaced or (None, None, None)
    rows = [
        (use, refused if refused and new is None and use.series == series else _replace_form(use.series))
        for use in use_of_series(campaign)
    ]
    is_refused = form.is_bound or (replaced is not None and new is None)
    return render(
        request,
        "voting/planning/codes.html",
        {
            **votes_frame(request, campaign),
            "form": form,
            "rows": rows,
            "new": new,
            "new_link": "" if new is None else link_with(campaign, new),
            "new_series": series,
        },
        status=422 if is_refused else 200,
    )


def _replace_form(series: CodeSeries) -> ReplaceForm:
    return ReplaceForm(prefix=_prefix(series))


def _prefix(series: CodeSeries) -> str:
    return f"series-{series.pk}"
