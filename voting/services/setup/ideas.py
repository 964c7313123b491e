"""Ideas of citizens as options: offered, and taken over with a reply to their authors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import QuerySet
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from mapping.models import Contribution, ReplyStatus, Source
from mapping.services import feedback
from mapping.services.checking.content import Submission
from mapping.services.errors import invalid
from mapping.services.photos.attachments import attach, transaction_with_files
from voting.models import Option, Vote
from voting.services.setup.options import encoded, locked_for, note_option, require_room, stored_option

MOST_AT_ONCE: Final = 50
"""Most ideas that are taken over at once."""
_LONGEST_TITLE: Final = 80


def ideas_for(vote: Vote) -> QuerySet[Contribution]:
    """Public contributions of citizens that are no option of the vote yet, the most supported first."""
    public = Contribution.objects.published().filter(campaign=vote.category.campaign_id)
    offered = public.exclude(source=Source.CITY).exclude(options__vote=vote)
    return offered.order_by("-support_count", "-created_at", "-pk").select_related("category")


def take_over(vote: Vote, ideas: Sequence[Contribution], *, actor: User) -> list[Option]:
    """Make an option of each idea, with its text, place and pictures; what is an option already is left out.

    The idea gets a reply by the city, which its author sees on the private page and hears of where a notification was
    asked for. In votes with costs the options have none yet. Raises NotAllowed "not_manager" and "too_many_options",
    Invalid on "ideas", Conflict "gone".
    """
    if not ideas:
        raise invalid("ideas", "ideas_needed")
    if len(ideas) > MOST_AT_ONCE:
        raise invalid("ideas", "too_many_ideas", max=MOST_AT_ONCE)
    with transaction_with_files() as written:
        stored = locked_for(vote, actor)
        wanted = list(ideas_for(stored).filter(pk__in=[one.pk for one in ideas]))
        require_room(stored, len(wanted))
        return [_taken_over(stored, idea, actor, written) for idea in wanted]


def title_of(idea: Contribution) -> str:
    """A title for an option: that of the idea, else its first sentence or line, shortened."""
    first_line = idea.title or next(iter(idea.text.strip().splitlines()), "")
    sentence, end, _rest = first_line.partition(". ")
    return Truncator(sentence if end else first_line).chars(_LONGEST_TITLE) or _("Idea")


def _taken_over(vote: Vote, idea: Contribution, actor: User, written: list[str]) -> Option:
    geometry = None if idea.geom is None else json.loads(idea.geom.json)
    submission = Submission(
        category=vote.category.slug, geometry=geometry, text=idea.text, title=title_of(idea)
    )
    option = stored_option(vote, submission, None, actor=actor, needs_cost=False)
    option.ideas.add(idea)
    attach(option.contribution, encoded(tuple(_pictures(idea))), written)
    note_option(option, actor, before=None)
    reply_to(idea, option, actor)
    return option


def reply_to(idea: Contribution, option: Option, actor: User) -> None:
    """Reply to an idea, in the campaign's language, that it can be voted on."""
    campaign = option.vote.campaign
    with override(campaign.language):
        words = _("This idea is now put to the vote, as the proposal “%(title)s” in “%(category)s”.") % {
            "title": option.contribution.title,
            "category": option.vote.category.title,
        }
    feedback.reply(idea, actor, ReplyStatus.UNDER_REVIEW, words)


def _pictures(idea: Contribution) -> Iterator[bytes]:
    """The stored pictures; lost files are left out."""
    for photo in idea.photos.all():
        try:
            with photo.file.open() as file:
                yield file.read()
        except OSError:
            continue
