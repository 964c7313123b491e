"""Ballots on paper: typed one line each, compared with what was counted by hand, in piles that are closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.paper.frame import paper_frame
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.surveys.responses import batch_name
from voting import rules
from voting.models import Ballot, BallotPile, Option, StoredResult, Vote
from voting.planning.ballots.forms import CountForm, LineForm
from voting.services.pile_lines import on_the_line, read_line, written_line
from voting.services.piles import (
    Comparison,
    close_pile,
    compare_pile,
    count_pile,
    delete_ballot,
    delete_pile,
    enter_ballot,
    open_pile,
    piles_of,
    reopen_pile,
)

LONGEST_PILE: Final = 40
_SHOWN: Final = 20
_PILES_SHOWN: Final = 60


@dataclass(frozen=True)
class EnteredBallot:
    """A ballot of a pile as it was typed; `number` is its place in the pile."""

    pk: int
    number: int
    line: str


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_enter_ballots)
def paper(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The piles of a vote; with one of them chosen, the line of its next ballot and what was entered last."""
    sent = request.POST if request.method == "POST" else request.GET
    vote, name = _called(campaign, sent.get("vote", "")), batch_name(sent.get("pile", ""))
    form = None
    if name:
        form = LineForm(vote.rule, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid() and _store(request, vote, name, form):
            return HttpResponseRedirect(_address(vote, name))
    return _page(request, vote, name, form)


@require_POST
@planners_only(rules.may_enter_ballots)
def count(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Store what was counted by hand of a pile."""
    vote, pile = _pile(request, campaign)
    form = CountForm(compare_pile(pile), request.POST)
    if form.is_valid():
        try:
            count_pile(pile, form.cleaned_data["counted"], form.totals(), actor=member(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The numbers are stored."))
            return HttpResponseRedirect(_address(vote, pile.name))
    return _page(request, vote, pile.name, LineForm(vote.rule), form)


@require_POST
@planners_only(rules.may_enter_ballots)
def end(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Close a pile, open it again, or delete one without ballots (`do`)."""
    vote, pile = _pile(request, campaign)
    try:
        if request.POST.get("do") == "reopen":
            reopen_pile(pile, actor=member(request))
            messages.success(request, _("The pile can be changed again."))
        elif request.POST.get("do") == "delete":
            delete_pile(pile, actor=member(request))
            messages.success(request, _("The pile was deleted."))
            return HttpResponseRedirect(_address(vote))
        else:
            close_pile(pile, actor=member(request))
            messages.success(request, _("The pile is closed."))
    except DomainError as error:
        messages.error(request, sentences(error))
    return HttpResponseRedirect(_address(vote, pile.name))


@require_POST
@planners_only(rules.may_enter_ballots)
def delete(request: HttpRequest, campaign: Campaign, ballot: int) -> HttpResponse:
    """Delete a ballot that was entered twice or wrongly."""
    found = get_object_or_404(
        Ballot.objects.select_related("pile__vote__category__campaign"),
        pk=ballot,
        pile__vote__category__campaign=campaign,
    )
    pile = found.pile
    assert pile is not None  # noqa: S101 - the query names it
    try:
        delete_ballot(pile, found.pk, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("The ballot was deleted."))
    return HttpResponseRedirect(_address(pile.vote, pile.name))


def _page(
    request: HttpRequest, vote: Vote, name: str, form: LineForm | None, counting: CountForm | None = None
) -> HttpResponse:
    campaign = vote.campaign
    pile = BallotPile.objects.filter(vote=vote, name=name).select_related("vote").first() if name else None
    if pile is not None:
        pile.vote = vote
    comparison = None if pile is None else compare_pile(pile)
    options = _options(vote)
    is_refused = (form is not None and form.is_bound) or counting is not None
    return render(
        request,
        "voting/planning/paper.html",
        {
            **paper_frame(request, campaign),
            "votes": list(Vote.objects.of(campaign).select_related("category")),
            "vote": vote,
            "piles": list(piles_of(vote)[:_PILES_SHOWN]),
            "pile": pile,
            "name": name,
            "proposed": _proposed(vote) if not name else "",
            "longest_pile": LONGEST_PILE,
            "form": form,
            "options": options,
            "entered": [] if pile is None else _entered(pile, options),
            "comparison": comparison,
            "count_rows": _count_rows(comparison, counting),
            "counting": counting,
            "is_counted": StoredResult.objects.filter(vote=vote).exists(),
            "is_draft": campaign.is_draft,
            "is_over": rules.has_ended(campaign, timezone.now()),
            "may_reopen": rules.may_edit_votes(request.user, campaign),
        },
        status=422 if is_refused else 200,
    )


def _count_rows(comparison: Comparison | None, counting: CountForm | None) -> list[dict[str, object]]:
    """The numbers of a pile, each with its field."""
    if comparison is None:
        return []
    form = counting or CountForm(comparison)
    first: dict[str, object] = {
        "field": form["counted"],
        "entered": comparison.entered,
        "difference": comparison.difference,
        "option": None,
        "is_against": False,
    }
    by_option: list[dict[str, object]] = [
        {
            "field": form[total.key],
            "entered": total.entered,
            "difference": total.difference,
            "option": total.option,
            "is_against": total.is_against,
        }
        for total in comparison.totals
    ]
    return [first, *by_option]


def _store(request: HttpRequest, vote: Vote, name: str, form: LineForm) -> bool:
    """Store the ballot; returns False and adds errors to the form if it was refused."""
    ids = [option.contribution_id for option in _options(vote)]
    try:
        choices = read_line(vote.rule, form.cleaned_data["line"], ids)
        pile = open_pile(vote, name, actor=member(request))
        enter_ballot(pile, choices, actor=member(request))
    except Invalid as error:
        for problems in on_the_line(error, ids).fields.values():
            for problem in problems:
                words = sentence(problem.code, problem.params)
                number = problem.params.get("proposal_number")
                form.add_error("line", words if number is None else _numbered(number, words))
        return False
    except DomainError as error:
        form.refuse(error)
        return False
    messages.success(request, _("The ballot is stored."))
    return True


def _numbered(number: object, words: str) -> str:
    return _("Proposal %(number)s: %(words)s") % {"number": number, "words": words}


def _options(vote: Vote) -> list[Option]:
    """The proposals in the order of their numbers, from 1; withdrawn ones keep theirs."""
    return list(vote.options.all().accepted().select_related("contribution"))


def _entered(pile: BallotPile, options: list[Option]) -> list[EnteredBallot]:
    """The newest ballots, the last one first."""
    ids: list[UUID] = [option.contribution_id for option in options]
    number = pile.ballots.count()
    newest = pile.ballots.order_by("-pk").prefetch_related("choices__option")[:_SHOWN]
    return [
        EnteredBallot(
            ballot.pk,
            number - place,
            written_line(
                pile.vote.rule,
                {one.option.contribution_id: one.value for one in ballot.choices.all()},
                ids,
            ),
        )
        for place, ballot in enumerate(newest)
    ]


def _called(campaign: Campaign, slug: str) -> Vote:
    """The vote with the short name of its category; without one the first vote."""
    votes = Vote.objects.of(campaign).select_related("category__campaign")
    found = votes.filter(category__slug=slug).first() if slug else votes.first()
    if found is None:
        raise Http404
    return found


def _pile(request: HttpRequest, campaign: Campaign) -> tuple[Vote, BallotPile]:
    vote = _called(campaign, request.POST.get("vote", ""))
    pile = get_object_or_404(BallotPile, vote=vote, name=batch_name(request.POST.get("pile", "")))
    pile.vote = vote
    return vote, pile


def _proposed(vote: Vote) -> str:
    """A name for the next pile: the lowest number that none has."""
    taken = set(BallotPile.objects.filter(vote=vote).values_list("name", flat=True))
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def _address(vote: Vote, pile: str = "") -> str:
    query = {"vote": vote.category.slug, **({"pile": pile} if pile else {})}
    return f"{reverse('voting-planning:paper', args=(vote.campaign.slug,))}?{urlencode(query)}"
