"""The votes of a campaign and the ballot of each: filled in, changed and withdrawn as a form that needs no script."""

import json
from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doors.networks import network_of
from doors.visitors import VOTE
from mapping.models import Action
from mapping.services.errors import DomainError, Invalid
from mapping.services.identity import existing_participant
from mapping.services.messages import sentence
from mapping.visitor import admit, known_participant, promise, remember, visitor_of_form
from mapping.web.languages import switch_of
from mapping.web.phases import invites_to, phases_of
from mapping.web.refusals import refused
from mapping.web.signing_in.call import call_of
from voting.models import Ballot, Rule
from voting.rules import may_see_results
from voting.services.ballot_papers import PaperOption, changes_for, paper_of, shuffled
from voting.services.casting import (
    ballot_of,
    cast,
    cast_in_browser,
    choices_on,
    voting_ends_at,
    why_no_voting,
    withdraw_ballot,
)
from voting.services.codes import read_code
from voting.web.ballot_form import CODE, BallotForm
from voting.web.instructions import instructions_of, running_sum_of
from voting.web.lookup import ReadVote, vote_or_404, votes_or_404

_SALT = "geoparticipation.order-of-options"


@require_safe
@never_cache
def votes_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The votes of a campaign; a single one is shown at once."""
    reading, votes = votes_or_404(request, slug)
    if len(votes) == 1:
        return redirect("vote", slug, votes[0].category.slug)
    now = timezone.now()
    is_open = invites_to(reading.original, Action.VOTE, now)
    participant = known_participant(request, reading.original)
    cast_in = set(
        Ballot.objects.filter(participant=participant, vote__in=[one.vote for one in votes]).values_list(
            "vote_id", flat=True
        )
        if participant is not None
        else ()
    )
    context = {
        "campaign": reading.campaign,
        "languages": switch_of(request, reading),
        "votes": [
            {
                "category": one.category,
                "vote": one.vote,
                "instructions": instructions_of(one.vote),
                "has_ballot": one.vote.pk in cast_in,
                "shows_results": may_see_results(request.user, one.vote, now),
            }
            for one in votes
        ],
        "is_open": is_open,
        "ends_at": voting_ends_at(reading.original, now) if is_open else None,
        "why_closed": "" if is_open else _sentence(why_no_voting(reading.original, now)),
    }
    return render(request, "voting/votes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ballot_page(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """The ballot of a vote; POST stores it, shows the one of a code (`action=look`), or withdraws it."""
    read = vote_or_404(request, slug, category)
    options = shuffled(paper_of(read.vote), _seed(request, read))
    if request.method != "POST":
        own = None
        if not read.vote.needs_code:
            own = ballot_of(read.vote, known_participant(request, read.campaign))
        return _page(request, read, options, BallotForm(read.vote, options, choices=choices_on(own)), own)
    match request.POST.get("action", ""):
        case "look" if read.vote.needs_code:
            return _look(request, read, options)
        case "withdraw":
            return _withdraw(request, read, options)
        case _:
            return _cast(request, read, options)


def _cast(request: HttpRequest, read: ReadVote, options: Sequence[PaperOption]) -> HttpResponse:
    """Store what was sent; the page comes back with all of it where it is refused."""
    form = BallotForm(read.vote, options, data=request.POST)
    visitor = visitor_of_form(request, read.campaign)
    try:
        # Nobody reviews a ballot: bursts are looked at afterwards, and can be marked as not counted.
        admit(request, VOTE, read.campaign, may_wait=True)
        if read.vote.needs_code:
            code = read_code(read.campaign, form.code, network_of(request))
            cast(read.vote, code, form.choices())
        else:
            cast_in_browser(read.vote, visitor.secret, form.choices())
    except DomainError as error:
        form.take(error)
        own = None
        if not read.vote.needs_code:
            own = ballot_of(read.vote, existing_participant(read.campaign, visitor.secret))
        return refused(_page(request, read, options, form, own), error)
    answer = _back_to(read)
    if read.vote.needs_code:
        # Without the code, the next page cannot know of the ballot.
        messages.success(
            request, gettext("Your ballot is stored. If you send another one, the last one counts.")
        )
    else:
        messages.success(request, gettext("Thank you for voting."))
        remember(answer, visitor)
    return answer


def _look(request: HttpRequest, read: ReadVote, options: Sequence[PaperOption]) -> HttpResponse:
    """Show the ballot that was cast with a code."""
    form = BallotForm(read.vote, options, data=request.POST)
    try:
        ballot = ballot_of(read.vote, read_code(read.campaign, form.code, network_of(request)))
    except DomainError as error:
        form.take(error)
        return refused(_page(request, read, options, form, None), error)
    form.fill(choices_on(ballot))
    if ballot is None:
        messages.info(request, gettext("No ballot was cast with this code yet."))
    return _page(request, read, options, form, ballot)


def _withdraw(request: HttpRequest, read: ReadVote, options: Sequence[PaperOption]) -> HttpResponse:
    """Delete the visitor's ballot, or that of the code that was sent."""
    form = BallotForm(read.vote, options, data=request.POST)
    participant = known_participant(request, read.campaign)
    own = None if read.vote.needs_code else ballot_of(read.vote, participant)
    try:
        code = read_code(read.campaign, form.code, network_of(request)) if read.vote.needs_code else None
        was_there = withdraw_ballot(read.vote, participant if code is None else code)
    except DomainError as error:
        if not isinstance(error, Invalid):
            form.fill(choices_on(own))
        form.take(error)
        return refused(_page(request, read, options, form, own), error)
    if was_there:
        messages.success(request, gettext("Your ballot is withdrawn. It is deleted and does not count."))
    else:
        messages.info(request, gettext("There is no ballot to withdraw."))
    return _back_to(read)


def _page(
    request: HttpRequest,
    read: ReadVote,
    options: Sequence[PaperOption],
    form: BallotForm,
    own: Ballot | None,
) -> HttpResponse:
    now = timezone.now()
    is_open = invites_to(read.campaign, Action.VOTE, now)
    context = {
        "campaign": read.reading.campaign,
        "category": read.category,
        "vote": read.vote,
        "rule": Rule(read.vote.rule),
        "languages": switch_of(request, read.reading),
        "phases": phases_of(read.reading, now),
        "form": form,
        "gone": [one for one in options if not one.is_standing],
        "own": own,
        "changes": changes_for(own, options),
        "instructions": instructions_of(read.vote),
        "sum": running_sum_of(read.vote),
        # A code counts once by itself.
        "sign_in": None if read.vote.needs_code else call_of(request, read.campaign),
        "visitor": promise(request),
        "is_open": is_open,
        "ends_at": voting_ends_at(read.campaign, now) if is_open else None,
        "why_closed": "" if is_open else _sentence(why_no_voting(read.campaign, now)),
        "shows_results": may_see_results(request.user, read.vote, now),
        "features": features_of(options),
        "code_field": CODE,
    }
    return render(request, "voting/ballot.html", context)


def features_of(options: Sequence[PaperOption]) -> list[dict[str, object]]:
    """What `js/options-map.js` draws: the options that have a place and can be chosen."""
    return [
        {
            "geometry": json.loads(one.contribution.geom.json),
            "name": one.contribution.title,
            "words": "" if one.district is None else one.district.name,
            "address": f"#option-{one.id}",
        }
        for one in options
        if one.contribution.geom is not None and one.is_standing
    ]


def _seed(request: HttpRequest, read: ReadVote) -> bytes:
    """What the order of the options depends on: the browser and the category.

    The secret of the cookie that protects forms is set by every page with a form and says nothing else, so that the
    order is the same from the first visit on, without a cookie of its own.
    """
    get_token(request)
    secret = str(request.META["CSRF_COOKIE"])
    return salted_hmac(_SALT, f"{read.category.pk}:{secret}", algorithm="sha256").digest()


def _back_to(read: ReadVote) -> HttpResponseRedirect:
    where = reverse("vote", args=(read.campaign.slug, read.category.slug))
    return HttpResponseRedirect(where, status=303)


def _sentence(error: DomainError) -> str:
    return sentence(error.code, error.params)
