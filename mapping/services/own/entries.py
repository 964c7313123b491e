"""What the app of places lists for its owner: contributions, answers to surveys, comments, opinions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from mapping import rules
from mapping.models import (
    Comment,
    CommentSupport,
    Contribution,
    ContributionStatus,
    Reply,
    ReplyStatus,
    Response,
    Support,
)
from mapping.places.words import name_places
from mapping.services.identity import edit_token
from mapping.services.own import records
from mapping.services.own.kinds import Heading, Look, OwnKind, OwnThing, State
from mapping.services.own.person import Person
from mapping.translated.reading import Reading
from mapping.wording import in_words_number

LONGEST: Final = 160
"""Letters of a text in the list."""
MOST_NAMED: Final = 200
"""Contributions whose places are put into words, the newest ones."""
_LOOKS: Final[dict[str, Look]] = {
    ContributionStatus.PENDING: "warning",
    ContributionStatus.PUBLISHED: "good",
    ContributionStatus.REJECTED: "bad",
}
_REPLIES: Final[dict[str, Look]] = {
    ReplyStatus.UNDER_REVIEW: "warning",
    ReplyStatus.PLANNED: "accent",
    ReplyStatus.DONE: "good",
}


def heading_of(reading: Reading) -> Heading:
    """A campaign as the heading of what somebody has there."""
    return Heading(reading.campaign.title, reading.campaign.get_absolute_url())


def _contributions(person: Person) -> Iterator[OwnThing]:
    found = (
        Contribution.objects.filter(participant__in=person.participants)
        .select_related("category")
        .prefetch_related("replies")
        .defer("answers", "staff_answers")
    )
    own = list(found.newest_first())
    for one in own:
        one.campaign = person.readings[one.participant_id].original
    name_places(one for one in own[:MOST_NAMED] if one.campaign.publishes_points)
    for one in own:
        reading = person.readings[one.participant_id]
        is_shown = reading.original.publishes_points
        yield OwnThing(
            heading_of(reading),
            reading.of(one.category).title,
            one.created_at,
            (_state_of(one, is_shown=is_shown), *_reply_of(one.replies.all())),
            Truncator(one.title or one.text).chars(LONGEST) if is_shown else "",
            reverse("my-contribution", args=(edit_token(one.pk),)),
            place=str(getattr(one, "place_words", "")),
        )


def _state_of(contribution: Contribution, *, is_shown: bool) -> State:
    if contribution.status == ContributionStatus.PUBLISHED and not is_shown:
        return State(_("Counts"), "good")
    return State(contribution.get_status_display(), _LOOKS.get(contribution.status, ""))


def _reply_of(replies: QuerySet[Reply]) -> Iterator[State]:
    """The newest reply of the city, if any."""
    for newest in list(replies)[:1]:
        yield State(newest.get_status_display(), _REPLIES.get(newest.status, ""))


def _responses(person: Person) -> Iterator[OwnThing]:
    for one in Response.objects.filter(participant__in=person.participants):
        sent = State(_("Sent"), "good") if one.completed_at else State(_("Not sent yet"), "warning")
        yield OwnThing(
            heading_of(person.readings[one.participant_id]),
            _("Answers to the survey"),
            one.completed_at or one.updated_at,
            (sent,),
            address=reverse("my-response", args=(edit_token(one.pk),)),
        )


def _comments(person: Person) -> Iterator[OwnThing]:
    found = Comment.objects.filter(participant__in=person.participants)
    for one in found.select_related("contribution__campaign").defer(
        "contribution__geom", "contribution__campaign__area"
    ):
        contribution = one.contribution
        page = ""
        if rules.may_see_own_comment(one):
            place = reverse("contribution", args=(contribution.campaign.slug, contribution.pk))
            page = f"{place}#comment-{one.public_id}"
        yield OwnThing(
            heading_of(person.readings[one.participant_id]),
            _("Comment"),
            one.created_at,
            (State(one.get_status_display(), _LOOKS.get(one.status, "")),),
            Truncator(one.text).chars(LONGEST) if contribution.campaign.publishes_points else "",
            page,
        )


def _opinions(person: Person) -> Iterator[OwnThing]:
    """Support and opposition as one row per campaign: how many, not which."""
    number: Counter[int] = Counter()
    number.update(_people(Support.objects.filter(participant__in=person.participants)))
    number.update(_people(CommentSupport.objects.filter(participant__in=person.participants)))
    for participant, many in number.items():
        words = ngettext(
            "%(number)s opinion on what others wrote", "%(number)s opinions on what others wrote", many
        )
        yield OwnThing(
            heading_of(person.readings[participant]),
            words % {"number": in_words_number(many)},
            number=many,
        )


def _people(opinions: QuerySet[Support] | QuerySet[CommentSupport]) -> Iterator[int]:
    yield from opinions.values_list("participant", flat=True)


OWN: Final = (
    OwnKind("contributions", _("Contributions"), _contributions, records=records.contributions),
    OwnKind("responses", _("Answers to surveys"), _responses, records=records.responses),
    OwnKind("comments", _("Comments"), _comments, records=records.comments),
    OwnKind("opinions", _("Opinions"), _opinions, records=records.opinions),
)
