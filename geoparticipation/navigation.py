"""The site's ways for everyone: those in the header of every page, and those in the footer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class SiteLink:
    """A page of the whole site; one in the header has an icon, which stands alone on narrow windows."""

    route: str
    title: str | Promise
    icon: str = ""

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.route)


SITE_LINKS: Final = (
    SiteLink("calendar", _("Calendar"), "calendar"),
    SiteLink("bodies", _("Bodies")),
    SiteLink("documents", _("Documents")),
    SiteLink("subscribe", _("News by e-mail")),
)
"""In their order; every page has them, and none of them needs a query."""
