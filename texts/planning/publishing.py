"""The page on which the draft is compared with what people read, and published."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import SetupForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from texts.planning.sections import address_of
from texts.planning.step import text_called
from texts.rules import may_edit_texts
from texts.services.setup.drafts import shown_version
from texts.services.setup.publishing import LONGEST_NOTE, changes_of, publish
from texts.services.setup.texts import STEP


class VersionForm(SetupForm):
    """What people read about the new version."""

    note = forms.CharField(
        label=gettext_lazy("What changed?"),
        help_text=gettext_lazy("One or two sentences, above the differences to the version before."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_NOTE}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_texts)
def publication(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """What the draft changes, and the button that publishes it."""
    text = text_called(campaign, category)
    form = VersionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            version = publish(text, actor=member(request), note_to_readers=form.cleaned_data["note"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
            return HttpResponseRedirect(address_of(text))
    version_shown = shown_version(text)
    changes = changes_of(text, version_shown)
    return render(
        request,
        "texts/planning/publish.html",
        {
            **setup_frame(request, campaign, STEP),
            "text": text,
            "category": text.category,
            "version": version_shown,
            "is_first": version_shown is not None and version_shown.number == 1,
            "changes": [one for one in changes if one.state != "same"],
            "same": sum(one.state == "same" for one in changes),
            "form": form,
        },
        status=422 if form.errors else 200,
    )
