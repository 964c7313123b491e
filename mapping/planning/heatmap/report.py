"""Downloads of the heat map in the view of the page: an HTML file for offline use, a picture for slides."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.releases.publication import current_release
from mapping.filters.choices import Choices
from mapping.filters.problems import QueryProblem
from mapping.models import Campaign
from mapping.planning.access import log_exact_access, log_staff_sources, planners_only, proof_for_file
from mapping.reports.content import Content, exact_content, released_content
from mapping.reports.page import html_of
from mapping.reports.picture import png_of
from mapping.reports.state import HeatmapFilter, with_periods
from mapping.reports.words.explained import LEFT_OUT
from mapping.services.record import record_download


@require_safe
@planners_only(rules.may_analyse)
def report(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """One HTML file. `?release=current` asks for the public release of a campaign that publishes cells."""
    page = _proof(request, campaign)
    if page is not None:
        return page
    try:
        content = _content(request, campaign, "heatmap-report")
    except QueryProblem:
        return _back(request, campaign)
    return _file(campaign, html_of(content).encode(), "html", "text/html; charset=utf-8")


@require_safe
@planners_only(rules.may_analyse)
def picture(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """The map as a PNG of 1920 x 1080 pixels; `?release=current` as for the report."""
    page = _proof(request, campaign)
    if page is not None:
        return page
    try:
        content = _content(request, campaign, "heatmap-picture")
    except QueryProblem:
        return _back(request, campaign)
    return _file(campaign, png_of(content), "png", "image/png")


def _proof(request: HttpRequest, campaign: Campaign) -> HttpResponseBase | None:
    return None if _is_of_release(request) else proof_for_file(request, campaign)


def _is_of_release(request: HttpRequest) -> bool:
    return request.GET.get("release") == "current"


def _content(request: HttpRequest, campaign: Campaign, what: str) -> Content:
    choices = Choices(campaign, rules.may_read_responses(request.user, campaign))
    chosen = HeatmapFilter.of(request.GET, choices)
    if _is_of_release(request):
        release = None if campaign.publishes_points else current_release(campaign)
        if release is None:
            raise Http404
        is_plain = set(request.GET) == {"release"}
        return released_content(
            campaign, release, () if is_plain else [str(LEFT_OUT["release_without_filter"])]
        )
    log_exact_access(request, campaign, what)
    record_download(request.user, campaign, what)
    log_staff_sources(request, campaign, chosen, what)
    if chosen.mode == "change":
        chosen = with_periods(campaign, chosen)
    # Both sides of a comparison are shown, whichever of them the page edits.
    return exact_content(campaign, chosen.query(campaign), chosen.shown_as(campaign))


def _back(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Redirect to the page of the same view, which explains the error."""
    return redirect(f"{reverse('planning:heatmap', args=(campaign.slug,))}?{request.GET.urlencode()}")


def _file(campaign: Campaign, data: bytes, ending: str, content_type: str) -> HttpResponse:
    response = HttpResponse(data, content_type=content_type)
    name = f"{campaign.slug}-heatmap-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
