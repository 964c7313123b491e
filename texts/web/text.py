"""The pages to read: all texts of a campaign, a whole text with its discussion, one section."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404
from texts.models import Section, Wording
from texts.services.discussion import ShownSection, add_remarks, threads_on, with_answers
from texts.web.frame import frame_of
from texts.web.lookup import ReadText, section_or_404, text_or_404, texts_of

ON_A_PAGE: Final = 100
"""Comments on the page of a section, without the answers to them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Input of the comment form, kept until it is corrected."""

    text: str = ""
    problem: str = ""


@require_safe
def texts_page(request: HttpRequest, slug: str) -> HttpResponse:
    """`/campaigns/<slug>/texts/`: the texts of a campaign; straight to the only one."""
    campaign = campaign_or_404(request, slug)
    texts = texts_of(request, campaign)
    if len(texts) == 1:
        return redirect("text", slug, texts[0].category.slug)
    reading = reading_of(request, campaign)
    categories = {one.pk: one for one in reading.campaign.categories.all()}
    context = {
        "campaign": reading.campaign,
        "languages": switch_of(request, reading),
        "categories": [categories[one.category_id] for one in texts],
    }
    return render(request, "texts/list.html", context)


@require_safe
@never_cache
def text_page(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """`/campaigns/<slug>/texts/<category>/`: the text with its newest comments; `?version=` reads an earlier one."""
    read = text_or_404(request, slug, category)
    if read.shown.is_newest:
        add_remarks(read.shown, read.participant)
    return render(request, "texts/text.html", frame_of(request, read))


@require_safe
@never_cache
def section_page(request: HttpRequest, slug: str, category: str, section: uuid.UUID) -> HttpResponse:
    """A section with all comments; 410 for one that an earlier version had."""
    read = text_or_404(request, slug, category)
    found = section_or_404(read, section)
    if isinstance(found, Section):
        return _gone(request, read, found)
    return show_section(request, read, found)


def show_section(
    request: HttpRequest,
    read: ReadText,
    section: ShownSection,
    *,
    entry: Entry | None = None,
    problem: str = "",
) -> HttpResponse:
    """Render the page, with an error message if a reaction was refused."""
    add_opinion(read, section)
    page = Paginator(threads_on(section.pk, read.participant), ON_A_PAGE).get_page(request.GET.get("page"))
    section.remarks = with_answers(read.shown, section.pk, page.object_list, read.participant)
    place = read.shown.sections.index(section)
    context = {
        **frame_of(request, read),
        "section": section,
        "before": read.shown.sections[place - 1] if place else None,
        "behind": next(iter(read.shown.sections[place + 1 :]), None),
        "page": page,
        "entry": entry or Entry(),
        "problem": problem,
    }
    return render(request, "texts/section.html", context)


def add_opinion(read: ReadText, section: ShownSection) -> None:
    """Add the visitor's own opinion."""
    if read.participant is not None:
        found = read.participant.supports.filter(contribution=section.pk).values_list("value", flat=True)
        section.opinion = found.first() or 0


def section_address(read: ReadText, section: uuid.UUID) -> str:
    """The page of a section."""
    return reverse("text-section", args=(read.campaign.slug, read.category.slug, section))


def _gone(request: HttpRequest, read: ReadText, section: Section) -> HttpResponse:
    """A section that is not in the text any more, as it read last, with what people wrote about it."""
    wordings = Wording.objects.filter(section=section, version__published_at__isnull=False)
    last = wordings.select_related("version", "section__contribution").latest("version__number")
    last.section.text = read.shown.text
    shown = ShownSection(last, "")
    before = replace(read.shown, version=last.version, sections=[shown])
    threads = threads_on(section.pk, read.participant)[:ON_A_PAGE]
    shown.remarks = with_answers(before, section.pk, threads, read.participant)
    context = {**frame_of(request, read), "section": shown, "since": section.gone_since, "last": last}
    return render(request, "texts/gone.html", context, status=410)
