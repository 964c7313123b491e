"""A document becomes the draft of a text: sent, previewed with the sections that it continues, confirmed.

Between preview and confirmation the sections travel in the form, signed: nothing of a document that nobody confirmed is
stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mapping.forms.files import lost_upload, takes_files
from mapping.models import Campaign
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.fields import SetupForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError, Invalid, Problem
from mapping.services.messages import sentence
from texts.models import Text
from texts.planning.sections import address_of
from texts.planning.step import text_called
from texts.reading.blocks import ReadSection, ReadText
from texts.reading.documents import MOST_BYTES, SUFFIXES
from texts.reading.numbers import numbers
from texts.rules import may_edit_texts
from texts.services.setup.drafts import replace_draft
from texts.services.setup.importing import Candidate, candidates_of, entries_of, proposed, read_file
from texts.services.setup.texts import STEP

_SALT: Final = "texts.import"
_LASTS: Final = 86_400
"""Seconds until a preview cannot be confirmed any more."""
_NEW: Final = "new"


class DocumentForm(SetupForm):
    """The file."""

    file = forms.FileField(
        label=gettext_lazy("Document"),
        help_text=gettext_lazy(
            "Word (.docx), Markdown (.md) or HTML. Each heading begins a section. You see what was read before it is "
            "stored."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": ",".join(SUFFIXES)}),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A section of the document in the preview, with the standing section that it continues."""

    number: str
    section: ReadSection
    chosen: UUID | None
    problems: str = ""

    @property
    def choice(self) -> str:
        """The value of the list of sections."""
        return _NEW if self.chosen is None else str(self.chosen)


def _largest_form() -> int:
    return MOST_BYTES + 2**20


@takes_files(_largest_form, file_door(may_edit_texts))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def import_text(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The form of the document; once it was sent, the preview."""
    text = text_called(campaign, category)
    form = DocumentForm()
    if request.method == "POST":
        lost = lost_upload(request)
        form = DocumentForm(request.POST, request.FILES)
        form.full_clean()
        try:
            if lost is not None:
                raise lost
            file = request.FILES.get("file")
            if file is None:
                raise Invalid({"file": [Problem("required")]})
            read = read_file(text, file.read(), file.name or "")
        except DomainError as error:
            form.refuse(error)
        else:
            return _preview(request, text, read, proposed(read, candidates_of(text)))
    return render(
        request,
        "texts/planning/import.html",
        {
            **setup_frame(request, campaign, STEP),
            "text": text,
            "category": text.category,
            "form": form,
            "has_sections": text.versions.exists(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(may_edit_texts)
def confirm(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Store what was previewed as the draft."""
    text = text_called(campaign, category)
    try:
        read = _unpacked(request.POST.get("document", ""), text)
        chosen = [
            _chosen(request.POST.get(f"section-{number}", _NEW)) for number in range(len(read.sections))
        ]
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        messages.error(request, _("This preview is too old. Please send the document again."))
        return HttpResponseRedirect(address_of(text))
    try:
        replace_draft(text, entries_of(read, chosen), actor=member(request))
    except Invalid as error:
        return _preview(request, text, read, chosen, error)
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(
            request, _("The document is now the draft. People see it once you publish a version.")
        )
    return HttpResponseRedirect(address_of(text))


def _preview(
    request: HttpRequest, text: Text, read: ReadText, chosen: list[UUID | None], error: Invalid | None = None
) -> HttpResponse:
    candidates = candidates_of(text)
    counted = numbers(one.level for one in read.sections)
    found = {} if error is None else error.fields
    rows = [
        Row(number, one, key, _words(found.get(f"sections.{place}", [])))
        for place, (number, one, key) in enumerate(zip(counted, read.sections, chosen, strict=True))
    ]
    kept = set(chosen)
    return render(
        request,
        "texts/planning/preview.html",
        {
            **setup_frame(request, text.campaign, STEP),
            "text": text,
            "category": text.category,
            "read": read,
            "notices": [sentence(one) for one in read.notices],
            "rows": rows,
            "candidates": _in_words(candidates),
            "dropped": [
                one.wording for one in candidates if not one.is_gone and one.wording.section_id not in kept
            ],
            "problems": _words(found.get("sections", [])),
            "document": _packed(read, text),
            "new": _NEW,
        },
        status=200 if error is None else 422,
    )


def _in_words(candidates: list[Candidate]) -> list[tuple[str, str]]:
    """The sections that a part of the document can continue: value and words."""
    standing = [one for one in candidates if not one.is_gone]
    counted = numbers(one.wording.level for one in standing)
    shown = [
        (str(one.wording.section_id), f"{number} {one.wording.heading}".strip())
        for number, one in zip(counted, standing, strict=True)
    ]
    gone = [
        (str(one.wording.section_id), _("%(heading)s (gone)") % {"heading": one.wording.heading})
        for one in candidates
        if one.is_gone
    ]
    return shown + gone


def _words(problems: list[Problem]) -> str:
    return " ".join(sentence(one.code, one.params) for one in problems)


def _packed(read: ReadText, text: Text) -> str:
    sections = [[one.heading, one.body, one.level] for one in read.sections]
    return signing.dumps([text.pk, read.title, sections], salt=_SALT, compress=True)


def _unpacked(document: str, text: Text) -> ReadText:
    """What was previewed; raises BadSignature, ValueError for that of another text."""
    key, title, sections = signing.loads(document, salt=_SALT, max_age=_LASTS)
    if key != text.pk:
        raise ValueError(key)
    return ReadText(title, tuple(ReadSection(*one) for one in sections))


def _chosen(value: str) -> UUID | None:
    return None if value == _NEW else UUID(value)
