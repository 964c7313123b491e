"""Ballots by time: bursts to look at, spans that do not count, and the record of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from mapping.models import Campaign
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.fields import initial_span
from mapping.services.errors import DomainError
from voting import rules
from voting.counting.bursts import INTERVAL, Burst, bursts_in, usual_of
from voting.models import SetAside, StoredResult, Vote
from voting.planning.ballots.forms import MarkForm
from voting.planning.ballots.frame import votes_frame
from voting.services.set_asides import count_again, counts_by_interval, marks_of, set_aside

_NAMES: Final = {"starts_at": "opens_on", "ends_at": "closes_on"}
_BURSTS_SHOWN: Final = 50
_DAY: Final = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 2000, 2999
WIDTH, HEIGHT = 720, 120
"""The units of the chart of one day."""


@dataclass(frozen=True)
class Bar:
    """The ballots of an interval of the shown day, in units of the chart."""

    starts_at: datetime
    ballots: int
    x: str
    y: str
    width: str
    height: str
    is_irregular: bool


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_edit_votes)
def irregular(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The ballots of a vote by ten minutes; a span of them is marked as not counted."""
    vote = _called(campaign, category)
    form = MarkForm(request.POST) if request.method == "POST" else MarkForm(initial=_proposed(request))
    if request.method == "POST" and form.is_valid() and _mark(request, vote, form):
        return HttpResponseRedirect(_address(vote))
    counts = counts_by_interval(vote)
    bursts = bursts_in(counts)
    day = _day(request, counts, bursts)
    return render(
        request,
        "voting/planning/irregular.html",
        {
            **votes_frame(request, campaign),
            "vote": vote,
            "form": form,
            "usual": usual_of(counts),
            "bursts": bursts[-_BURSTS_SHOWN:][::-1],
            "more_bursts": max(0, len(bursts) - _BURSTS_SHOWN),
            "day": day,
            "days": _days(counts),
            "bars": [] if day is None else _bars(counts, bursts, day),
            "width": WIDTH,
            "height": HEIGHT,
            "marks": list(marks_of(vote)),
            "is_counted": StoredResult.objects.filter(vote=vote).exists(),
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(rules.may_edit_votes)
def undo(request: HttpRequest, campaign: Campaign, category: str, mark: int) -> HttpResponse:
    """Count the ballots of a span again; the record keeps both."""
    vote = _called(campaign, category)
    found = get_object_or_404(SetAside.objects.select_related("vote__category__campaign"), pk=mark, vote=vote)
    try:
        count_again(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        messages.success(request, _("These ballots count again."))
    return HttpResponseRedirect(_address(vote))


def _mark(request: HttpRequest, vote: Vote, form: MarkForm) -> bool:
    """Mark the span; returns False and adds errors to the form if it was refused."""
    span = form.cleaned_data
    missing = [
        field for field, moment in (("opens_on", "opens_at"), ("closes_on", "closes_at")) if not span[moment]
    ]
    for field in missing:
        form.add_error(field, _("Please choose a day."))
    if missing:
        return False
    try:
        set_aside(vote, span["opens_at"], span["closes_at"], span["reason"], actor=member(request))
    except DomainError as error:
        form.refuse(error, _NAMES)
        return False
    messages.success(request, _("These ballots do not count any more."))
    return True


def _proposed(request: HttpRequest) -> dict[str, object]:
    """The span that a link of the page names (`from`, `until`)."""
    starts_at, ends_at = (_moment(request.GET.get(name, "")) for name in ("from", "until"))
    if starts_at is None or ends_at is None:
        return {}
    begin, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    # The times in full: an end without one would be that of its day.
    return {
        **initial_span(starts_at, ends_at),
        "closes_on": end.date(),
        "opens_time": begin.time(),
        "closes_time": end.time(),
    }


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    if found is None or timezone.is_naive(found) or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return found


def _days(counts: Mapping[datetime, int]) -> list[tuple[date, int]]:
    """The days of the site's time zone with ballots, each with their number."""
    days: dict[date, int] = {}
    for start, number in counts.items():
        day = timezone.localdate(start)
        days[day] = days.get(day, 0) + number
    return sorted(days.items())


def _day(request: HttpRequest, counts: Mapping[datetime, int], bursts: list[Burst]) -> date | None:
    """The chosen day; without one that of the last burst, else the last with ballots."""
    try:
        chosen = parse_date(request.GET.get("day", "")[:10])
    except ValueError:
        chosen = None
    days = {day for day, _number in _days(counts)}
    if chosen in days:
        return chosen
    return timezone.localdate(bursts[-1].starts_at) if bursts else max(days, default=None)


def _bars(counts: Mapping[datetime, int], bursts: list[Burst], day: date) -> list[Bar]:
    """The intervals of a day that have ballots."""
    begin = timezone.make_aware(datetime.combine(day, time()))
    length = timezone.make_aware(datetime.combine(day + _DAY, time())) - begin
    shown = {start: number for start, number in counts.items() if begin <= start < begin + length}
    most = max(shown.values(), default=1)
    width = WIDTH * (INTERVAL / length)
    return [
        Bar(
            start,
            number,
            x=f"{WIDTH * ((start - begin) / length):.2f}",
            y=f"{HEIGHT * (1 - number / most):.2f}",
            width=f"{max(1.0, width - 0.8):.2f}",
            height=f"{HEIGHT * number / most:.2f}",
            is_irregular=any(burst.starts_at <= start < burst.ends_at for burst in bursts),
        )
        for start, number in sorted(shown.items())
    ]


def _called(campaign: Campaign, category: str) -> Vote:
    votes = Vote.objects.of(campaign).select_related("category__campaign")
    return get_object_or_404(votes, category__slug=category)


def _address(vote: Vote) -> str:
    return reverse("voting-planning:irregular", args=(vote.campaign.slug, vote.category.slug))
