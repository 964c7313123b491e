"""The data page: one download button per format, and the page of a running export job."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.exceptions import NotAuthenticated

from doors.signin.again import proof_page
from doors.visitors import EXPORT
from mapping import rules
from mapping.exports.counts import tallied
from mapping.exports.fields import EXTRA_TITLES
from mapping.exports.registry import CRS, EXTRAS, GROUPS, Format, Origin, format_named, formats
from mapping.filters.problems import QueryProblem
from mapping.http.export_jobs import format_of, job_for, start
from mapping.http.exporting import needs_job
from mapping.http.fresh import is_exact, is_exact_file
from mapping.http.messages import sentence
from mapping.http.parameters.export import read_export
from mapping.http.views import photos_path
from mapping.models import Campaign, ExportJob, ExportStatus
from mapping.services import export_jobs
from mapping.services.errors import DomainError, Invalid
from mapping.visitor import admit
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404
from mapping.web.refusals import refused

CRS_TITLES: dict[int, str | Promise] = {
    4326: _("Longitude and latitude"),
    25832: _("UTM zone 32, official in Germany"),
    3035: _("Europe, equal area (LAEA)"),
    3857: _("Web Mercator"),
}


_ORDER = (
    "gpkg",
    "geojson",
    "shp.zip",
    "kml",
    "gpx",
    "fgb",
    "ndjson",
    "xlsx",
    "csv",
    "parquet",
    "package.zip",
)
"""Order of formats, most popular first."""


@dataclass(frozen=True, slots=True)
class Group:
    """Formats under one heading."""

    title: str | Promise
    formats: Sequence[Format]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def data_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Choose a format. Small files are sent directly, large ones start a job."""
    campaign = campaign_or_404(request, slug)
    if request.method == "POST":
        return _order(request, campaign)
    return _page(request, campaign)


def _order(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    wanted = format_named(request.POST.get("format", ""))
    if wanted is None:
        return _page(request, campaign, _("Please choose a format."), status=400)
    query = _query(request.POST, wanted)
    try:
        asked = read_export(query, request.user, campaign, wanted, "data-page")
        address = f"{reverse('api:download', args=(campaign.slug, wanted.name))}?{query.urlencode()}".rstrip(
            "?"
        )
        page = proof_page(request) if is_exact(asked, campaign) else None
        if page is not None:
            return page
        if needs_job(wanted, asked) is None:
            return HttpResponseRedirect(address)
        if asked.is_public:
            admit(request, EXPORT)
        job = start(request.user, campaign, wanted, query, _origin(request, address), asked)
    except Invalid as error:
        sentences = [sentence(one.code, one.params) for found in error.fields.values() for one in found]
        return _page(request, campaign, " ".join(sentences), status=400)
    except QueryProblem as error:
        return _page(request, campaign, sentence(error.code, error.params), status=400)
    except NotAuthenticated:
        return _page(request, campaign, sentence("analysts_only", {}), status=403)
    except DomainError as error:
        words = "exports_busy" if error.code == "too_many_requests" else error.code
        return refused(_page(request, campaign, sentence(words, error.params)), error)
    return HttpResponseRedirect(reverse("export-job", args=(campaign.slug, job.pk)))


def _query(form: QueryDict, wanted: Format) -> QueryDict:
    """The chosen options, reduced to those that the format supports: one choice of CRS serves all buttons."""
    query = QueryDict(mutable=True)
    crs = form.get("crs", "")
    if crs and crs != str(CRS[0]) and (not crs.isdecimal() or int(crs) not in CRS or int(crs) in wanted.crs):
        query["crs"] = crs
    include = [extra for extra in EXTRAS if extra in form.getlist("include") and extra in wanted.extras]
    if include and form.get("cells") != "yes":
        query["include"] = ",".join(include)
    return query


def _origin(request: HttpRequest, address: str) -> Origin:
    return Origin(request.build_absolute_uri(address), request.build_absolute_uri(photos_path()))


def _page(
    request: HttpRequest, campaign: Campaign, problem: str | Promise = "", status: int = 200
) -> HttpResponse:
    is_exact = not rules.may_see_public_contributions(campaign) and rules.may_analyse(request.user, campaign)
    has_cells = not campaign.publishes_points and not is_exact
    is_readable = has_cells or is_exact or rules.may_see_public_contributions(campaign)
    number = 0
    if is_readable and not has_cells:
        number, _people = tallied([campaign.pk]).get(campaign.pk, (0, 0))
    ranked = sorted(formats(), key=lambda one: _ORDER.index(one.name) if one.name in _ORDER else len(_ORDER))
    shown = [one for one in ranked if one.takes_cells or not has_cells]
    groups = [
        Group(title, [one for one in shown if one.group == group])
        for group, title in GROUPS
        if any(one.group == group for one in shown)
    ]
    return render(
        request,
        "mapping/data.html",
        {
            "campaign": reading_of(request, campaign).campaign,
            "problem": problem,
            "is_readable": is_readable,
            "is_exact": is_exact,
            "has_cells": has_cells,
            "number": number,
            "is_large": number > settings.EXPORTS_AT_ONCE,
            "groups": groups if is_readable else [],
            "crs": [(code, CRS_TITLES[code]) for code in CRS],
            "extras": [] if has_cells else [(extra, EXTRA_TITLES[extra]) for extra in EXTRAS],
            "chosen_crs": request.POST.get("crs", str(CRS[0])),
            "chosen_extras": request.POST.getlist("include"),
            "addresses": _addresses(request, campaign),
        },
        status=status,
    )


def _addresses(request: HttpRequest, campaign: Campaign) -> dict[str, str]:
    """Addresses for programs, as far as available: the OGC API, the layer definition for QGIS."""
    found = {}
    collection = f"{campaign.slug}-{'contributions' if campaign.publishes_points else 'cells'}"
    for name, route, arguments in (
        ("collection", "ogc:collection", (collection,)),
        ("qgis", "ogc:campaign-qgis", (campaign.slug,)),
        ("api", "api:campaign", (campaign.slug,)),
    ):
        try:
            found[name] = request.build_absolute_uri(reverse(route, args=arguments))
        except NoReverseMatch:
            continue
    return found


@require_safe
@never_cache
def job_page(request: HttpRequest, slug: str, job: uuid.UUID) -> HttpResponse:
    """The progress of an export job; without JavaScript the page reloads itself."""
    campaign = campaign_or_404(request, slug)
    found = job_for(request.user, campaign, job)
    wanted = format_of(found)
    is_done = found.status == ExportStatus.DONE
    is_gone = is_done and export_jobs.is_gone(found)
    address, needs_proof = reverse("api:export-file", args=(campaign.slug, found.pk)), is_exact_file(found)
    return render(
        request,
        "mapping/export_job.html",
        {
            "campaign": reading_of(request, campaign).campaign,
            "job": found,
            "back": reverse("planning:survey" if found.is_of_responses else "data", args=(campaign.slug,)),
            "title": wanted.title if wanted else found.ending,
            "file_address": f"{reverse('again')}?{urlencode({'next': address})}" if needs_proof else address,
            "needs_proof": needs_proof,
            "is_done": is_done and not is_gone,
            "is_gone": is_gone,
            "is_failed": found.status == ExportStatus.FAILED,
            "is_running": found.status in {ExportStatus.WAITING, ExportStatus.RUNNING},
            "ahead": _ahead(found),
            "problem": sentence(found.problem, {"format": found.ending}) if found.problem else "",
        },
    )


def _ahead(job: ExportJob) -> int:
    """The number of jobs before this one."""
    if job.status != ExportStatus.WAITING:
        return 0
    return ExportJob.objects.ahead_of(job).count()
