"""A campaign's page: its texts, the map, the list of contributions."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.base_map import follow_url
from mapping.forms.contribution import ContributionForm
from mapping.links.short import code_of
from mapping.models import Action, Campaign, CampaignStatus, Category, Contribution, Question
from mapping.models.campaign import PlaceType
from mapping.places.words import name_places
from mapping.questions.registry import KINDS
from mapping.services.identity import edit_token
from mapping.translated.reading import language_tag
from mapping.visitor import known_participant
from mapping.web.campaign_tabs import CampaignPage, tabs_of
from mapping.web.drawings.outline import Outline, draw
from mapping.web.languages import reading_of, show_categories, switch_of
from mapping.web.listing import listing_of
from mapping.web.lookup import campaign_or_404
from mapping.web.outreach.copies import is_copy, offering_copies
from mapping.web.overview.cards import heat_of, public_numbers, public_release
from mapping.web.phases import invites_to, phases_of
from mapping.web.sharing import share_of_campaign
from mapping.web.signing_in.call import call_of

SHOWN_OWN = 50
_NO_ID = "00000000-0000-0000-0000-000000000000"


@require_safe
@offering_copies
@never_cache
def campaign_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The campaign's page; works without JavaScript, `js/campaign.js` turns it into map and panel."""
    return show_campaign(request, campaign_or_404(request, slug))


def show_campaign(
    request: HttpRequest,
    found: Campaign,
    *,
    template: str = "mapping/campaign.html",
    takes_part: bool = True,
    **more: object,
) -> HttpResponse:
    """Render a campaign's page; without `takes_part` it invites to nothing, `more` is for the template."""
    reading = reading_of(request, found)
    campaign = reading.campaign
    now = timezone.now()
    categories = list(campaign.categories.all())
    open_categories = [category for category in categories if rules.may_contribute_to(category)]
    # A draft is previewed with the public layout of its kind; its contributions stay behind the gate.
    is_public = campaign.publishes_points
    listing = listing_of(request, campaign) if is_public else None
    if listing is not None:
        show_categories(listing.contributions, campaign)
    status = campaign.status_at(now)
    sign_in = call_of(request, campaign) if takes_part else None
    takes_part = takes_part and not (sign_in is not None and sign_in.is_needed)
    has_map = any(set(category.geometry_types) - {PlaceType.NONE} for category in categories)
    may_contribute = takes_part and invites(reading.original, open_categories, now)
    own = own_contributions(request, campaign)
    show_categories(own, campaign)
    has_survey = Question.objects.of_survey(campaign.pk).exists()
    shown = CampaignPage(campaign, has_map=has_map, has_categories=bool(categories), has_survey=has_survey)
    tabs = tabs_of(shown)
    context = {
        "campaign": campaign,
        "languages": switch_of(request, reading),
        "status": status,
        "categories": categories,
        "is_public": is_public,
        "heat": _heat(campaign) if status != CampaignStatus.UPCOMING else None,
        "numbers": public_numbers(campaign, has_survey=has_survey)
        if status != CampaignStatus.UPCOMING
        else None,
        "listing": listing,
        "own": own,
        "has_map": has_map,
        "has_survey": has_survey,
        "share": share_of_campaign(request, campaign),
        "short_address": request.build_absolute_uri(reverse("short-address", args=(code_of(campaign.pk),))),
        "copied_at": now if is_copy(request) else None,
        "takes_part": takes_part,
        "sign_in": sign_in,
        "may_answer": has_survey and takes_part and invites_to(reading.original, Action.ANSWER, now),
        "may_react": takes_part and _invites_reactions(reading.original, now),
        "phases": phases_of(reading, now),
        "tabs": tabs,
        "invitations": [
            one
            for one in tabs
            if takes_part and one.invites_to and invites_to(reading.original, one.invites_to, now)
        ],
        "may_contribute": may_contribute,
        "draws": may_contribute and _draws(open_categories),
        "invitation": invitation(open_categories),
        "forms": forms_of(open_categories) if may_contribute else [],
        "config": _config(campaign, categories, listing.matched if listing else 0, has_own=bool(own)),
    }
    return render(request, template, {**context, **more})


def _heat(campaign: Campaign) -> Outline | None:
    """The released cells of a protected campaign as a small picture."""
    release = public_release(campaign)
    if release is None or campaign.area is None:
        return None
    return draw(campaign.area, heat=heat_of(release), focus=True)


def own_contributions(request: HttpRequest, campaign: Campaign) -> list[Contribution]:
    """The contributions of this browser's participant, newest first, each with its private link as `edit_url`."""
    participant = known_participant(request, campaign)
    if participant is None:
        return []
    related = (
        Contribution.objects.by(participant).select_related("category").prefetch_related("photos", "replies")
    )
    own = list(related.newest_first()[:SHOWN_OWN])
    name_places(own, campaign)
    for contribution in own:
        contribution.edit_url = reverse("my-contribution", args=(edit_token(contribution.pk),))  # type: ignore[attr-defined]
    return own


def invites(campaign: Campaign, open_categories: Sequence[Category], at: datetime) -> bool:
    """Whether pages invite people to contribute; drafts do as a preview, but accept nothing."""
    return bool(open_categories) and invites_to(campaign, Action.CONTRIBUTE, at)


def _invites_reactions(campaign: Campaign, at: datetime) -> bool:
    """Whether people may say what they think of what others contributed."""
    return (campaign.allows_comments and invites_to(campaign, Action.COMMENT, at)) or (
        (campaign.allows_support or campaign.allows_opposition) and invites_to(campaign, Action.SUPPORT, at)
    )


def forms_of(categories: Sequence[Category]) -> list[ContributionForm]:
    """One form for each category, with distinct ids, as all are on one page."""
    return [
        ContributionForm(category, with_place=False, auto_id=f"{category.slug}-%s") for category in categories
    ]


def invitation(categories: Sequence[Category]) -> str:
    """The label of the main button."""
    types = {kind for category in categories for kind in category.geometry_types}
    if types == {PlaceType.NONE}:
        return gettext("Share an idea")
    if types == {PlaceType.LINE}:
        return gettext("Draw a line")
    if types == {PlaceType.POLYGON}:
        return gettext("Draw an area")
    return gettext("Mark a place")


def _draws(categories: Sequence[Category]) -> bool:
    """Whether people draw lines or areas: browsers keep the tools for it only then."""
    return any({PlaceType.LINE, PlaceType.POLYGON} & set(category.geometry_types) for category in categories)


def _config(
    campaign: Campaign, categories: Sequence[Category], total: int, *, has_own: bool
) -> Mapping[str, object]:
    """The configuration of `js/campaign.js`."""
    return {
        "slug": campaign.slug,
        "isPublic": campaign.publishes_points,
        "isPreview": campaign.is_draft,
        "allowsPhotos": campaign.allows_photos,
        "total": total,
        "hasOwn": has_own,
        "urls": {
            "contributions": reverse("api:contributions", args=(campaign.slug,)),
            "mine": reverse("api:mine", args=(campaign.slug,)),
            "similar": reverse("api:similar", args=(campaign.slug,)),
            "centres": reverse("api:centres", args=(campaign.slug,)),
            "addresses": f"{reverse('api:addresses')}?campaign={campaign.slug}",
            "placeWords": reverse("api:place-words", args=(campaign.slug,)),
            "follow": follow_url(campaign, categories),
            "contribution": reverse("contribution", args=(campaign.slug, _NO_ID)).replace(_NO_ID, "{id}"),
        },
        "categories": [
            {
                "slug": category.slug,
                "title": category.title,
                "language": language_tag(category.title),
                "marker": category.marker,
                "colour": category.colour,
                "geometryTypes": category.geometry_types,
                "smallestZoom": category.smallest_zoom,
                "isOpen": rules.may_contribute_to(category),
                "questions": [
                    {"slug": question.slug, "type": KINDS[question.kind].column}
                    for question in category.questions.all()
                ],
            }
            for category in categories
        ],
    }
