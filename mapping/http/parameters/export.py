"""Query parameters of exports - filters, bounding box, CRS, extra tables - and the permission check.

Read from a request's query, and again by the same rules when a background job runs on behalf of a user.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import User
from mapping import rules
from mapping.aggregation.releases.publication import current_release
from mapping.exports.registry import CRS, EXTRAS, Content, ExportOptions, Format, Released
from mapping.exports.selection import Selection
from mapping.filters.answers import asked_questions
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.geo.crs import WGS84
from mapping.http.access import statuses_of
from mapping.http.parameters.heatmap import FILTERS, known_names
from mapping.http.parameters.reading import Parameters
from mapping.models import Campaign
from mapping.services.errors import Invalid, Problem
from mapping.services.record import record_access, record_download

KNOWN: Final = tuple(sorted((*FILTERS, "crs", "include", "labels", "release")))
# A release is the same for everybody.
_WITHOUT_FILTER: Final = frozenset({"crs", "labels", "release"})


@dataclass(frozen=True)
class Asked:
    """An export that the requesting person is allowed to download."""

    content: Content
    options: ExportOptions
    by_staff: bool = False
    """Whether the request comes from the campaign's staff, for whom slots are reserved."""

    @property
    def is_public(self) -> bool:
        """Whether the file is the same for everybody."""
        return isinstance(self.content, Released) or self.content.statuses is None


def read_export(
    query: QueryDict, user: User | AnonymousUser, campaign: Campaign, wanted: Format, view: str = "download"
) -> Asked:
    """Parse and check a query; access to campaigns that publish cells is logged as `view`.

    Raises Invalid with a reason per parameter, QueryProblem for filters by answers, NotAllowed, NotAuthenticated.
    """
    parameters = Parameters(query, known_names(query, *KNOWN))
    crs = parameters.choice("crs", [str(code) for code in wanted.crs], str(WGS84))
    by_staff = rules.may_plan(user, campaign)
    labels = parameters.choice("labels", wanted.labels, "codes")
    if _is_of_release(query, user, campaign):
        return replace(_released(query, campaign, wanted, parameters, int(crs)), by_staff=by_staff)
    include = parameters.choices("include", wanted.extras, "not_in_this_format")
    asked = parameters.choices("status", STATUSES)
    narrowed = ContributionFilter.read(parameters, Choices(campaign))
    statuses = statuses_of(user, campaign, asked, view)
    selection = Selection(
        campaign,
        narrowed.with_statuses(statuses),
        has_staff_answers=statuses is not None and rules.may_read_staff_answers(user, campaign),
    )
    parameters.done()
    if selection.has_staff_answers and any(field.is_for_staff for field in selection.fields()):
        record_access(user.pk, campaign, view, answers="staff")
    if statuses is not None:
        record_download(user, campaign, f"{view} {wanted.name}")
    # Unknown questions and answers are reported here, before the first byte is sent.
    selection.contributions()
    extras = frozenset(extra for extra in EXTRAS if extra in (include or ()))
    return Asked(selection, ExportOptions(int(crs), extras, labels), by_staff)


def _is_of_release(query: QueryDict, user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Whether the file is made from the release: always for the public; analysts may choose it, else get exact data."""
    if "release" in query:
        return True
    if campaign.publishes_points or "status" in query:
        return False
    return not rules.may_analyse(user, campaign)


def _released(
    query: QueryDict, campaign: Campaign, wanted: Format, parameters: Parameters, crs: int
) -> Asked:
    if campaign.publishes_points:
        raise Invalid({"release": [Problem("no_releases", {})]})
    filters = [name for name in query if name in KNOWN and name not in _WITHOUT_FILTER]
    filters += [f"answers[{slug}]" for slug in asked_questions(query)]
    if filters:
        raise Invalid({name: [Problem("release_unfiltered", {})] for name in filters})
    parameters.choice("release", ("current",), "current")
    parameters.done()
    if not wanted.takes_cells:
        raise Invalid({"format": [Problem("no_cells_in_format", {"format": wanted.name})]})
    return Asked(Released(campaign, current_release(campaign)), ExportOptions(crs))


def crs_choices() -> tuple[str, ...]:
    """EPSG codes as spelled in query parameters."""
    return tuple(str(code) for code in CRS)
