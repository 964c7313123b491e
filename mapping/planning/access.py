"""Who gets into a planner's page: login, then one predicate of `mapping.rules`, else 403 or 404."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from accounts.models import User
from doors.signin.again import proof_page
from mapping import rules
from mapping.forms.files import Doorkeeper
from mapping.models import Campaign, Contribution
from mapping.planning.ways import tabs_for
from mapping.reports.state import HeatmapFilter
from mapping.services.record import record_access, record_look, record_reading

Rule = Callable[[rules.type_of_user, Campaign], bool]
Parameters = ParamSpec("Parameters")
CampaignView = Callable[Concatenate[HttpRequest, Campaign, Parameters], HttpResponseBase]


def planners_only(
    rule: Rule,
) -> Callable[[CampaignView[Parameters]], Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]]:
    """Let a view of one campaign in for those whom `rule` admits; the view gets the campaign instead of its slug.

    Strangers get 403; of a draft they learn nothing, not even that it exists: 404. Nothing of it is ever cached.
    """

    def decorate(
        view: CampaignView[Parameters],
    ) -> Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: HttpRequest, *args: Parameters.args, **kwargs: Parameters.kwargs
        ) -> HttpResponseBase:
            campaign = _admitted(request, cast("str", kwargs.pop("slug")), rule)
            return view(request, campaign, *args, **kwargs)

        return cast(
            "Callable[Concatenate[HttpRequest, Parameters], HttpResponseBase]",
            login_required(never_cache(guarded)),
        )

    return decorate


def file_door(rule: Rule) -> Doorkeeper:
    """Who may send files to a view behind `planners_only(rule)`: the same people, asked before the form is read."""

    def doorkeeper(request: HttpRequest, *, slug: str, **_others: object) -> HttpResponseBase | None:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        _admitted(request, slug, rule)
        return None

    return doorkeeper


def _admitted(request: HttpRequest, slug: str, rule: Rule) -> Campaign:
    campaign = get_object_or_404(Campaign, slug=slug)
    if not rules.may_see_campaign(request.user, campaign):
        raise Http404
    if not rule(request.user, campaign):
        raise PermissionDenied
    return campaign


def member(request: HttpRequest) -> User:
    """The logged-in user of a page behind `planners_only`."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def proof_for_file(request: HttpRequest, campaign: Campaign) -> HttpResponseBase | None:
    """The page that asks for a proof before a file of exact data of a protected campaign; None where none is needed."""
    return None if campaign.publishes_points else proof_page(request)


def frame(request: HttpRequest, campaign: Campaign, section: str) -> dict[str, object]:
    """What `planning/base.html` needs: the campaign and the ways that this member may go in it."""
    return {
        "campaign": campaign,
        "tabs": tabs_for(request.user, campaign, section),
        "may_analyse": rules.may_analyse(request.user, campaign),
    }


def log_exact_access(request: HttpRequest, campaign: Campaign, what: str) -> None:
    """Record that the member looked at exact data, where the public view is protected."""
    record_look(member(request), campaign, what)


def log_reading(request: HttpRequest, campaign: Campaign, what: str) -> None:
    """Record that the member read what is never public, whatever the campaign publishes: responses to its survey."""
    record_reading(member(request), campaign, what)


def log_staff_answers(
    request: HttpRequest, campaign: Campaign, shown: Iterable[Contribution], what: str
) -> None:
    """Record that contributions were shown with answers for staff, whatever the campaign publishes."""
    if any(one.staff_answers for one in shown):
        record_access(member(request).pk, campaign, what, answers="staff")


def log_staff_sources(request: HttpRequest, campaign: Campaign, chosen: HeatmapFilter, what: str) -> None:
    """Record that answers for staff, or to the survey, were shown by place, whatever the campaign publishes."""
    for source in sorted(chosen.staff_sources):
        record_access(member(request).pk, campaign, f"{what}-{source.replace('_', '-')}")
