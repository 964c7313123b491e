"""Further pages with the forms of contributions: comments and opinions that are sent there lead back there.

Apps above register theirs here; their forms name the page in the hidden field `from`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse

from mapping.models import Contribution
from mapping.registry import Registry
from mapping.web.contributions import CommentEntry

FIELD: Final = "from"


@dataclass(frozen=True, eq=False)
class ContributionPage:
    """A page: where it is for a contribution, and how it shows what was refused (an entry, or a message for all).

    `address` is called with the contribution and the fragment of what was changed on its own page (else "").
    """

    name: str
    address: Callable[[Contribution, str], str]
    show: Callable[[HttpRequest, Contribution, CommentEntry | None, str], HttpResponse]


CONTRIBUTION_PAGES: Final[Registry[ContributionPage]] = Registry("page with a contribution's forms")


def page_of(request: HttpRequest) -> ContributionPage | None:
    """The page that a form was sent from; None for the contribution's own."""
    return CONTRIBUTION_PAGES.named(request.POST.get(FIELD, ""))
