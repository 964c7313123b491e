"""Authentication by private link: the secret is part of the address (`/ogc/key/<secret>/...`)."""

from __future__ import annotations

from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from audit.actions import Way
from audit.ways import came_by
from doors.models import LogInDoor
from mapping.http.messages import sentence
from mapping.models import AccessLink, LinkHolder
from mapping.services import access_links
from mapping.visitor import note_wrong_key


class LinkNotValid(exceptions.NotFound):
    """The link does not exist or has expired.

    404 and not 401: no login would help, and QGIS would ask for one.
    """

    default_code = "link_not_valid"


class LinkAuthentication(BaseAuthentication):
    """Authenticate by the secret of a private link; sessions and tokens are ignored."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def authenticate(self, request: Request) -> tuple[LinkHolder, AccessLink]:
        """Return the holder of the link; raises LinkNotValid, or TooMany for a network with many failed attempts."""
        link = access_links.opened_by(self.secret)
        if link is None:
            note_wrong_key(request._request, LogInDoor.PRIVATE_LINK)  # noqa: SLF001 - DRF's way to the plain request
            raise LinkNotValid(sentence("link_not_valid", {}))
        came_by(Way.LINK, link.name)
        return LinkHolder(link), link
