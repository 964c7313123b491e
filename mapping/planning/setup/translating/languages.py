"""The languages in which a campaign is offered, and how far each is translated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.languages import OFFERED, Language, language_of
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import Described, StepForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.setup import translating
from mapping.services.setup.changes import version_of
from mapping.services.setup.translating import Hidden
from mapping.translated.progress import progress_of

_HIDDEN: Final = (
    (
        Hidden.KEEP,
        Described(
            gettext_lazy("Keep them"),
            gettext_lazy("Nobody sees them; they are back as soon as the language is chosen again."),
        ),
    ),
    (
        Hidden.DELETE,
        Described(
            gettext_lazy("Delete them"),
            gettext_lazy(
                "They stay in the history, where the deletion can be taken back as the last change."
            ),
        ),
    ),
)


class LanguagesForm(StepForm):
    """Which languages; `hidden` is there only where translations would be hidden."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Further languages"),
        help_text=gettext_lazy(
            "People choose among them on the campaign's pages. What is not translated yet is shown as it was written."
        ),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the other steps"),
        help_text=gettext_lazy("The language in which you write the texts of this campaign."),
        required=False,
    )
    hidden = forms.ChoiceField(
        label=gettext_lazy("What becomes of the translations?"),
        choices=_HIDDEN,
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, original: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        further, language = self.fields["languages"], self.fields["language"]
        assert isinstance(further, forms.ChoiceField)  # noqa: S101 - for the type checker
        assert isinstance(language, forms.ChoiceField)  # noqa: S101
        further.choices = [(one.tag, one) for one in OFFERED if one.tag != original]
        language.choices = [(one.tag, str(one.name)) for one in OFFERED]


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def languages(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Choose the languages, and see what each still lacks."""
    is_sent = request.method == "POST"
    data = request.POST if is_sent else None
    form = LanguagesForm(campaign.language, data, initial=_initial(campaign))
    is_undecided = "hidden" in request.POST
    if is_sent and form.is_valid():
        try:
            _store(campaign, form, request)
        except DomainError as error:
            is_undecided = is_undecided or error.code == "translations_undecided"
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:setup-languages", slug=campaign.slug)
    return render(
        request,
        "planning/setup/translating/languages.html",
        {
            **setup_frame(request, campaign, "languages"),
            "form": form,
            "is_undecided": is_undecided,
            "progress": progress_of(campaign, translating.texts_to_translate(campaign)),
        },
        status=422 if form.errors else 200,
    )


def chosen_language(campaign: Campaign, tag: str) -> Language:
    """One of the further languages of a campaign; raises Http404 for any other."""
    if tag not in campaign.languages:
        raise Http404
    return language_of(tag)


def _initial(campaign: Campaign) -> Mapping[str, object]:
    return {
        "languages": campaign.languages,
        "language": campaign.language,
        "expected": version_of(campaign, "languages"),
    }


def _store(campaign: Campaign, form: LanguagesForm, request: HttpRequest) -> None:
    data = form.cleaned_data
    translating.set_languages(
        campaign,
        member(request),
        data["languages"],
        original=data["language"] or None,
        expected=data["expected"],
        hidden=Hidden(data["hidden"]) if data["hidden"] else None,
    )
