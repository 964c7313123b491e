"""Results of a vote, why these options won, and both to take along."""

from collections.abc import Iterator

from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping.web.languages import switch_of
from voting import rules
from voting.models import Rule, Shown, StoredResult
from voting.services.pabulib.exporting import KIND_OF, is_for_everyone, pabulib_file
from voting.services.results import Result, result_of
from voting.services.results.storing import text_of
from voting.web.lookup import ReadVote, vote_or_404
from voting.web.shown_results import shown_duels, shown_options, shown_spending, titles_of


@require_safe
@never_cache
def results_page(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """How many voted for what. Before the end of a vote that hides its result until then, only that it is hidden."""
    read = vote_or_404(request, slug, category)
    result = _result(request, read)
    context = _frame(request, read, result)
    if result is None:
        return render(request, "voting/results.html", context)
    options = shown_options(read.vote, result)
    return render(
        request,
        "voting/results.html",
        context
        | {
            "options": options,
            "winners": [one for one in options if one.counted.is_winner],
            "ties": [titles_of(keys, options) for keys in result.ties],
            "changes": [
                (one.title, change)
                for one in options
                for change in result.changes
                if change.key == one.counted.key
            ],
            "share_with_a_win": _share(result),
            "has_pabulib": result.is_final and _may_have_ballots(request, read, result),
        },
    )


@require_safe
@never_cache
def why_page(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """Why these options won, in plain words: both ways to spend a sum of money, the order of a ranking, ties."""
    read = vote_or_404(request, slug, category)
    result = _result(request, read)
    context = _frame(request, read, result)
    if result is None:
        return render(request, "voting/results.html", context)
    options = shown_options(read.vote, result)
    return render(
        request,
        "voting/why.html",
        context
        | {
            "options": options,
            "winners": [one for one in options if one.counted.is_winner],
            "spending": shown_spending(result, options),
            "duels": [] if result.order is None else shown_duels(result.order, options),
            "places": []
            if result.order is None
            else [titles_of(place, options) for place in result.order.places],
            "condorcet": ""
            if result.order is None or result.order.condorcet_winner is None
            else titles_of([result.order.condorcet_winner], options),
            "ties": [titles_of(keys, options) for keys in result.ties],
            "share_with_a_win": _share(result),
        },
    )


@require_safe
@never_cache
def stored_result(request: HttpRequest, slug: str, category: str) -> HttpResponse:
    """The stored result as the text whose SHA-256 is its digest; 404 before the end."""
    read = vote_or_404(request, slug, category)
    _final(request, read)
    content = StoredResult.objects.get(vote=read.vote).content
    return HttpResponse(text_of(content), content_type="application/json")


@require_safe
@never_cache
def pabulib(request: HttpRequest, slug: str, category: str) -> HttpResponseBase:
    """The ballots as a file of Pabulib; 404 before the end, and for everyone but managers where one is recognisable."""
    read = vote_or_404(request, slug, category)
    if not _may_have_ballots(request, read, _final(request, read)):
        raise Http404
    answer = StreamingHttpResponse(
        _encoded(pabulib_file(read.vote)), content_type="text/plain; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{slug}-{category}.pb"'
    return answer


def _encoded(lines: Iterator[str]) -> Iterator[bytes]:
    return (line.encode() for line in lines)


def _result(request: HttpRequest, read: ReadVote) -> Result | None:
    """The result; None where it is hidden until the end. Raises Http404 where only staff ever see it."""
    now = timezone.now()
    if rules.may_see_results(request.user, read.vote, now):
        return result_of(read.vote, now)
    if read.vote.results == Shown.STAFF:
        raise Http404
    return None


def _final(request: HttpRequest, read: ReadVote) -> Result:
    """The stored result; raises Http404 where there is none, or it is hidden."""
    result = _result(request, read)
    if result is None or not result.is_final:
        raise Http404
    return result


def _may_have_ballots(request: HttpRequest, read: ReadVote, result: Result) -> bool:
    """Whether the visitor gets the ballots of a stored result."""
    is_open = is_for_everyone(result) or rules.may_edit_votes(request.user, read.campaign)
    return result.rule in KIND_OF and is_open


def _frame(request: HttpRequest, read: ReadVote, result: Result | None) -> dict[str, object]:
    """What both pages have in common."""
    return {
        "campaign": read.reading.campaign,
        "category": read.category,
        "vote": read.vote,
        "rule": Rule(read.vote.rule),
        "languages": switch_of(request, read.reading),
        "result": result,
        "is_for_staff": not rules.may_see_results(AnonymousUser(), read.vote, timezone.now()),
    }


def _share(result: Result) -> float | None:
    """The share of ballots with a winner."""
    if result.people_with_a_win is None or not result.ballots:
        return None
    return result.people_with_a_win / result.ballots
