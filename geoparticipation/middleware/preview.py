"""Which pages stand in a frame: those of a draft, which its members see beside the steps in which they set it up.

All other pages refuse frames (clickjacking), and no page shows one of another site. A draft accepts nothing that is
sent, so that a click in its frame changes nothing.
"""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from mapping.models import Campaign

FRAMED: Final = frozenset(
    {"campaign", "contribute", "survey", "results", "public-heatmap", "data", "votes", "vote"}
)
"""Names of the citizens' pages of a campaign that a preview shows."""
FRAMING: Final = "planning/<slug:slug>/setup/"
"""How the routes of pages begin that show a preview, those of all apps."""
_NOT_FOUND: Final = 404
_SELF: Final = ["'self'"]


class PreviewMiddleware:
    """Opens the policy for frames of this site on the pages of a draft, and on those that show them.

    Who gets an answer other than 404 from a draft's page is a member: the page itself has asked the rule.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        match = request.resolver_match
        if match is None or response.status_code == _NOT_FOUND:
            return response
        if match.route.startswith(FRAMING):
            _change_policy(response, "_csp_update", "frame-src")
        elif match.view_name in FRAMED and _is_of_draft(request, str(match.kwargs.get("slug", ""))):
            response["X-Frame-Options"] = "SAMEORIGIN"
            _change_policy(response, "_csp_replace", "frame-ancestors")
        return response


def _is_of_draft(request: HttpRequest, slug: str) -> bool:
    # Visitors without a login see no draft: their pages cost no query.
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return not Campaign.objects.visible().filter(slug=slug).exists()


def _change_policy(response: HttpResponseBase, how: str, directive: str) -> None:
    """What `csp.decorators` do, for a response that is there already."""
    setattr(response, how, {directive: _SELF})
