"""The picture that messengers show of a campaign's link, where it has no title picture (`mapping.web.sharing`)."""

from __future__ import annotations

from django.contrib.gis.geos import GEOSGeometry
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from mapping.aggregation.releases.publication import current_heads
from mapping.exports.documents.typeface import has_letters_for
from mapping.http.kept import kept_answers
from mapping.languages import site_language
from mapping.models import Campaign, CampaignStatus, Change
from mapping.models.setup.profile import current_city
from mapping.web.drawings.shared import SharedWords, draw_shared
from mapping.web.files.photos import PUBLIC_SECONDS
from mapping.web.lookup import campaign_or_404
from mapping.web.overview.cards import heat_of, newest_shapes, public_release
from mapping.wording import in_words_end


@require_safe
def share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture as PNG; of drafts for their members only. 404 for campaigns without an area."""
    campaign = campaign_or_404(request, slug)
    if campaign.area is None:
        raise Http404
    with translation.override(site_language(campaign.language)):
        response = _picture(campaign, campaign.area)
    response["Cache-Control"] = (
        "private, no-store" if campaign.is_draft else f"public, max-age={PUBLIC_SECONDS}"
    )
    return response


def _picture(campaign: Campaign, area: GEOSGeometry) -> HttpResponse:
    """The picture of the campaign's present state, kept by each process."""
    city = current_city()
    words = _words(campaign, city.name)
    heads = () if campaign.publishes_points or campaign.is_draft else (campaign.pk,)
    state = current_heads(heads).get(campaign.pk) if heads else Change.objects.revision_of(campaign.pk)
    # The clock alone begins a campaign; places of the city may stand in it before.
    has_begun = campaign.status != CampaignStatus.UPCOMING
    key = ("share picture", campaign.pk, bytes(area.wkb), state, has_begun, words, city.accent)

    def made() -> HttpResponse:
        release = public_release(campaign) if has_begun else None
        data = draw_shared(
            words,
            area,
            newest_shapes(campaign) if has_begun else (),
            heat=heat_of(release) if release else (),
            accent=city.accent,
        )
        return HttpResponse(data, content_type="image/png")

    return kept_answers.answer(key, made)


def _words(campaign: Campaign, city: str) -> SharedWords:
    is_over = campaign.status == CampaignStatus.CLOSED
    end = None if is_over else campaign.closes_at
    return SharedWords(
        city=city,
        # Letters that the typeface lacks would be empty boxes.
        title=campaign.title if has_letters_for(campaign.title) else city,
        call=_("See the results") if is_over else _("Take part"),
        until=_("until %(end)s") % {"end": in_words_end(end)} if end else "",
    )
