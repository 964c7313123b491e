"""The pages to read: all texts of a campaign, a whole text with its discussion, one section."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping.models import Contribution
from mapping.web.contribution_pages import ContributionPage
from mapping.web.contributions import CommentEntry
from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404
from texts.models import Section, Wording
from texts.services.discussion import ShownSection, add_remarks, anchor_of, threads_on, with_answers
from texts.web.frame import frame_of
from texts.web.lookup import ReadText, section_or_404, text_or_404, texts_of

ON_A_PAGE: Final = 100
"""Comments on the page of a section, without the answers to them."""


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
    read = text_or_404(request, slug, category, version=request.GET.get("version", ""))
    if read.shown.is_newest:
        add_remarks(read.shown, read.participant)
    return render(request, "texts/text.html", frame_of(request, read))


@require_safe
@never_cache
def section_page(request: HttpRequest, slug: str, category: str, section: uuid.UUID) -> HttpResponse:
    """A section with all comments; 410 for one that an earlier version had."""
    read = text_or_404(request, slug, category, version=request.GET.get("version", ""))
    found = section_or_404(read, section)
    if isinstance(found, Section):
        return _gone(request, read, found)
    return show_section(request, read, found)


def show_section(
    request: HttpRequest,
    read: ReadText,
    section: ShownSection,
    *,
    entry: CommentEntry | None = None,
    problem: str = "",
) -> HttpResponse:
    """Render the page, with an error message if a reaction was refused."""
    supported = _add_opinions(read, section)
    page = Paginator(threads_on(section.pk, read.participant), ON_A_PAGE).get_page(request.GET.get("page"))
    section.remarks = with_answers(read.shown, section.pk, list(page.object_list), read.participant)
    place = read.shown.sections.index(section)
    context = {
        **frame_of(request, read),
        "section": section,
        "before": read.shown.sections[place - 1] if place else None,
        "behind": next(iter(read.shown.sections[place + 1 :]), None),
        "page": page,
        "supported": supported,
        "entry": entry or CommentEntry(),
        "problem": problem,
    }
    return render(request, "texts/section.html", context)


def _add_opinions(read: ReadText, section: ShownSection) -> set[int]:
    """Add the visitor's own opinion; returns the keys of the comments that they support."""
    if read.participant is None:
        return set()
    found = read.participant.supports.filter(contribution=section.pk).values_list("value", flat=True)
    section.opinion = found.first() or 0
    comments = read.participant.comment_supports.filter(comment__contribution=section.pk)
    return set(comments.values_list("comment", flat=True))


def _show_again(
    request: HttpRequest, contribution: Contribution, entry: CommentEntry | None, problem: str
) -> HttpResponse:
    """The page of a section with a form that was refused."""
    read = text_or_404(request, contribution.campaign.slug, contribution.category.slug)
    found = section_or_404(read, contribution.pk)
    if isinstance(found, Section):
        return _gone(request, read, found)
    return show_section(request, read, found, entry=entry, problem=problem)


def _at_section(contribution: Contribution, anchor: str) -> str:
    """The page of a section."""
    address = (contribution.campaign.slug, contribution.category.slug, contribution.pk)
    return reverse("text-section", args=address) + anchor


def _within_text(contribution: Contribution, _anchor: str) -> str:
    """The section on the page of the whole text."""
    text = reverse("text", args=(contribution.campaign.slug, contribution.category.slug))
    return f"{text}#{anchor_of(contribution.pk)}"


SECTION: Final = ContributionPage("section", _at_section, _show_again)
TEXT: Final = ContributionPage("text", _within_text, _show_again)


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
