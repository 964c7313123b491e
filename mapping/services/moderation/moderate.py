"""Moderation of contributions and comments by staff: publish, reject, edit; every decision is recorded.

pending -> published | rejected, published -> rejected, rejected -> published.
`expected` is the status that the actor read: if it changed meanwhile, Conflict is raised.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from accounts.models import User
from audit.recording import Action
from mapping import rules
from mapping.aggregation import footprint
from mapping.models import (
    Campaign,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    FlagOutcome,
    ModerationEvent,
    RemovedQuestion,
    Source,
)
from mapping.questions.kind import Answer
from mapping.services.checking.answers import clean_answers, fitting_answers, with_kept
from mapping.services.checking.content import Checked, checked_geometry, checked_text, find_category
from mapping.services.checking.gates import require_role, require_status
from mapping.services.counters import count_comments
from mapping.services.errors import NotAllowed, invalid
from mapping.services.moderation import flags
from mapping.services.moderation.keepers import KEEPERS
from mapping.services.record import record_access
from mapping.services.submit import locked, refusing_what_the_database_refuses

MAX_REASON = 1000

_TRANSITIONS: Mapping[str, frozenset[str]] = {
    ContributionStatus.PENDING: frozenset({ContributionStatus.PUBLISHED, ContributionStatus.REJECTED}),
    ContributionStatus.PUBLISHED: frozenset({ContributionStatus.REJECTED}),
    ContributionStatus.REJECTED: frozenset({ContributionStatus.PUBLISHED}),
}


@dataclass(frozen=True)
class BulkResult:
    """The number of decided contributions, and of skipped ones (gone, of another campaign, decided before).

    `events` are the ids of the decisions.
    """

    done: int
    skipped: int
    events: tuple[int, ...]


def publish(
    contribution: Contribution, actor: User, *, expected: str | None = None, reason: str = ""
) -> Contribution:
    """Publish a contribution."""
    return _decide(contribution, actor, ContributionStatus.PUBLISHED, _reason(reason), expected)


def reject(
    contribution: Contribution, actor: User, reason: str, *, expected: str | None = None
) -> Contribution:
    """Reject a contribution; the reason is shown to its author."""
    return _decide(contribution, actor, ContributionStatus.REJECTED, _reason(reason, required=True), expected)


def edit(
    contribution: Contribution,
    actor: User,
    *,
    text: str | None = None,
    answers: Mapping[str, object] | None = None,
    category: str | None = None,
    geometry: object | None = None,
    reason: str = "",
    expected: str | None = None,
) -> Contribution:
    """Change the given fields (None: unchanged); the event keeps the replaced values. The status stays.

    With another category, stored answers that fit its questions stay and the others go into the event.
    """
    explained = _reason(reason)
    with transaction.atomic(), refusing_what_the_database_refuses():
        stored = _locked_for(actor, contribution, expected)
        before = content_of(stored)
        if category is not None and category != stored.category.slug:
            found = find_category(stored.campaign, category)
            if found is None:
                raise invalid("category", "unknown_category")
            stored.category = found
            questions = list(found.questions.all())
            stored.set_answers(fitting_answers(questions, stored.answers_for(questions)))
            if geometry is None:
                geometry = _geojson(stored.geom)
                checked_geometry(stored.campaign, found, geometry)
        if geometry is not None:
            stored.geom = checked_geometry(stored.campaign, stored.category, geometry)
        if answers is not None:
            given = clean_answers(list(stored.category.questions.all()), answers, require=False)
            removed = RemovedQuestion.objects.filter(category=stored.category)
            stored.set_answers(with_kept(given, stored.all_answers, removed))
        if text is not None:
            stored.text = checked_text(text)
        if stored.source == Source.CITY:
            _call_keepers(stored, actor)
        _save_edited(stored, before, actor, explained)
    return stored


def _call_keepers(changed: Contribution, actor: User) -> None:
    """Call the keepers of a place of the city that has its new values already."""
    former = Contribution.objects.select_related("category").get(pk=changed.pk)
    now = Checked(changed.category, changed.geom, changed.text, {}, changed.zoom, changed.title)
    for keeper in KEEPERS:
        keeper.before_change(former, now, actor)


def overwrite(stored: Contribution, checked: Checked, actor: User) -> None:
    """Replace the whole content of a contribution of the city or of a sheet; the event keeps what was there.

    Callers must check permissions first and hold its lock. The status stays, and so do answers that were kept when
    their questions were removed.
    """
    if stored.source == Source.CITY:
        for keeper in KEEPERS:
            keeper.before_change(stored, checked, actor)
    before = content_of(stored)
    # Of another category the same short name means another question.
    removed = RemovedQuestion.objects.filter(category=checked.category).filter(category=stored.category)
    stored.category, stored.geom, stored.text = checked.category, checked.geom, checked.text
    if stored.source == Source.CITY:
        stored.title = checked.title
    stored.set_answers(with_kept(checked.answers, stored.all_answers, removed))
    _save_edited(stored, before, actor, "")


def _save_edited(stored: Contribution, before: Mapping[str, object], actor: User, reason: str) -> None:
    """Store an edited contribution, with an event that keeps what is another value than before."""
    now = content_of(stored)
    original = {name: value for name, value in before.items() if value != now[name]}
    if original:
        stored.save()
        footprint.write(stored)
        _record(stored, actor, stored.status, stored.status, reason=reason, original=original)


def bulk(
    contribution_ids: Iterable[UUID],
    campaign: Campaign,
    action: Literal["publish", "reject"],
    actor: User,
    reason: str = "",
) -> BulkResult:
    """Publish or reject many contributions of one campaign; those that cannot be decided are skipped."""
    require_role(rules.may_moderate, actor, campaign)
    explained = _reason(reason, required=action == "reject")
    target = ContributionStatus.PUBLISHED if action == "publish" else ContributionStatus.REJECTED
    wanted = set(contribution_ids)
    with transaction.atomic():
        found = (
            Contribution.objects.select_for_update(of=("self",), no_key=True)
            .filter(campaign=campaign, pk__in=wanted)
            .order_by("pk")
        )
        events = tuple(
            _change(stored, actor, target, explained).pk
            for stored in found
            if target in _TRANSITIONS.get(stored.status, frozenset())
        )
    return BulkResult(done=len(events), skipped=len(wanted) - len(events), events=events)


def publish_comment(comment: Comment, actor: User, *, expected: str | None = None) -> Comment:
    """Publish a comment."""
    return _decide_comment(comment, actor, CommentStatus.PUBLISHED, "", expected)


def reject_comment(
    comment: Comment, actor: User, reason: str = "", *, expected: str | None = None
) -> Comment:
    """Reject a comment."""
    return _decide_comment(comment, actor, CommentStatus.REJECTED, _reason(reason), expected)


def _decide(
    contribution: Contribution, actor: User, target: ContributionStatus, reason: str, expected: str | None
) -> Contribution:
    with transaction.atomic():
        stored = _locked_for(actor, contribution, expected)
        if target not in _TRANSITIONS.get(stored.status, frozenset()):
            raise NotAllowed("wrong_status", status=stored.status)
        _change(stored, actor, target, reason)
    return stored


def _locked_for(actor: User, contribution: Contribution, expected: str | None) -> Contribution:
    stored = locked(contribution)
    require_role(rules.may_moderate, actor, stored.campaign)
    require_status(stored.status, expected)
    return stored


def _change(stored: Contribution, actor: User, target: ContributionStatus, reason: str) -> ModerationEvent:
    before, stored.status = stored.status, target
    stored.save(update_fields=["status", "updated_at"])
    footprint.set_status(stored)
    event = _record(stored, actor, before, target, reason=reason)
    if target == ContributionStatus.REJECTED:
        flags.close(stored, actor, FlagOutcome.REMOVED)
    return event


def _decide_comment(
    comment: Comment, actor: User, target: CommentStatus, reason: str, expected: str | None
) -> Comment:
    with transaction.atomic():
        # The contribution's lock first, as in all services: its counter of comments changes.
        contribution = locked(comment.contribution)
        require_role(rules.may_moderate, actor, contribution.campaign)
        stored = Comment.objects.select_for_update().filter(pk=comment.pk).first()
        if stored is None:
            raise NotAllowed("gone")
        require_status(stored.status, expected)
        if target not in _TRANSITIONS[ContributionStatus(stored.status)]:
            raise NotAllowed("wrong_status", status=stored.status)
        before, stored.status = stored.status, target
        stored.save(update_fields=["status"])
        count_comments(contribution)
        ModerationEvent.objects.create(
            comment=stored, actor=actor, from_status=before, to_status=target, reason=reason
        )
        if target == CommentStatus.REJECTED:
            flags.close(stored, actor, FlagOutcome.REMOVED)
    return stored


def _record(
    stored: Contribution,
    actor: User,
    before: str,
    after: str,
    *,
    reason: str,
    original: Mapping[str, object] | None = None,
) -> ModerationEvent:
    return ModerationEvent.objects.create(
        contribution=stored,
        actor=actor,
        from_status=before,
        to_status=after,
        reason=reason,
        original=dict(original or {}),
    )


def _reason(reason: str, *, required: bool = False) -> str:
    cleaned = checked_text(reason, max_length=MAX_REASON, name="reason")
    if required and not cleaned:
        raise invalid("reason", "reason_required")
    return cleaned


def erase_original(event: ModerationEvent, actor: User) -> None:
    """Delete the former content that an edit kept, as people may request of their data; that there was an edit stays.

    Managers only. The decision can no longer be undone. Raises NotAllowed "not_member".
    """
    with transaction.atomic():
        stored = ModerationEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
        subject = stored.comment.contribution if stored.comment is not None else stored.contribution
        if subject is None:
            raise NotAllowed("gone")
        require_role(rules.may_erase, actor, subject.campaign)
        stored.original = {}
        stored.save(update_fields=["original"])
        record_access(actor.pk, subject.campaign, "erase-original", Action.ERASED)


def content_of(stored: Contribution) -> dict[str, object]:
    """The content of a contribution, by field, that an event keeps before a change."""
    answers: dict[str, Answer] = stored.all_answers
    content: dict[str, object] = {
        "category": stored.category.slug,
        "geometry": _geojson(stored.geom),
        "text": stored.text,
        "answers": answers,
    }
    return content | {"title": stored.title} if stored.source == Source.CITY else content


def _geojson(geom: GEOSGeometry | None) -> object | None:
    return None if geom is None else json.loads(geom.json)
