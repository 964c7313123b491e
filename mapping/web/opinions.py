"""Support, opposition and balance per line, area, place or idea: a part of the results, and a table to take along."""

from typing import Final

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.aggregation.opinions import has_opinions
from mapping.models import Campaign
from mapping.reports.opinions import ShownStanding, filter_of, shown_standing, standing_file
from mapping.web.lookup import campaign_or_404

_SECONDS: Final = 60


def offers_opinions(campaign: Campaign) -> bool:
    """Whether opinions are public and there are any: those on single contributions of protected campaigns never are."""
    return rules.may_see_public_contributions(campaign) and has_opinions(campaign)


def offered_opinions(campaign: Campaign) -> bool:
    """As `offers_opinions`, at most a minute old, for pages that only link to them."""
    found: bool | None = cache.get_or_set(
        f"offers-opinions:{campaign.pk}", lambda: offers_opinions(campaign), _SECONDS
    )
    return bool(found) and rules.may_see_public_contributions(campaign)


def public_standing(request: HttpRequest, campaign: Campaign) -> ShownStanding | None:
    """The public standing with the address's filter; None where there is none to show."""
    if not offers_opinions(campaign):
        return None
    return shown_standing(campaign, filter_of(campaign, request.GET, None))


@require_safe
@never_cache
def opinions_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The public standing as CSV; 404 where opinions are not public."""
    campaign = campaign_or_404(request, slug)
    if not offers_opinions(campaign):
        raise Http404
    return standing_file(campaign, filter_of(campaign, request.GET, None))
