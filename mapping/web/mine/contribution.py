"""The author's private page: view, change and withdraw a contribution, from any device, without an account."""

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from doors.visitors import CHANGE
from mapping import rules
from mapping.base_map import follow_url
from mapping.exports.documents import qr
from mapping.forms.answers import answers_in_words
from mapping.forms.contribution import ContributionForm
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files, too_large
from mapping.forms.places import keeps_place
from mapping.models import Category, Contribution, ModerationEvent
from mapping.places.words import name_places
from mapping.services.checking.gates import why_not_open
from mapping.services.erase import withdraw
from mapping.services.errors import DomainError
from mapping.services.identity import contribution_of_token
from mapping.services.messages import sentence
from mapping.services.photos.pictures import MAX_PHOTOS
from mapping.services.releases.making import next_release
from mapping.services.submit import Submission, remove_photo, revise
from mapping.translated.reading import Reading
from mapping.visitor import admit
from mapping.web.contribution_links import links_of
from mapping.web.drawings.outline import draw
from mapping.web.files.photos import file_of
from mapping.web.languages import reading_of, switch_of
from mapping.web.mine.private import gone, private
from mapping.web.refusals import refused


def _admit_photos(request: HttpRequest, *, token: str) -> HttpResponseBase | None:
    """Refuse uploads unless the author may change the contribution."""
    contribution = contribution_of_token(token)
    if contribution is None:
        return gone(request)
    return None if rules.may_send_photos(contribution.campaign, timezone.now()) else too_large(request)


@takes_files(largest_form_with_photos, _admit_photos)
@require_http_methods(["GET", "HEAD", "POST"])
@private(contribution_of_token)
def my_contribution(request: HttpRequest, contribution: Contribution, *, token: str) -> HttpResponse:
    """The contribution with the form to change it; POST stores the change."""
    prefetch_related_objects([contribution.category], "questions")
    reading = reading_of(request, contribution.campaign)
    may_change = rules.may_change_own(contribution, timezone.now())
    form = _form(contribution, None, reading) if may_change else None
    problem: DomainError | None = None
    if request.method == "POST":
        form = _form(contribution, request, reading)
        problem = lost_upload(request)
        is_valid = form.is_valid()
        if problem is not None:
            form.take(problem)
        elif is_valid:
            problem = _store(request, contribution, form)
            if problem is None:
                contribution.refresh_from_db()
                messages.success(request, _changed_in_words(contribution))
                return redirect("my-contribution", token)
    context = _context(request, contribution, token, form, reading)
    page = render(request, "mapping/my_contribution.html", context)
    return page if problem is None else refused(page, problem)


@require_http_methods(["GET", "HEAD", "POST"])
@private(contribution_of_token)
def withdraw_mine(request: HttpRequest, contribution: Contribution, *, token: str) -> HttpResponse:
    """Ask for confirmation, then delete the contribution and all dependent data."""
    if request.method == "POST":
        campaign = contribution.campaign
        withdraw(contribution)
        messages.success(
            request, gettext("Your contribution is deleted, with everything that belonged to it.")
        )
        return redirect(campaign)
    campaign = contribution.campaign
    following = None if campaign.publishes_points else next_release(campaign)
    contribution.category = reading_of(request, campaign).of(contribution.category)
    context = {"contribution": contribution, "token": token, "next_release": following}
    return render(request, "mapping/withdraw.html", context)


@require_safe
@private(contribution_of_token)
def my_photo(request: HttpRequest, contribution: Contribution, *, token: str, pk: UUID) -> HttpResponseBase:  # noqa: ARG001
    """A photo of the author's contribution, whatever its status."""
    return file_of(request, get_object_or_404(contribution.photos, pk=pk), "private, no-store")


@require_POST
@private(contribution_of_token)
def remove_my_photo(
    request: HttpRequest, contribution: Contribution, *, token: str, pk: UUID
) -> HttpResponseRedirect:
    """Delete one photo."""
    remove_photo(get_object_or_404(contribution.photos, pk=pk))
    messages.success(request, gettext("The photo is deleted."))
    return redirect("my-contribution", token)


def _form(contribution: Contribution, request: HttpRequest | None, reading: Reading) -> ContributionForm:
    return ContributionForm(
        reading.of(contribution.category),
        request.POST if request else None,
        request.FILES if request else None,
        contribution=contribution,
        with_photos=contribution.campaign.allows_photos and contribution.photos.count() < MAX_PHOTOS,
    )


def _store(request: HttpRequest, contribution: Contribution, form: ContributionForm) -> DomainError | None:
    """Store the change; returns the error, which the form shows too, or None."""
    sent = form.submission()
    place = _geojson(contribution.geom) if keeps_place(sent.geometry, contribution.geom) else sent.geometry
    try:
        admit(request, CHANGE)
        revise(
            contribution,
            Submission(
                category=sent.category,
                geometry=place,
                text=sent.text,
                answers=sent.answers,
                zoom=sent.zoom,
                photos=sent.photos,
            ),
        )
    except DomainError as problem:
        form.take(problem)
        return problem
    return None


def _geojson(geometry: GEOSGeometry | None) -> object | None:
    return None if geometry is None else json.loads(geometry.geojson)


def _changed_in_words(contribution: Contribution) -> str:
    if contribution.status == "pending":
        return gettext("Your changes are saved. The city looks at them before they become public.")
    return gettext("Your changes are saved.")


def _context(
    request: HttpRequest,
    contribution: Contribution,
    token: str,
    form: ContributionForm | None,
    reading: Reading,
) -> dict[str, object]:
    campaign, category = reading.campaign, reading.of(contribution.category)
    is_public = rules.may_see_public_contributions(campaign) and contribution.status == "published"
    name_places([contribution], campaign)
    outline = None
    if campaign.area is not None and contribution.geom is not None:
        outline = draw(campaign.area, [(category.colour, contribution.geom)])
    link = request.build_absolute_uri(reverse("my-contribution", args=(token,)))
    return {
        "contribution": contribution,
        "campaign": campaign,
        "languages": switch_of(request, reading),
        "category": category,
        "is_public": is_public,
        "answers": answers_in_words(category.questions.all(), contribution.all_answers),
        "photos": contribution.photos.all(),
        "replies": contribution.replies.all(),
        "links": links_of(contribution, token),
        "rejection": _reason_of_rejection(contribution),
        "outline": outline,
        "form": form,
        "token": token,
        "link": link,
        "qr": qr.as_svg(link),
        "place_config": _place_config(category) if form is not None and form.with_place else None,
        "why_no_change": "" if form else _why_no_change(contribution),
    }


def _place_config(category: Category) -> dict[str, object]:
    """The configuration of `js/mine/place-editor.js`."""
    return {
        "slug": category.slug,
        "title": category.title,
        "marker": category.marker,
        "colour": category.colour,
        "geometryTypes": category.geometry_types,
        "smallestZoom": category.smallest_zoom,
        "addresses": f"{reverse('api:addresses')}?campaign={category.campaign.slug}",
        "follow": follow_url(category.campaign, [category]),
    }


def _reason_of_rejection(contribution: Contribution) -> str:
    if contribution.status != "rejected":
        return ""
    event = ModerationEvent.objects.rejections().filter(contribution=contribution).first()
    return event.reason if event else ""


def _why_no_change(contribution: Contribution) -> str:
    error = why_not_open(contribution.campaign, timezone.now())
    return sentence(error.code, error.params)
