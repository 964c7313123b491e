"""The plain form for contributing, without JavaScript or a map.

One page, submitted repeatedly: choose the category, find the place by its name or type coordinates, answer, write,
send. Every button submits the whole form, so that no input is lost.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from doors.visitors import CONTRIBUTE, SEARCH
from mapping import rules
from mapping.forms.contribution import ContributionForm
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files, too_large
from mapping.models import Address, Campaign, Category
from mapping.models.campaign import PlaceType
from mapping.services.errors import DomainError, Invalid, TooMany
from mapping.services.identity import edit_token
from mapping.services.submit import submit
from mapping.visitor import admit, remember, visitor_of
from mapping.web.campaigns import invitation, invites
from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404
from mapping.web.phases import phases_of
from mapping.web.refusals import refused
from mapping.web.signing_in.call import call_of

RESULTS = 8
_LONGEST_QUERY = 100
_NUMBER = re.compile(r"[0-9]{1,15}")


@dataclass(frozen=True)
class PlaceSearch:
    """The search for a place by name: the query, the results, the chosen one."""

    words: str = ""
    results: Sequence[Address] = field(default_factory=tuple)
    was_asked: bool = False
    taken: str = ""


def _admit_photos(request: HttpRequest, *, slug: str) -> HttpResponse | None:
    """Refuse uploads unless the campaign accepts photos now."""
    campaign = campaign_or_404(request, slug)
    return None if rules.may_send_photos(campaign, timezone.now()) else too_large(request)


@takes_files(largest_form_with_photos, _admit_photos)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def contribute(request: HttpRequest, slug: str) -> HttpResponse:
    """The plain form of a campaign; `?category=` chooses one where there are several."""
    reading = reading_of(request, campaign_or_404(request, slug))
    campaign = reading.campaign
    categories = [category for category in campaign.categories.all() if rules.may_contribute_to(category)]
    chosen = request.POST.get("category") or request.GET.get("category", "")
    category = next((one for one in categories if one.slug == chosen), None)
    if category is None and len(categories) == 1:
        category = categories[0]
    context: dict[str, object] = {
        "campaign": campaign,
        "languages": switch_of(request, reading),
        "status": campaign.status_at(timezone.now()),
        "phases": phases_of(reading, timezone.now()),
        "may_contribute": invites(reading.original, categories, timezone.now()),
        "categories": categories,
        "category": category,
        "invitation": invitation(categories),
        "sign_in": call_of(request, campaign),
    }
    if category is None:
        # No radio button was chosen: show an error instead of the same page again.
        context["category_missing"] = "category" in request.GET
        return render(request, "mapping/contribute.html", context)
    if request.method != "POST":
        return render(request, "mapping/contribute.html", context | {"form": ContributionForm(category)})
    return _posted(request, reading.original, category, context)


def _posted(
    request: HttpRequest, campaign: Campaign, category: Category, context: dict[str, object]
) -> HttpResponse:
    data = request.POST.copy()
    problem: TooMany | None = None
    if "pick" in data:
        search = PlaceSearch(words=data.get("q", ""), taken=_take_place(data, category))
    elif "search" in data:
        try:
            admit(request, SEARCH)
            search = _search(data.get("q", ""))
        except TooMany as error:
            search, problem = PlaceSearch(words=data.get("q", "")), error
    else:
        return _send(request, campaign, category, context)
    # The form keeps the input, but shows no errors before it is submitted.
    form = ContributionForm(category, data)
    form.full_clean()
    form.errors.clear()
    if problem is not None:
        form.take(problem)
    page = context | {"form": form, "search": search, "photos_again": bool(request.FILES)}
    response = render(request, "mapping/contribute.html", page)
    return response if problem is None else refused(response, problem)


def _send(
    request: HttpRequest, campaign: Campaign, category: Category, context: dict[str, object]
) -> HttpResponse:
    form = ContributionForm(category, request.POST, request.FILES)
    visitor = visitor_of(request, campaign)
    problem: DomainError = Invalid({})
    lost = lost_upload(request)
    is_valid = form.is_valid()
    if lost is not None:
        form.take(lost)
        problem = lost
    elif is_valid:
        try:
            must_wait = admit(request, CONTRIBUTE, campaign, may_wait=True)
            sent = submit(campaign, form.submission(), visitor.secret, must_wait=must_wait)
        except DomainError as error:
            form.take(error)
            problem = error
        else:
            own_page = reverse("contribution-thanks", args=(edit_token(sent.contribution.pk),))
            if not sent.is_author:
                messages.success(request, gettext("Thank you for your contribution!"))
            response = HttpResponseRedirect(
                own_page if sent.is_author else campaign.get_absolute_url(), status=303
            )
            remember(response, visitor)
            return response
    search = PlaceSearch(words=request.POST.get("q", ""))
    page = context | {"form": form, "search": search, "photos_again": bool(request.FILES)}
    return refused(render(request, "mapping/contribute.html", page), problem)


def _search(words: str) -> PlaceSearch:
    words = " ".join(words.replace("\0", "").split())[:_LONGEST_QUERY]
    results = list(Address.objects.like(words)[:RESULTS]) if words else []
    return PlaceSearch(words=words, results=results, was_asked=True)


def _take_place(data: QueryDict, category: Category) -> str:
    """Fill in a found place; for lines and areas, append it to the positions. Returns its name."""
    picked = str(data["pick"])
    address = Address.objects.filter(pk=int(picked)).first() if _NUMBER.fullmatch(picked) else None
    if address is None:
        return ""
    placed = [kind for kind in category.geometry_types if kind != PlaceType.NONE]
    kind = data.get("place_type") or (placed[0] if placed else PlaceType.NONE)
    if kind in (PlaceType.LINE, PlaceType.POLYGON):
        typed = data.get("positions", "").rstrip()
        data["positions"] = f"{typed}\n{address.geom.y:.6f}, {address.geom.x:.6f}".lstrip()
    else:
        data["place_type"] = PlaceType.POINT
        data["latitude"], data["longitude"] = f"{address.geom.y:.6f}", f"{address.geom.x:.6f}"
    return address.name
