"""The sections of a draft in their order: written, moved, left out, put back; the draft discarded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.fields import SetupForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from texts.models import LOWEST_LEVEL, UNNUMBERED, Text, Wording
from texts.models.version import LONGEST_HEADING
from texts.planning.step import text_called
from texts.reading.numbers import numbers
from texts.rules import may_edit_texts
from texts.services.setup.drafts import (
    LONGEST_BODY,
    Entry,
    discard_draft,
    drop_section,
    dropped_of,
    mark_of,
    move_section,
    put_back,
    save_section,
    shown_version,
    wordings_of,
)
from texts.services.setup.texts import STEP

_LEVELS: Final = (
    (1, gettext_lazy("Chapter, for example 2")),
    (2, gettext_lazy("Below a chapter, for example 2.1")),
    (3, gettext_lazy("Third level, for example 2.1.1")),
    (4, gettext_lazy("Fourth level")),
    (5, gettext_lazy("Fifth level")),
    (LOWEST_LEVEL, gettext_lazy("Sixth level")),
    (UNNUMBERED, gettext_lazy("Without a number, for example a preamble")),
)


class SectionForm(SetupForm):
    """A section; the service checks what it holds."""

    heading = forms.CharField(label=gettext_lazy("Heading"), required=False, strip=False)
    level = forms.TypedChoiceField(
        label=gettext_lazy("Level of the heading"),
        help_text=gettext_lazy("The number is counted from the order and the levels of all sections."),
        choices=_LEVELS,
        coerce=int,
        initial=1,
    )
    body = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=gettext_lazy(
            "An empty line begins a paragraph. Lines that begin with - are a list; | stands between cells of a table."
        ),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 14, "maxlength": LONGEST_BODY}),
    )
    expected = forms.CharField(required=False, widget=forms.HiddenInput)

    heading.widget.attrs["maxlength"] = LONGEST_HEADING

    def entry(self) -> Entry:
        """What was typed; call it after `is_valid()`."""
        given = self.cleaned_data
        return Entry(given["heading"], given["body"], given["level"])

    def refuse(self, error: DomainError, names: Mapping[str, str] | None = None) -> None:
        """As of all forms; a change by somebody else can be overwritten when the form is sent again."""
        if error.code == "section_changed" and isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["expected"] = str(error.params["mark"])
            self.data = data
        super().refuse(error, names)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def sections(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """All sections as planners have them; a POST moves one: `up:<id>`, `down:<id>`, `place:<id>:<index>`."""
    text = text_called(campaign, category)
    if request.method == "POST":
        return _moved(request, text)
    version = shown_version(text)
    wordings = wordings_of(version)
    counted = numbers(one.level for one in wordings)
    return render(
        request,
        "texts/planning/sections.html",
        {
            **setup_frame(request, campaign, STEP),
            "text": text,
            "category": text.category,
            "version": version,
            "published": text.versions.published().order_by("-number").first(),
            "sections": list(zip(counted, wordings, strict=True)),
            "dropped": dropped_of(text, version),
            "focus": request.GET.get("focus", ""),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def new_section(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The form of one more section."""
    return _form(request, text_called(campaign, category), None)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def section(request: HttpRequest, campaign: Campaign, category: str, section: UUID) -> HttpResponse:
    """The form of a section."""
    text = text_called(campaign, category)
    wording = next((one for one in wordings_of(shown_version(text)) if one.section_id == section), None)
    if wording is None:
        messages.error(request, sentence("gone"))
        return HttpResponseRedirect(address_of(text))
    return _form(request, text, wording)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def drop(request: HttpRequest, campaign: Campaign, category: str, section: UUID) -> HttpResponse:
    """Leave a section out of the draft, after the question whether that is meant."""
    text = text_called(campaign, category)
    if request.method != "POST":
        wording = next((one for one in wordings_of(shown_version(text)) if one.section_id == section), None)
        if wording is None:
            messages.error(request, sentence("gone"))
            return HttpResponseRedirect(address_of(text))
        return render(
            request,
            "texts/planning/drop.html",
            {
                **setup_frame(request, campaign, STEP),
                "text": text,
                "category": text.category,
                "wording": wording,
                "was_public": wording.section.contribution_id is not None,
            },
        )
    try:
        drop_section(text, section, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(
            request, _("The section is left out. What is public does not change until you publish.")
        )
    return HttpResponseRedirect(address_of(text))


@require_POST
@planners_only(may_edit_texts)
def back(request: HttpRequest, campaign: Campaign, category: str, section: UUID) -> HttpResponse:
    """Put a section that was left out back into the draft."""
    text = text_called(campaign, category)
    try:
        put_back(text, section, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The section is back, behind the others."))
    return HttpResponseRedirect(address_of(text))


@require_POST
@planners_only(may_edit_texts)
def discard(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Delete the draft."""
    text = text_called(campaign, category)
    try:
        discard_draft(text, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The draft was discarded."))
    return HttpResponseRedirect(address_of(text))


def address_of(text: Text) -> str:
    """The page of the sections of a text."""
    return reverse("texts-planning:sections", args=(text.campaign.slug, text.category.slug))


def _moved(request: HttpRequest, text: Text) -> HttpResponse:
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    wordings = wordings_of(shown_version(text))
    now = next((number for number, one in enumerate(wordings) if str(one.section_id) == name), None)
    if now is None:
        messages.error(request, sentence("gone"))
        return HttpResponseRedirect(address_of(text))
    step = {"up": -1, "down": 1}.get(what, 0)
    target = int(index) if what == "place" and index.isdecimal() and len(index) < 5 else now + step
    try:
        move_section(text, wordings[now].section_id, target, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    return HttpResponseRedirect(f"{address_of(text)}?{urlencode({'focus': f'{what}:{name}'})}")


def _form(request: HttpRequest, text: Text, wording: Wording | None) -> HttpResponse:
    initial: dict[str, object] = {}
    if wording is not None:
        initial = {name: getattr(wording, name) for name in ("heading", "body", "level")}
        initial["expected"] = mark_of(wording)
    form = SectionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        key = None if wording is None else wording.section_id
        try:
            stored = save_section(
                text, key, form.entry(), actor=member(request), expected=form.cleaned_data["expected"]
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved in the draft. People see it once you publish a version."))
            return HttpResponseRedirect(f"{address_of(text)}#s-{stored.section_id}")
    return render(
        request,
        "texts/planning/section.html",
        {
            **setup_frame(request, text.campaign, STEP),
            "text": text,
            "category": text.category,
            "wording": wording,
            "form": form,
        },
        status=422 if form.errors else 200,
    )
