"""The table of translations into one language: originals beside their translations, a part at a time.

A form holds the texts of one page only: Django takes a thousand fields at most, and campaigns have more texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.languages import Language, language_of
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import StepForm
from mapping.planning.setup.frame import setup_frame
from mapping.planning.setup.translating.languages import chosen_language
from mapping.planning.setup.translating.shown import ShownText, shown_texts, with_headings
from mapping.services.errors import DomainError
from mapping.services.setup import translating
from mapping.translated.progress import Progress

_ON_A_PAGE: Final = 40
_ONE_LINE: Final = 70
"""Characters of an original for which a line is enough."""
_FILTERS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("", pgettext_lazy("texts", "All")),
    ("missing", pgettext_lazy("texts", "Missing")),
    ("outdated", pgettext_lazy("texts", "Outdated")),
)


class TranslationsForm(StepForm):
    """The translations of some texts, and for those that are out of date whether they are still right."""

    def __init__(
        self, texts: Sequence[ShownText], language: Language, data: Mapping[str, Any] | None = None
    ) -> None:
        version = translating.version_of(one.entry for one in texts)
        super().__init__(data, initial={"expected": version})
        for one in texts:
            self.fields[_field(one)] = forms.CharField(
                label=one.title,
                required=False,
                initial=one.entry.translation,
                widget=_widget(one, language),
            )
            if one.entry.is_outdated:
                label = _("The translation is still right")
                self.fields[_confirmation(one)] = forms.BooleanField(label=label, required=False)
        self.texts = texts

    def rows(self) -> list[ShownRow]:
        """The rows of the table."""
        return [
            ShownRow(
                heading,
                one,
                self[_field(one)],
                self[_confirmation(one)] if one.entry.is_outdated else None,
            )
            for heading, one in with_headings(self.texts)
        ]


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A text with its fields; `heading` stands above it where it is not empty."""

    heading: str
    shown: ShownText
    field: BoundField
    confirmation: BoundField | None


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of texts by their state, with how many there are."""

    title: str
    address: str
    number: int
    is_current: bool


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def table(request: HttpRequest, campaign: Campaign, language: str) -> HttpResponse:
    """Show and store translations. Sent without its button, the form comes back with the same texts, as stored."""
    found = chosen_language(campaign, language)
    texts = shown_texts(translating.translations_in(campaign, language))
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in dict(_FILTERS) else ""
    page = Paginator([one for one in texts if chosen in ("", one.state)], _ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    form = TranslationsForm(list(page.object_list), found)
    if request.method == "POST":
        form = TranslationsForm([one for one in texts if _field(one) in request.POST], found, request.POST)
        if form.is_valid() and _stored(request, campaign, found, form):
            if "do" in request.POST:
                messages.success(request, _("Saved."))
                return HttpResponseRedirect(request.get_full_path())
            sent = {one.mark for one in form.texts}
            texts = shown_texts(translating.translations_in(campaign, language))
            form = TranslationsForm([one for one in texts if one.mark in sent], found)
    return render(
        request,
        "planning/setup/translating/table.html",
        {
            **setup_frame(request, campaign, "languages"),
            "language": found,
            "original": language_of(campaign.language),
            "form": form,
            "rows": form.rows(),
            "progress": _progress(texts, found),
            "filters": _filters(request, texts, chosen),
            "chosen": chosen,
            "here": request.get_full_path(),
            "page": page,
        },
        status=422 if form.errors else 200,
    )


def _field(one: ShownText) -> str:
    return f"text-{one.mark}"


def _confirmation(one: ShownText) -> str:
    return f"right-{one.mark}"


def _widget(one: ShownText, language: Language) -> forms.Widget:
    text = one.entry.text
    attrs = {"lang": language.tag, "dir": language.direction, "autocomplete": "off"}
    if text.is_long:
        attrs["rows"] = "8"
        return forms.Textarea(attrs=attrs | ({"data-formatting": ""} if text.is_formatted else {}))
    if len(text.original) > _ONE_LINE:
        return forms.Textarea(attrs=attrs | {"rows": "3"})
    return forms.TextInput(attrs=attrs)


def _stored(request: HttpRequest, campaign: Campaign, language: Language, form: TranslationsForm) -> bool:
    data = form.cleaned_data
    names = {one.entry.text.name: one for one in form.texts}
    try:
        translating.set_translations(
            campaign,
            member(request),
            language.tag,
            {name: data[_field(one)] for name, one in names.items()},
            confirmed={name for name, one in names.items() if data.get(_confirmation(one))},
            expected=data["expected"],
        )
    except DomainError as error:
        form.refuse(error, {name: _field(one) for name, one in names.items()})
        return False
    return True


def _progress(texts: Sequence[ShownText], language: Language) -> Progress:
    states = [one.state for one in texts]
    return Progress(language, len(texts), states.count("translated"), states.count("outdated"))


def _filters(request: HttpRequest, texts: Sequence[ShownText], chosen: str) -> list[Filter]:
    return [
        Filter(
            str(title),
            f"{request.path}?{urlencode({'show': name})}" if name else request.path,
            sum(1 for one in texts if name in ("", one.state)),
            is_current=name == chosen,
        )
        for name, title in _FILTERS
    ]
