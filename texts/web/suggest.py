"""The form that suggests another wording: of the whole section, or of the words between `from` and `to`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doors.visitors import COMMENT
from mapping import rules
from mapping.models import Contribution
from mapping.services.errors import Conflict, DomainError, Invalid, NotAllowed
from mapping.services.messages import sentence
from mapping.visitor import VISITOR_FIELD, admit, promise, remember, visitor_of_form
from mapping.web.contribution_pages import FIELD
from mapping.web.reactions.feedback import problem_of, thank
from mapping.web.refusals import refused
from mapping.web.signing_in.call import call_of
from texts.reading.quotes import Quote, quote_of, trimmed
from texts.services.discussion import ShownSection
from texts.services.suggesting import LONGEST, Draft, suggest
from texts.web.frame import frame_of
from texts.web.lookup import ReadText, section_or_404, text_or_404
from texts.web.text import SECTION, TEXT, show_section

_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Form:
    """The form with its input; `quote` are the words that it is about, None for the whole section."""

    draft: Draft
    quote: Quote | None
    problem: str = ""
    problem_of_why: str = ""
    kept: str = ""
    """What was written for an earlier wording, to copy from."""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def suggest_page(request: HttpRequest, slug: str, category: str, section: uuid.UUID) -> HttpResponse:
    """GET shows the words to change; POST stores the suggestion and leads back to the section."""
    read, found, contribution = _standing_section(request, slug, category, section)
    if not rules.may_comment(contribution, timezone.now()):
        error = NotAllowed("comments_off")
        return refused(show_section(request, read, found, problem=problem_of(error)), error)
    sign_in = call_of(request, read.campaign)
    if request.method != "POST" and sign_in is not None and sign_in.is_needed:
        return HttpResponseRedirect(sign_in.address)
    if request.method != "POST":
        return _show(request, read, found, _new_form(request.GET, read, found))
    visitor = visitor_of_form(request, read.campaign)
    draft = _draft(request.POST, read, found)
    try:
        must_wait = admit(request, COMMENT, read.campaign, may_wait=True)
        made = suggest(found.wording.section, draft, visitor.secret, must_wait=must_wait)
    except Conflict as error:
        overtaken = _show(request, read, found, _overtaken_form(draft, read, found, problem_of(error)))
        overtaken.status_code = 409
        return overtaken
    except NotAllowed as error:
        return refused(show_section(request, read, found, problem=problem_of(error)), error)
    except DomainError as error:
        return refused(_show(request, read, found, _refused_form(draft, found, error)), error)
    thank(request, made.comment)
    page = TEXT if request.POST.get(FIELD) == TEXT.name else SECTION
    response = HttpResponseRedirect(page.address(contribution, ""), status=303)
    remember(response, visitor)
    return response


def _standing_section(
    request: HttpRequest, slug: str, category: str, section: uuid.UUID
) -> tuple[ReadText, ShownSection, Contribution]:
    """A section of the newest version with what suggestions are stored on; 404 for all others."""
    read = text_or_404(request, slug, category)
    found = section_or_404(read, section)
    if not isinstance(found, ShownSection) or found.contribution is None or not read.shown.is_newest:
        raise Http404
    return read, found, found.contribution


def _show(request: HttpRequest, read: ReadText, section: ShownSection, form: Form) -> HttpResponse:
    context = {
        **frame_of(request, read),
        "section": section,
        "form": form,
        "longest": LONGEST,
        "visitor_field": VISITOR_FIELD,
        "visitor": promise(request),
        "sent_from": request.POST.get(FIELD, request.GET.get(FIELD, "")),
    }
    return render(request, "texts/suggest.html", context)


def _new_form(given: Mapping[str, str], read: ReadText, section: ShownSection) -> Form:
    """The form for the part that the address names; for all of the section where it names none, or an earlier one."""
    draft = _draft(given, read, section)
    body = section.wording.body
    if draft.version != read.shown.version.number:
        start, end = trimmed(body, 0, len(body))
        draft = replace(draft, version=read.shown.version.number, start=start, end=end)
    return _form(replace(draft, words=body[draft.start : draft.end]), section)


def _draft(given: Mapping[str, str], read: ReadText, section: ShownSection) -> Draft:
    body = section.wording.body
    start, end = trimmed(body, _number(given, "start", 0), _number(given, "end", len(body)))
    if start == end:
        start, end = trimmed(body, 0, len(body))
    version = _number(given, "version", read.shown.version.number)
    return Draft(version, start, end, given.get("text", body[start:end]), given.get("why", ""))


def _overtaken_form(draft: Draft, read: ReadText, section: ShownSection, problem: str) -> Form:
    """The newest wording to change; what was written stays beside it."""
    body = section.wording.body
    current = Draft(read.shown.version.number, 0, len(body), body, draft.why)
    return replace(_form(current, section), problem=problem, kept=draft.words)


def _form(draft: Draft, section: ShownSection) -> Form:
    body = section.wording.body
    is_part = (draft.start, draft.end) != trimmed(body, 0, len(body))
    return Form(draft, quote_of(body, draft.start, draft.end) if is_part else None)


def _refused_form(draft: Draft, section: ShownSection, error: DomainError) -> Form:
    form = _form(draft, section)
    if isinstance(error, Invalid) and (problems := error.fields.get("why")):
        return replace(form, problem_of_why=sentence(problems[0].code, problems[0].params))
    return replace(form, problem=problem_of(error))


def _number(given: Mapping[str, str], name: str, otherwise: int) -> int:
    written = given.get(name, "")
    return (
        int(written)
        if written.isascii() and written.isdigit() and len(written) <= _MOST_DIGITS
        else otherwise
    )
