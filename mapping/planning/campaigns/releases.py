"""The page of protected areas: their public data, the schedule of releases, and exact numbers."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.aggregation.releases.publication import current_release
from mapping.models import Campaign, ReleaseRhythm
from mapping.planning.access import frame, log_exact_access, member, planners_only
from mapping.services.releases import making as releases


class RhythmForm(forms.Form):
    """Schedule of releases."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("When are the areas renewed?"),
        choices=ReleaseRhythm.choices,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, campaign: Campaign) -> None:
        super().__init__(data, initial={"rhythm": campaign.release_rhythm}, label_suffix="")


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_order_releases)
def areas(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Set the schedule, or order a release by hand; it is made at the next fixed time, never by this request."""
    if campaign.publishes_points:
        raise Http404
    form = RhythmForm(
        request.POST if request.method == "POST" and "rhythm" in request.POST else None, campaign
    )
    if request.method == "POST":
        if "order" in request.POST:
            releases.order_release(campaign, member(request))
            messages.success(request, _("The next release is ordered. It is made at night."))
            return _back(campaign)
        if form.is_valid():
            releases.set_rhythm(campaign, form.cleaned_data["rhythm"], member(request))
            messages.success(request, _("Saved."))
            return _back(campaign)
    log_exact_access(request, campaign, "areas")
    return render(
        request,
        "planning/areas.html",
        {
            **frame(request, campaign, "areas"),
            "form": form,
            "counts": releases.counts(campaign),
            "release": current_release(campaign),
            "next_release": releases.next_release(campaign),
            "is_held": releases.is_held(campaign),
            "is_by_hand": campaign.release_rhythm == ReleaseRhythm.BY_HAND,
        },
        status=422 if form.errors else 200,
    )


def _back(campaign: Campaign) -> HttpResponse:
    return HttpResponseRedirect(reverse("planning:areas", args=(campaign.slug,)))
