"""The moderation queue: a list of pending items and one item in view, usable by keyboard or without scripts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from mapping import rules
from mapping.aggregation.bursts import Burst, bursts_of
from mapping.models import (
    Campaign,
    Comment,
    CommentStatus,
    Contribution,
    Flag,
    ReplyStatus,
)
from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import CommentQuerySet
from mapping.models.moderation.flag import FlagQuerySet
from mapping.places.words import name_places
from mapping.planning.access import frame, log_exact_access, log_staff_answers, member, planners_only
from mapping.planning.moderation.keyset import Cursor, Page, page_of
from mapping.planning.moderation.queue_state import COMMENTS, CONTRIBUTIONS, REPORTED, QueueState
from mapping.planning.moderation.shown import ShownContribution, shown_contribution
from mapping.planning.moderation.undoing import last_decision
from mapping.services.moderation.colleagues import colleagues_of

_MOST_NOTICES: Final = 3

REASONS: Final = {
    "personal": _("It names or shows a person who can be recognised."),
    "insulting": _("It insults or discriminates against people."),
    "off-topic": _("It has nothing to do with the topic of this campaign."),
    "duplicate": _("It repeats another contribution of the same person."),
    "advertising": _("It is advertising."),
    "unreadable": _("It cannot be understood."),
}
"""Reasons that moderators choose from; they may add their own words."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A link to another part of the queue, with its number of items."""

    title: str
    address: str
    number: int | None
    is_current: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """A burst, and the link to its contributions."""

    burst: Burst
    address: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One item in the list."""

    item: Contribution | Comment
    address: str
    is_current: bool


@planners_only(rules.may_moderate)
def queue(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The list with one contribution or comment in view; the first one unless the query names another."""
    log_exact_access(request, campaign, "queue")
    categories = list(campaign.categories.all())
    state = QueueState.of(request.GET, {category.slug for category in categories})
    user = member(request)
    page = (
        _comment_page(campaign, state)
        if state.kind == COMMENTS
        else _contribution_page(campaign, state, user)
    )
    current = _current(campaign, state, page)
    contribution = current.contribution if isinstance(current, Comment) else current
    listed = [one for one in page.rows if isinstance(one, Contribution)]
    if contribution is not None and contribution not in listed:
        listed.append(contribution)
    name_places(listed, campaign)
    # In the list answers stand for a text that is missing.
    shown = (one for one in listed if one == contribution or not one.text)
    log_staff_answers(request, campaign, shown, "queue")
    return render(
        request,
        "planning/queue.html",
        {
            **frame(request, campaign, "queue"),
            "state": state,
            "is_comments": state.kind == COMMENTS,
            "kinds": _kind_tabs(campaign, state),
            "statuses": _status_tabs(campaign, state, user),
            "categories": [] if state.kind == COMMENTS else categories,
            "notices": _notices(campaign, state),
            "without_period": replace(state, start=None, end=None, item="", after=None, before=None).address(
                campaign
            ),
            "rows": _rows(campaign, state, page, current),
            "page": page,
            "previous_page": _neighbour(campaign, state, before=page.previous),
            "next_page": _neighbour(campaign, state, after=page.next),
            "current": current,
            "comment": current if isinstance(current, Comment) else None,
            "shown": _shown(contribution),
            "flags": [] if current is None else list(Flag.objects.about(current).undecided()),
            "is_explicit": bool(state.item),
            "back": replace(state, item="").address(campaign),
            "here": replace(state, item=str(current.pk) if current else "").address(campaign),
            "then": _then(campaign, state, page, current),
            "reasons": REASONS,
            "reply_statuses": ReplyStatus.choices,
            "templates": list(campaign.reply_templates.all()),
            "colleagues": colleagues_of(campaign),
            "may_erase": rules.may_erase(user, campaign),
            "last_decision": last_decision(request, campaign),
        },
    )


def contributions_of(campaign: Campaign) -> ContributionQuerySet:
    """Contributions that moderators of a campaign may decide on."""
    return Contribution.objects.filter(campaign=campaign).select_related("campaign", "category")


def comments_of(campaign: Campaign) -> CommentQuerySet:
    """Comments on contributions that are not withdrawn."""
    return (
        Comment.objects.all()
        .filter(contribution__campaign=campaign)
        .select_related("contribution", "contribution__campaign", "contribution__category", "parent")
    )


def _narrowed(
    rows: ContributionQuerySet, user: User, state: QueueState, campaign: Campaign
) -> ContributionQuerySet:
    """Contributions of the chosen category and search, or only those that the member takes care of."""
    if state.category:
        rows = rows.in_categories([state.category], campaign)
    if state.words:
        rows = rows.containing(state.words)
    return rows.assigned_to(user) if state.is_mine else rows


def _contribution_page(campaign: Campaign, state: QueueState, request_user: User) -> Page[Contribution]:
    rows = contributions_of(campaign)
    if state.status == REPORTED:
        rows = rows.filter(pk__in=_reported(campaign).filter(comment=None).values("contribution"))
    else:
        rows = rows.with_status([state.status])
    rows = rows.prefetch_related("photos", "category__questions").created_between(state.start, state.end)
    rows = _narrowed(rows, request_user, state, campaign)
    return page_of(rows, newest_first=state.newest_first, after=state.after, before=state.before)


def _comment_page(campaign: Campaign, state: QueueState) -> Page[Comment]:
    rows = comments_of(campaign).containing(state.words)
    if state.status == REPORTED:
        rows = rows.filter(pk__in=_reported(campaign).filter(contribution=None).values("comment"))
    else:
        rows = rows.with_status(state.status)
    return page_of(rows, newest_first=state.newest_first, after=state.after, before=state.before)


def _reported(campaign: Campaign) -> FlagQuerySet:
    return Flag.objects.undecided().in_campaign(campaign)


def _current(
    campaign: Campaign, state: QueueState, page: Page[Contribution] | Page[Comment]
) -> Contribution | Comment | None:
    """The item in view: the one named in the query, whatever its status, else the first of the list."""
    for row in page.rows:
        if str(row.pk) == state.item:
            return row
    found: Contribution | Comment | None = None
    if state.kind == CONTRIBUTIONS:
        key = _uuid(state.item)
        found = contributions_of(campaign).filter(pk=key).first() if key else None
    elif state.item.isascii() and state.item.isdigit():
        found = comments_of(campaign).filter(pk=int(state.item[:18])).first()
    return found or (page.rows[0] if page.rows else None)


def _notices(campaign: Campaign, state: QueueState) -> list[Notice]:
    """Notices about bursts of contributions of the last days."""
    if state.kind == COMMENTS:
        return []
    return [
        Notice(
            burst,
            QueueState(status=state.status, start=burst.start, end=burst.end).address(campaign),
            (burst.start, burst.end) == (state.start, state.end),
        )
        for burst in bursts_of(campaign, timezone.now())[:_MOST_NOTICES]
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _shown(contribution: Contribution | None) -> ShownContribution | None:
    return shown_contribution(contribution) if contribution is not None else None


def _rows(
    campaign: Campaign,
    state: QueueState,
    page: Page[Contribution] | Page[Comment],
    current: Contribution | Comment | None,
) -> list[ListRow]:
    key = current.pk if current is not None else None
    return [
        ListRow(row, replace(state, item=str(row.pk)).address(campaign), row.pk == key) for row in page.rows
    ]


def _then(
    campaign: Campaign,
    state: QueueState,
    page: Page[Contribution] | Page[Comment],
    current: Contribution | Comment | None,
) -> str:
    """The address after a decision: the next item of the list, at its end the list."""
    keys = [row.pk for row in page.rows]
    if current is None or current.pk not in keys:
        return replace(state, item="").address(campaign)
    position = keys.index(current.pk)
    beside = keys[position + 1 : position + 2] or keys[max(position - 1, 0) : position]
    return replace(state, item=str(beside[0]) if beside else "").address(campaign)


def _neighbour(
    campaign: Campaign, state: QueueState, after: Cursor | None = None, before: Cursor | None = None
) -> str:
    if after is None and before is None:
        return ""
    return replace(state, item="", after=after, before=before).address(campaign)


def _kind_tabs(campaign: Campaign, state: QueueState) -> list[Tab]:
    waiting = Contribution.objects.pending().filter(campaign=campaign).count()
    comments = comments_of(campaign).pending().count()
    fresh = QueueState()
    return [
        Tab(str(_("Contributions")), fresh.address(campaign), waiting, state.kind == CONTRIBUTIONS),
        Tab(
            str(_("Comments")),
            replace(fresh, kind=COMMENTS).address(campaign),
            comments,
            state.kind == COMMENTS,
        ),
    ]


def _status_tabs(campaign: Campaign, state: QueueState, user: User) -> list[Tab]:
    rows: QuerySet[Contribution] | QuerySet[Comment]
    if state.kind == COMMENTS:
        rows = comments_of(campaign).containing(state.words)
    else:
        rows = contributions_of(campaign).created_between(state.start, state.end)
        rows = _narrowed(rows, user, state, campaign)
    numbers: Mapping[str, int] = dict(rows.order_by().values_list("status").annotate(number=Count("pk")))
    titles = {
        CommentStatus.PENDING: _("Waiting"),
        CommentStatus.PUBLISHED: _("Published"),
        CommentStatus.REJECTED: _("Rejected"),
    }
    base = replace(state, item="", after=None, before=None)
    return [
        *_reported_tabs(campaign, base),
        *(
            Tab(
                str(title),
                replace(base, status=status.value).address(campaign),
                numbers.get(status.value, 0),
                state.status == status,
            )
            for status, title in titles.items()
        ),
    ]


def _reported_tabs(campaign: Campaign, base: QueueState) -> list[Tab]:
    """What people reported, of contributions and of comments; nothing where nobody did."""
    flags = _reported(campaign)
    number_of: Mapping[str, int] = flags.aggregate(
        contributions=Count("contribution", distinct=True), comments=Count("comment", distinct=True)
    )
    titles = {CONTRIBUTIONS: _("Reported contributions"), COMMENTS: _("Reported comments")}
    fresh = QueueState(status=REPORTED)
    return [
        Tab(
            str(title),
            replace(fresh, kind=kind).address(campaign),
            number_of[kind],
            (base.kind, base.status) == (kind, REPORTED),
        )
        for kind, title in titles.items()
        if number_of[kind] or (base.kind, base.status) == (kind, REPORTED)
    ]
