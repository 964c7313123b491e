"""The step of the texts and the title picture."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files
from mapping.models import Campaign
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.setup.fields import StepForm, formatted_text
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.photos.city_pictures import LONGEST_ALT
from mapping.services.setup.changes import version_of
from mapping.services.setup.texts import LONGEST, NewPicture, set_texts


class TextsForm(StepForm):
    """What people read about the campaign."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST["title"])
    summary = forms.CharField(
        label=gettext_lazy("Summary"),
        help_text=gettext_lazy("One or two sentences, on cards and at the top of the page."),
        max_length=LONGEST["summary"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    description = formatted_text(gettext_lazy("Description"), LONGEST["description"], 10)
    outcome = formatted_text(
        gettext_lazy("What became of it"),
        LONGEST["outcome"],
        4,
        gettext_lazy("Shown first on the page once it is written, usually after the end."),
    )
    picture = forms.FileField(
        label=gettext_lazy("Title picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP. Place and time of the shot are removed."),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy(
            "For people who do not see it, for example: a cyclist in front of the town hall."
        ),
        max_length=LONGEST_ALT,
        required=False,
    )
    remove_picture = forms.BooleanField(label=gettext_lazy("Remove the picture"), required=False)
    organiser = forms.CharField(
        label=gettext_lazy("Organised by"), max_length=LONGEST["organiser"], required=False
    )
    contact = forms.CharField(
        label=gettext_lazy("Contact for questions"),
        help_text=gettext_lazy("An address or telephone number, also for questions about people's own data."),
        max_length=LONGEST["contact"],
        required=False,
    )
    attribution = forms.CharField(
        label=gettext_lazy("Source of the data on the map"),
        help_text=gettext_lazy("Only where the city shows data of others."),
        max_length=LONGEST["attribution"],
        required=False,
    )


@takes_files(largest_form_with_photos, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def texts(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show and store the texts and the title picture."""
    is_sent = request.method == "POST"
    form = TextsForm(request.POST, request.FILES) if is_sent else TextsForm(initial=_initial(campaign))
    if not campaign.picture:
        del form.fields["remove_picture"]
    if is_sent and (lost := lost_upload(request)) is not None:
        form.refuse(lost)
    elif is_sent and form.is_valid() and _stored(campaign, form, request):
        messages.success(request, _("Saved."))
        return redirect("planning:setup-texts", slug=campaign.slug)
    return render(
        request,
        "planning/setup/texts.html",
        {**setup_frame(request, campaign, "texts"), "form": form},
        status=422 if form.errors else 200,
    )


def _initial(campaign: Campaign) -> dict[str, Any]:
    return {name: getattr(campaign, name) for name in LONGEST} | {
        "alt": campaign.picture.alt if campaign.picture else "",
        "expected": version_of(campaign, "texts"),
    }


def _stored(campaign: Campaign, form: TextsForm, request: HttpRequest) -> bool:
    data = form.cleaned_data
    file = data["picture"]
    picture = NewPicture(
        data["alt"], file.read() if file else None, is_removed=bool(data.get("remove_picture"))
    )
    try:
        texts = {name: data[name] for name in LONGEST}
        set_texts(campaign, member(request), texts, picture, data["expected"])
    except DomainError as error:
        form.refuse(error)
        return False
    return True
