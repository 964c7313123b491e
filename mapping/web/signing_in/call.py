"""What pages of a campaign say about signing in, beside what people may do there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from doors.providers.openid import citizens_provider
from mapping.models import Campaign, OpenTo
from mapping.visitor import lacks_sign_in, signed_in_secrets


@dataclass(frozen=True, slots=True)
class SignInCall:
    """The way to the sign-in; `is_needed` before anything can be done, else this browser is signed in."""

    provider: str
    address: str
    is_needed: bool


def call_of(request: HttpRequest, campaign: Campaign) -> SignInCall | None:
    """The call of a campaign, which leads back to the page asked for; None where anyone takes part."""
    if not campaign.needs_sign_in:
        return None
    provider = citizens_provider()
    address = reverse("sign-in", args=(campaign.slug,))
    # A form that was sent is not a page to come back to.
    here = request.get_full_path() if request.method in {"GET", "HEAD"} else request.path
    return SignInCall(
        "" if provider is None else provider.name,
        f"{address}?{urlencode({'next': here})}",
        lacks_sign_in(request, campaign),
    )


def campaigns_to_sign_in(request: HttpRequest) -> Sequence[Campaign]:
    """The campaigns whose people sign in, and where this browser is not: somebody may have something there."""
    if citizens_provider() is None:
        return ()
    found = (
        Campaign.objects.visible().filter(open_to=OpenTo.SIGNED_IN).exclude(pk__in=signed_in_secrets(request))
    )
    return list(found.only("slug", "title", "language", "languages", "open_to"))
