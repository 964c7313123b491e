"""Authentication of staff: a bearer token (scripts, QGIS) or the browser's session."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import ApiToken, User
from audit.actions import Way
from audit.ways import came_by
from doors.factors.rules import lacks_factor
from doors.models import LogInDoor
from mapping.services.errors import NotAllowed
from mapping.visitor import note_wrong_key

_SCHEME = "bearer"
_LONGEST_TOKEN = 200


class BearerTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer <token>` (RFC 6750 section 2.1); other schemes and no header mean the public."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Return the user of a valid token; an invalid token is an error, never treated as anonymous access.

        Tokens of people who must have a second factor and have none are invalid, too.

        Raises AuthenticationFailed, TooMany for a network that has sent many invalid tokens, and NotAllowed where a
        read-only token is used for writing: checked here, so that no view can forget it.
        """
        scheme, _separator, token = request.META.get("HTTP_AUTHORIZATION", "").strip().partition(" ")
        if scheme.lower() != _SCHEME:
            return None
        token = token.strip()
        found = ApiToken.find(token) if 0 < len(token) <= _LONGEST_TOKEN and token.isascii() else None
        if found is None or lacks_factor(found.user):
            note_wrong_key(request._request, LogInDoor.TOKEN)  # noqa: SLF001 - DRF's way to the plain request
            raise AuthenticationFailed(_("The access token is wrong, expired or withdrawn."))
        if request.method not in SAFE_METHODS and not found.may_write:
            raise NotAllowed("token_reads_only")
        came_by(Way.TOKEN, found.name)
        return found.user, found

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the interface
        """The value of WWW-Authenticate in a 401 response."""
        return 'Bearer realm="api"'


class BearerTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # no types there
    """The description of `BearerTokenAuthentication` in the OpenAPI document."""

    target_class = BearerTokenAuthentication
    name = "bearerToken"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002 - the interface
        """An HTTP bearer scheme."""
        return {
            "type": "http",
            "scheme": _SCHEME,
            "description": (
                "Made on the page *My account* (`/planning/account/`) or by `bin/manage create_api_token EMAIL`; needed"
                " only for what the public may not see. A token of scope `read` takes GET, HEAD and OPTIONS; with"
                " anything else it is answered 403 `token_reads_only`. It ends on its day and with a change of the"
                " password."
            ),
        }
