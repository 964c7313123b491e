"""Comments and opinions on sections as plain forms, which redirect back to where they were sent from."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from doors.visitors import COMMENT, SUPPORT
from mapping.models import Comment, CommentStatus, Contribution
from mapping.services import feedback
from mapping.services.errors import DomainError, NotAllowed
from mapping.visitor import admit, remember, visitor_of
from mapping.web.feedback import problem_of
from mapping.web.refusals import refused
from texts.services.discussion import ShownSection, anchor_of
from texts.web.lookup import ReadText, section_or_404, text_or_404
from texts.web.text import Entry, section_address, show_section

_OPINIONS = {"1": feedback.FOR, "-1": feedback.AGAINST, "0": feedback.NEITHER}
FROM = "from"
"""The field that names where a form was sent from: "text" for the page of the whole text."""


@require_POST
def comment(request: HttpRequest, slug: str, category: str, section: uuid.UUID) -> HttpResponse:
    """Store a comment; the input stays in the form of the section's page if it is refused."""
    read, found, contribution = standing_section(request, slug, category, section)
    text = request.POST.get("text", "")
    visitor = visitor_of(request)
    try:
        must_wait = admit(request, COMMENT, read.campaign, may_wait=True)
        made = feedback.comment(contribution, text, visitor.secret, must_wait=must_wait)
    except NotAllowed as error:
        # There may no longer be a form that could show it.
        return refused(show_section(request, read, found, problem=problem_of(error)), error)
    except DomainError as error:
        return refused(show_section(request, read, found, entry=Entry(text, problem_of(error))), error)
    thank(request, made)
    response = back_to(request, read, section)
    remember(response, visitor)
    return response


@require_POST
def support(request: HttpRequest, slug: str, category: str, section: uuid.UUID) -> HttpResponse:
    """Store an opinion: `value` 1 (support), -1 (opposition) or 0 (withdrawn)."""
    read, found, contribution = standing_section(request, slug, category, section)
    visitor = visitor_of(request)
    value = _OPINIONS.get(request.POST.get("value", ""), 2)
    try:
        if value != feedback.NEITHER:  # withdrawing is always possible
            admit(request, SUPPORT, read.campaign)
        feedback.set_support(contribution, value, visitor.secret)
    except DomainError as error:
        return refused(show_section(request, read, found, problem=problem_of(error)), error)
    response = back_to(request, read, section)
    remember(response, visitor)
    return response


def standing_section(
    request: HttpRequest, slug: str, category: str, section: uuid.UUID
) -> tuple[ReadText, ShownSection, Contribution]:
    """A section of the newest version with what reactions to it are stored on; 404 for all others."""
    read = text_or_404(request, slug, category)
    found = section_or_404(read, section)
    if not isinstance(found, ShownSection) or found.contribution is None or not read.shown.is_newest:
        raise Http404
    return read, found, found.contribution


def thank(request: HttpRequest, made: Comment) -> None:
    """Add the message that a comment is stored, and whether it is public."""
    if made.status == CommentStatus.PENDING:
        words = gettext("Thank you. Your comment will be visible to everyone after a review.")
    else:
        words = gettext("Thank you. Your comment is published.")
    messages.success(request, words)


def back_to(request: HttpRequest, read: ReadText, section: uuid.UUID) -> HttpResponseRedirect:
    """The page that a form was sent from, at its section."""
    where = section_address(read, section)
    if request.POST.get(FROM) == "text":
        text = reverse("text", args=(read.campaign.slug, read.category.slug))
        where = f"{text}#{anchor_of(section)}"
    return HttpResponseRedirect(where, status=303)
