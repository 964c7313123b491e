"""Posters and links: how people come to a campaign. Short address, posters as PDF, code for other sites, the kiosk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, get_args

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.exports.documents.pdf import is_possible
from mapping.exports.documents.poster import (
    SIZES,
    Poster,
    Size,
    poster_languages,
    poster_pdf,
    short_address,
)
from mapping.languages import Language, language_of
from mapping.models import Campaign, Category
from mapping.planning.access import frame, planners_only
from mapping.translated.reading import tags_of

FRAME_HEIGHT: Final = 700
"""Height of the frame in the code for other sites: pixels."""


@dataclass(frozen=True, slots=True)
class PosterLink:
    """One poster to download."""

    language: Language
    size: Size
    address: str


@dataclass(frozen=True, slots=True)
class PosterRow:
    """The posters of the whole campaign, or of a category."""

    category: Category | None
    links: list[PosterLink]


class PosterForm(forms.Form):
    """Which poster; the address of the file says it."""

    size = forms.ChoiceField(choices=[(one, one) for one in SIZES])
    language = forms.ChoiceField()
    category = forms.ModelChoiceField(Category.objects.none(), to_field_name="slug", required=False)

    def __init__(self, data: QueryDict, campaign: Campaign) -> None:
        super().__init__(data)
        self.fields["language"].choices = [(tag, tag) for tag in poster_languages(campaign)]  # type: ignore[attr-defined]
        self.fields["category"].queryset = campaign.categories.all()  # type: ignore[attr-defined]


@require_safe
@planners_only(rules.may_plan)
def outreach(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All ways to a campaign, to copy, print and hand on."""
    languages = poster_languages(campaign)
    address = short_address(campaign)
    return render(
        request,
        "planning/outreach.html",
        {
            **frame(request, campaign, "outreach"),
            "address": address,
            "rows": [_row(campaign, one, languages) for one in (None, *campaign.categories.all())],
            "without_letters": [language_of(tag) for tag in tags_of(campaign) if tag not in languages],
            "makes_pdf": is_possible(),
            "origins": campaign.embed_origins,
            "code": embed_code(campaign),
            "kiosk_address": settings.SITE_URL + reverse("kiosk", args=(campaign.slug,)),
            "may_manage": rules.may_manage(request.user, campaign),
        },
    )


@require_safe
@planners_only(rules.may_plan)
def poster(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """One poster as PDF, by `size`, `language` and `category`; 404 for one that is not offered."""
    form = PosterForm(request.GET, campaign)
    if not form.is_valid() or not is_possible():
        raise Http404
    chosen = form.cleaned_data
    made = Poster(campaign, chosen["language"], chosen["category"], chosen["size"])
    response = HttpResponse(poster_pdf(made), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{made.filename}"'
    return response


def embed_code(campaign: Campaign) -> str:
    """The element that web editors of other sites copy into their pages."""
    return format_html(
        '<iframe src="{}" title="{}" width="100%" height="{}" loading="lazy" allow="geolocation; web-share"></iframe>',
        settings.SITE_URL + reverse("embed", args=(campaign.slug,)),
        _("Take part: %(title)s") % {"title": campaign.title},
        FRAME_HEIGHT,
    )


def _row(campaign: Campaign, category: Category | None, languages: list[str]) -> PosterRow:
    address = reverse("planning:poster", args=(campaign.slug,))
    of_category = {} if category is None else {"category": category.slug}
    return PosterRow(
        category,
        [
            PosterLink(
                language_of(tag),
                size,
                f"{address}?{urlencode({'size': size, 'language': tag, **of_category})}",
            )
            for tag in languages
            for size in get_args(Size)
        ],
    )
