"""What an export is asked: the filters of heat maps, a box, the CRS, what comes along - and who may have it.

Read from the query of an address and again, with the same rules, when a background job runs in somebody's name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from accounts.models import User
from mapping import rules
from mapping.aggregation.releases.publication import current_release
from mapping.exports.registry import CRS, EXTRAS, Content, Format, Released, Wishes
from mapping.exports.selection import Selection
from mapping.filters.answers import asked_questions
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import STATUSES, ContributionFilter
from mapping.geo.crs import WGS84
from mapping.http.access import statuses_of
from mapping.http.heatmap_parameters import FILTERS, known_names
from mapping.http.parameters import Parameters
from mapping.models import Campaign
from mapping.services.errors import Invalid, Problem

KNOWN: Final = tuple(sorted((*FILTERS, "crs", "include", "labels", "release")))
# Of a release everybody gets the same.
_WITHOUT_FILTER: Final = frozenset({"crs", "labels", "release"})


@dataclass(frozen=True)
class Asked:
    """An export that the asking person may have."""

    content: Content
    wishes: Wishes
    by_staff: bool = False
    """Whether a member of the campaign's staff asks, who does not wait for the public."""

    @property
    def is_public(self) -> bool:
        """Whether everybody would get the same."""
        return isinstance(self.content, Released) or self.content.statuses is None


def read_export(
    query: QueryDict, user: User | AnonymousUser, campaign: Campaign, wanted: Format, view: str = "download"
) -> Asked:
    """Read and check a query; access to campaigns that publish cells is logged as `view`.

    Raises Invalid with a reason per parameter, QueryProblem about answers, NotAllowed, NotAuthenticated.
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
    selection = Selection(campaign, narrowed.with_statuses(statuses_of(user, campaign, asked, view)))
    parameters.done()
    # Questions and answers that there are not become known here, before the first byte leaves.
    selection.contributions()
    extras = frozenset(extra for extra in EXTRAS if extra in (include or ()))
    return Asked(selection, Wishes(int(crs), extras, labels), by_staff)


def _is_of_release(query: QueryDict, user: User | AnonymousUser, campaign: Campaign) -> bool:
    """Whether this is answered from the release: the public's are; analysts ask for it or get exact data."""
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
    return Asked(Released(campaign, current_release(campaign)), Wishes(crs))


def crs_choices() -> tuple[str, ...]:
    """EPSG codes as parameters name them."""
    return tuple(str(code) for code in CRS)
