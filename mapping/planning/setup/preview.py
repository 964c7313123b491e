"""The preview of a draft: the citizens' pages in a frame, as wide as a phone or a desktop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.models import Campaign, Question
from mapping.planning.access import planners_only
from mapping.planning.setup.frame import setup_frame

WIDTHS: Final[dict[str, str | Promise]] = {
    "phone": gettext_lazy("Phone"),
    "desktop": gettext_lazy("Desktop"),
}
"""The widths of the frame by what the address calls them; the style sheet knows their pixels."""


@dataclass(frozen=True, slots=True)
class Way:
    """A link to another page or width of the preview; `source` is the page that a frame shows."""

    name: str
    title: str | Promise
    address: str
    is_here: bool
    source: str = ""


@require_safe
@planners_only(rules.may_manage)
def preview(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """One of the citizens' pages of a draft; of a public campaign a link alone, since what is sent there counts."""
    width = request.GET.get("width", "")
    width = width if width in WIDTHS else next(iter(WIDTHS))
    sources = dict(_sources(campaign))
    page = request.GET.get("page", "")
    page = page if page in sources else next(iter(sources))
    pages = [
        Way(name, title, _address(name, width), name == page, reverse(name, args=(campaign.slug,)))
        for name, title in sources.items()
    ]
    return render(
        request,
        "planning/setup/preview.html",
        {
            **setup_frame(request, campaign, "preview"),
            "pages": pages,
            "widths": [
                Way(name, title, _address(page, name), name == width) for name, title in WIDTHS.items()
            ],
            "width": width,
            "shown": next(one for one in pages if one.is_here),
            "frame_title": _("%(page)s as citizens see it: %(width)s")
            % {"page": sources[page], "width": WIDTHS[width]},
        },
    )


def _sources(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """The pages that the campaign has, by the name of their address."""
    yield "campaign", _("Page of the campaign")
    if any(category.takes_contributions for category in campaign.categories.all()):
        yield "contribute", _("Form without a map")
    if Question.objects.of_survey(campaign.pk).exists():
        yield "survey", _("Survey")


def _address(page: str, width: str) -> str:
    return "?" + urlencode({"page": page, "width": width})
