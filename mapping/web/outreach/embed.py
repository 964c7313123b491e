"""A campaign's page for a frame of another site, as its planners permit it (`Campaign.embed_origins`).

It is the only page of the site that others may frame. The site's cookies are `SameSite=Lax`: in a frame of the same
site (take-part.city.example in www.city.example) browsers send them, in one of another site they do not. There every
contribution would count as one of a new person, which protected areas must not believe, and nobody would find their
own again. So the frame shows the campaign there, and what people do opens in a window of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping.web.campaigns import show_campaign
from mapping.web.lookup import campaign_or_404

BLOCKED: Final = "cookies"
"""The parameter with which `js/site/embed.js` says that the browser keeps no cookie in this frame."""
_OF_ANOTHER_SITE: Final = "cross-site"


@require_safe
@never_cache
def embed_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's page with a lean head; drafts for their members, in no frame."""
    campaign = campaign_or_404(request, slug)
    response = show_campaign(
        request,
        campaign,
        template="mapping/outreach/embed.html",
        # Providers show no sign-in in frames: the page itself does it.
        takes_part=keeps_cookies(request) and not campaign.needs_sign_in,
        full_address=reverse("campaign", args=(campaign.slug,)),
    )
    if not campaign.is_draft:
        permit_frames(response, campaign.embed_origins)
    return response


def keeps_cookies(request: HttpRequest) -> bool:
    """Whether the browser sends this site's cookies in the frame that it shows.

    Browsers say it with the request (Fetch Metadata, `Sec-Fetch-Site`); of others the script finds out.
    """
    is_foreign = request.headers.get("Sec-Fetch-Site") == _OF_ANOTHER_SITE
    is_framed = request.headers.get("Sec-Fetch-Dest") in {"iframe", "frame", "object", "embed"}
    return not (is_foreign and is_framed) and request.GET.get(BLOCKED) != "blocked"


def permit_frames(response: HttpResponse, origins: Sequence[str]) -> None:
    """Let these sites frame a response, and nobody else; without any it stays as all pages are."""
    if not origins:
        return
    # X-Frame-Options knows no list; where the policy names the sites, browsers leave it aside (CSP 3, section 7.4).
    response.xframe_options_exempt = True
    response._csp_replace = {"frame-ancestors": list(origins)}  # type: ignore[attr-defined]  # noqa: SLF001 - as `csp.decorators`
