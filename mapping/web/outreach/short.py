"""Short addresses of campaigns, as posters print them: `/k/<code>` leads to the campaign."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.links.short import number_of
from mapping.models import Campaign
from mapping.translated.reading import tags_of
from mapping.web.languages import PARAMETER

CATEGORY = "category"


@require_safe
@never_cache
def short_address(request: HttpRequest, code: str) -> HttpResponse:
    """Go to the campaign behind a code, with the category and the language of the poster; 404 for all other codes.

    Drafts answer like codes that nobody has, but to their members.
    """
    number = number_of(code)
    campaign = None if number is None else Campaign.objects.filter(pk=number).first()
    if campaign is None or not rules.may_see_campaign(request.user, campaign):
        raise Http404
    query = _known(request, campaign).urlencode()
    return HttpResponseRedirect(f"{campaign.get_absolute_url()}{'?' if query else ''}{query}")


def _known(request: HttpRequest, campaign: Campaign) -> QueryDict:
    """What is passed on: a category and a language of this campaign, nothing else."""
    found = QueryDict(mutable=True)
    category = request.GET.get(CATEGORY, "")
    if category and "\0" not in category and campaign.categories.filter(slug=category).exists():
        found[CATEGORY] = category
    if (language := request.GET.get(PARAMETER, "")) in tags_of(campaign):
        found[PARAMETER] = language
    return found
