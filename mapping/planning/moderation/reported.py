"""What people reported: moderators leave it as it is; rejecting it is a decision as any other."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mapping import rules
from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import item_of, sentences
from mapping.planning.moderation.queue_state import queue_address
from mapping.services.errors import DomainError
from mapping.services.moderation import flags


@require_POST
@planners_only(rules.may_moderate)
def keep(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Close the reports about one contribution or comment, which stays as it is."""
    item = item_of(request, campaign)
    try:
        flags.keep(item, member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
        return HttpResponseRedirect(queue_address(campaign, request.POST.get("here", "")))
    messages.success(request, _("The reports are closed. Nothing was changed."))
    return HttpResponseRedirect(queue_address(campaign, request.POST.get("then", "")))
