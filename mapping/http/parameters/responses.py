"""Query parameters of files of responses, and the permission check.

Read from a request's query, and again by the same rules when a background job runs on behalf of a user.
"""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from rest_framework.exceptions import NotAuthenticated

from accounts.models import User
from audit.recording import Action
from mapping import rules
from mapping.exports.labels import Labels
from mapping.exports.responses.formats import ResponsesFormat
from mapping.exports.responses.reading import has_survey
from mapping.http.parameters.reading import Parameters
from mapping.models import Campaign
from mapping.services.errors import Missing, NotAllowed
from mapping.services.record import record_access

RESPONSE_LABELS: Final[tuple[Labels, ...]] = ("codes", "titles")


def read_responses(
    query: QueryDict, user: User | AnonymousUser, campaign: Campaign, wanted: ResponsesFormat, view: str
) -> Labels:
    """Parse and check a query for all responses to a survey; each access is logged as `view`.

    Formats that write choices in one way only take every label. Raises Invalid with a reason per parameter,
    NotAuthenticated, NotAllowed "analysts_only", Missing "no_survey".
    """
    parameters = Parameters(query, ("labels",))
    labels = parameters.choice("labels", RESPONSE_LABELS, "codes")
    parameters.done()
    require_responses(user, campaign)
    record_access(user.pk, campaign, view, Action.DOWNLOADED, format=wanted.name)
    return labels if labels in wanted.labels else "codes"


def require_responses(user: User | AnonymousUser, campaign: Campaign) -> None:
    """Raise NotAuthenticated, NotAllowed "analysts_only" or Missing "no_survey" where there is nothing to read."""
    if not rules.may_read_responses(user, campaign):
        if not user.is_authenticated:
            raise NotAuthenticated
        raise NotAllowed("analysts_only")
    if not has_survey(campaign):
        raise Missing("no_survey")
