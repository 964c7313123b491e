"""One contribution's page: text, answers, photos, the city's reply, comments, opinions."""

import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from mapping import rules
from mapping.forms.answers import answers_in_words
from mapping.models import Audience, Category, Comment, Contribution, Participant, Question
from mapping.places.words import name_places
from mapping.services.identity import edit_token
from mapping.visitor import known_participant
from mapping.web.contribution_links import links_of
from mapping.web.languages import reading_of, show_categories, switch_of
from mapping.web.lookup import contribution_or_404
from mapping.web.phases import phases_of
from mapping.web.sharing import share_of
from mapping.web.signing_in.call import call_of

COMMENTS_SHOWN = 200


@dataclass(frozen=True)
class CommentEntry:
    """Input of the comment form, kept until it is corrected."""

    text: str = ""
    problem: str = ""
    parent: uuid.UUID | None = None
    """The public id of the comment that it answers."""


@dataclass(frozen=True)
class Thread:
    """A comment and the answers to it; `is_orphan` where it answers one that is not public (any more)."""

    comment: Comment
    answers: list[Comment]
    is_orphan: bool


@require_safe
@never_cache
def contribution_page(request: HttpRequest, slug: str, pk: uuid.UUID) -> HttpResponse:
    """The page of a public contribution, or of the visitor's own whatever its status."""
    contribution, is_own = contribution_or_404(request, slug, pk)
    return show(request, contribution, is_own=is_own)


def show(
    request: HttpRequest,
    contribution: Contribution,
    *,
    is_own: bool,
    entry: CommentEntry | None = None,
    problem: str = "",
) -> HttpResponse:
    """Render the page, with an error message if a reaction was refused."""
    now = timezone.now()
    reading = reading_of(request, contribution.campaign)
    campaign = reading.campaign
    show_categories([contribution], campaign)
    name_places([contribution], campaign)
    participant = known_participant(request, campaign)
    is_public = rules.is_public(contribution)
    sign_in = call_of(request, campaign)
    may_react = sign_in is None or not sign_in.is_needed
    photos = list(contribution.photos.all())
    context = {
        "campaign": campaign,
        "languages": switch_of(request, reading),
        "contribution": contribution,
        "is_own": is_own,
        "edit_url": reverse("my-contribution", args=(edit_token(contribution.pk),)) if is_own else "",
        "answers": answers_in_words(_public_questions(contribution.category), contribution.answers),
        "photos": photos,
        "share": share_of(request, campaign, contribution, photos) if is_public else None,
        "replies": contribution.replies.all(),
        "links": links_of(contribution),
        "threads": _threads(_comments(contribution, participant)),
        "supported": _supported(contribution, participant),
        "opinion": _opinion(contribution, participant),
        "may_comment": may_react and rules.may_comment(contribution, now),
        "may_support": may_react and rules.may_support(contribution, now),
        "may_oppose": may_react and rules.may_support(contribution, now, -1),
        "sign_in": sign_in if is_public else None,
        "may_report": is_public,
        "entry": entry or CommentEntry(),
        "problem": problem,
        "phases": phases_of(reading, now) if is_public else None,
        "status": campaign.status_at(now),
        "shape": _shape(contribution),
    }
    return render(request, "mapping/contribution.html", context)


def _public_questions(category: Category) -> list[Question]:
    """The questions whose answers everyone may read."""
    return [one for one in category.questions.all() if one.audience == Audience.PUBLIC]


def _comments(contribution: Contribution, participant: Participant | None) -> list[Comment]:
    """The oldest comments that the visitor may see."""
    shown = Comment.objects.filter(contribution=contribution).shown_to(participant)
    return list(shown.order_by("created_at", "pk")[:COMMENTS_SHOWN])


def _threads(comments: list[Comment]) -> list[Thread]:
    """Comments with their answers, both oldest first."""
    threads = {one.pk: Thread(one, [], is_orphan=False) for one in comments if not one.answers_comment}
    for one in comments:
        if one.answers_comment and one.parent_id in threads:
            threads[one.parent_id].answers.append(one)
        elif one.answers_comment:
            threads[one.pk] = Thread(one, [], is_orphan=True)
    return sorted(threads.values(), key=lambda one: (one.comment.created_at, one.comment.pk))


def _supported(contribution: Contribution, participant: Participant | None) -> set[int]:
    """The comments that the visitor supports, by their keys."""
    if participant is None:
        return set()
    own = participant.comment_supports.filter(comment__contribution=contribution)
    return set(own.values_list("comment", flat=True))


def _opinion(contribution: Contribution, participant: Participant | None) -> int:
    """The visitor's opinion: support (1), opposition (-1), none (0)."""
    if participant is None:
        return 0
    said = contribution.supports.filter(participant=participant).values_list("value", flat=True).first()
    return said or 0


def _shape(contribution: Contribution) -> dict[str, object] | None:
    """The feature for the small map of the page."""
    if contribution.geom is None:
        return None
    category = contribution.category
    kind = contribution.geom.geom_type
    return {
        "geometry": {"type": kind, "coordinates": contribution.geom.coords},
        "category": {
            "slug": category.slug,
            "title": category.title,
            "marker": category.marker,
            "colour": category.colour,
        },
    }
