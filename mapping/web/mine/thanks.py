"""The page after sending a contribution: what happens next, the private link, and ways on. It survives a reload."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.exports.documents import qr
from mapping.models import Campaign, Category, Contribution
from mapping.models.campaign import PlaceType
from mapping.places.words import name_places
from mapping.services.identity import contribution_of_token
from mapping.services.releases.making import next_release
from mapping.web.contribution_links import links_of
from mapping.web.drawings.outline import draw
from mapping.web.languages import reading_of, switch_of
from mapping.web.mine.private import private
from mapping.web.phases import phases_of
from mapping.web.sharing import share_of, share_of_campaign


@dataclass(frozen=True, slots=True)
class Another:
    """Where another contribution is made: the plain form, and with scripts the steps on the campaign's page."""

    plain: str
    scripted: str


@require_safe
@private(contribution_of_token)
def contribution_thanks(request: HttpRequest, contribution: Contribution, *, token: str) -> HttpResponse:
    """Thanks, the private link to copy and to scan, what happens next and when, and what people can do now."""
    now = timezone.now()
    reading = reading_of(request, contribution.campaign)
    campaign, category = reading.campaign, reading.of(contribution.category)
    contribution.category = category
    name_places([contribution], reading.original)
    is_public = rules.is_public(contribution)
    outline = None
    if campaign.area is not None and contribution.geom is not None:
        outline = draw(campaign.area, [(category.colour, contribution.geom)])
    link = request.build_absolute_uri(reverse("my-contribution", args=(token,)))
    context = {
        "contribution": contribution,
        "campaign": campaign,
        "category": category,
        "languages": switch_of(request, reading),
        "token": token,
        "link": link,
        "qr": qr.as_svg(link),
        "outline": outline,
        "is_public": is_public,
        "share": share_of(request, campaign, contribution, ())
        if is_public
        else share_of_campaign(request, campaign),
        "links": links_of(contribution, token),
        "another": _another(reading.original, category),
        "has_map": set(category.geometry_types) != {PlaceType.NONE},
        "phases": phases_of(reading, now),
        "next_release": None if campaign.publishes_points else next_release(reading.original, now),
    }
    return render(request, "mapping/mine/thanks.html", context)


def _another(campaign: Campaign, category: Category) -> Another | None:
    """Where people add another contribution of the same category; None where nobody can."""
    if not (rules.may_contribute(campaign, timezone.now()) and rules.may_contribute_to(category)):
        return None
    query = urlencode({"category": category.slug})
    plain = reverse("contribute", args=(campaign.slug,))
    return Another(f"{plain}?{query}", f"{campaign.get_absolute_url()}?{query}#place")
