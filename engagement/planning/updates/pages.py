"""News of a campaign for those who write them: the list, the form, the pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from engagement.calendar.clock import moment_of
from engagement.calendar.problems import CalendarProblem
from engagement.models import Update
from engagement.rules import may_edit_of_campaign
from engagement.services.images import LONGEST_ALT, MOST_IMAGES
from engagement.services.updates import (
    LONGEST,
    add_picture,
    delete_update,
    remove_picture,
    save_update,
    version_of,
)
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files
from mapping.models import Campaign
from mapping.planning.access import file_door, frame, member, planners_only
from mapping.planning.setup.fields import (
    FORMATTING,
    SetupForm,
    StepForm,
    day_input,
    time_input,
)
from mapping.services.errors import DomainError
from mapping.services.messages import sentence


class UpdateForm(StepForm):
    """News: a title, a text, and from when the public may read it."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST["title"])
    text = forms.CharField(
        label=gettext_lazy("Text"),
        help_text=FORMATTING,
        max_length=LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": 10, "data-formatting": ""}),
    )
    is_public = forms.BooleanField(
        label=gettext_lazy("Publish"),
        help_text=gettext_lazy("Without it this is a draft."),
        required=False,
    )
    day = forms.DateField(
        label=gettext_lazy("Published on"),
        help_text=gettext_lazy("Empty: at once. A later day publishes it by itself."),
        required=False,
        widget=day_input(),
    )
    time = forms.TimeField(label=gettext_lazy("from (time)"), required=False, widget=time_input())

    def clean(self) -> dict[str, Any]:
        """A time belongs to a day; both together are a moment that there is, in a year that is likely."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, time = data.get("day"), data.get("time")
        if time is not None and day is None and "day" not in self.errors:
            self.add_error("day", _("Please choose a day, too."))
        if day is not None and not self.errors:
            try:
                moment_of(datetime.combine(day, time or datetime.min.time()), settings.TIME_ZONE)
            except CalendarProblem as problem:
                self.add_error("day", sentence(problem.code, problem.params))
        return data

    def published_at(self, before: datetime | None) -> datetime | None:
        """The moment that was chosen; None for the one there is, whose seconds the form does not show."""
        day, time = self.cleaned_data["day"], self.cleaned_data["time"]
        if day is None or (before is not None and initial_moment(before) == {"day": day, "time": time}):
            return None
        return timezone.make_aware(datetime.combine(day, time or datetime.min.time()))


class PictureForm(SetupForm):
    """One more picture, with what it shows."""

    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("JPEG, PNG or WebP, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    alt = forms.CharField(
        label=gettext_lazy("What the picture shows"),
        help_text=gettext_lazy("For people who do not see it."),
        max_length=LONGEST_ALT,
        required=False,
    )


def initial_moment(moment: datetime) -> dict[str, Any]:
    """The fields of the form for a stored moment."""
    local = timezone.localtime(moment)
    return {"day": local.date(), "time": local.time().replace(second=0, microsecond=0)}


@require_safe
@planners_only(may_edit_of_campaign)
def updates(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """All news of a campaign, the newest first."""
    found = (
        Update.objects.filter(campaign=campaign).defer("text").order_by("-is_draft", "-published_at", "pk")
    )
    return render(
        request,
        "engagement/updates/planning/list.html",
        {**frame(request, campaign, "updates"), "updates": found, "now": timezone.now()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_of_campaign)
def new(request: HttpRequest, campaign: Campaign) -> HttpResponseBase:
    """The form of new ones."""
    return _edited(request, campaign, None)


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_of_campaign)
def edit(request: HttpRequest, campaign: Campaign, update: UUID) -> HttpResponseBase:
    """The form of some that are there."""
    return _edited(request, campaign, get_object_or_404(Update, campaign=campaign, pk=update))


@takes_files(largest_form_with_photos, file_door(may_edit_of_campaign))
@require_POST
@planners_only(may_edit_of_campaign)
def pictures(request: HttpRequest, campaign: Campaign, update: UUID) -> HttpResponseBase:
    """Add a picture, or take one away (`remove` is its id)."""
    found = get_object_or_404(Update.objects.select_related("campaign"), campaign=campaign, pk=update)
    form = PictureForm(request.POST, request.FILES)
    lost = lost_upload(request)
    try:
        if named := request.POST.get("remove", ""):
            remove_picture(member(request), found, UUID(named))
            messages.success(request, _("The picture was removed."))
            return redirect("records:update", campaign.slug, found.pk)
        if lost is not None:
            form.refuse(lost)
        elif form.is_valid():
            data = form.cleaned_data
            add_picture(member(request), found, data["picture"].read(), data["alt"])
            messages.success(request, _("The picture was added."))
            return redirect("records:update", campaign.slug, found.pk)
    except DomainError as error:
        form.refuse(error)
    except ValueError:
        form.add_error(None, sentence("gone"))
    return _page(request, campaign, found, _form(None, found), form)


@require_POST
@planners_only(may_edit_of_campaign)
def delete(request: HttpRequest, campaign: Campaign, update: UUID) -> HttpResponseBase:
    """Delete news with their pictures."""
    found = get_object_or_404(Update.objects.select_related("campaign"), campaign=campaign, pk=update)
    delete_update(member(request), found)
    messages.success(request, _("The news item was deleted."))
    return redirect("records:updates", campaign.slug)


def _edited(request: HttpRequest, campaign: Campaign, update: Update | None) -> HttpResponseBase:
    form = _form(request, update)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        before = None if update is None or update.is_draft else update.published_at
        try:
            stored = save_update(
                member(request),
                campaign,
                update,
                {name: data[name] for name in LONGEST},
                is_public=data["is_public"],
                published_at=form.published_at(before),
                expected=data["expected"],
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("records:update", campaign.slug, stored.pk)
    return _page(request, campaign, update, form, PictureForm())


def _form(request: HttpRequest | None, update: Update | None) -> UpdateForm:
    initial: dict[str, Any] = {"is_public": True}
    if update is not None:
        initial = {
            "title": update.title,
            "text": update.text,
            "is_public": not update.is_draft,
            "expected": version_of(update),
        }
        if not update.is_draft:
            initial |= initial_moment(update.published_at)
    is_sent = request is not None and request.method == "POST"
    return UpdateForm(request.POST if request is not None and is_sent else None, initial=initial)


def _page(
    request: HttpRequest, campaign: Campaign, update: Update | None, form: UpdateForm, picture: PictureForm
) -> HttpResponseBase:
    return render(
        request,
        "engagement/updates/planning/edit.html",
        {
            **frame(request, campaign, "updates"),
            "update": update,
            "form": form,
            "picture_form": picture,
            "images": [] if update is None else list(update.images.all()),
            "most_images": MOST_IMAGES,
            "now": timezone.now(),
        },
        status=422 if form.errors or picture.errors else 200,
    )
