"""Undo of one's own last decisions about contributions and comments; each is recorded as a decision of its own.

What became public in between cannot be undone: texts, numbers of a release, a reason shown to an author. `Undone`
lists these, so that pages can say so.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.gis.geos import GEOSGeometry
from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.aggregation import footprint
from mapping.geo.geojson import GEOJSON_TYPES
from mapping.models import (
    Campaign,
    Category,
    Comment,
    Contribution,
    ContributionStatus,
    ModerationEvent,
    Release,
)
from mapping.models.campaign import PlaceType
from mapping.services.checking.content import find_category
from mapping.services.checking.gates import require_role
from mapping.services.counters import count_comments
from mapping.services.errors import Conflict, DomainError, NotAllowed
from mapping.services.moderation import flags
from mapping.services.moderation.moderate import content_of
from mapping.services.submit import locked, refusing_what_the_database_refuses


@dataclass
class Undone:
    """What was undone, what was left unchanged, and what can no longer be undone."""

    events: list[ModerationEvent] = field(default_factory=list)
    refused: list[ModerationEvent] = field(default_factory=list)
    was_public: bool = False
    was_released: bool = False
    author_may_know: bool = False


def undo(event_ids: Iterable[int], campaign: Campaign, actor: User) -> Undone:
    """Undo decisions of one campaign; objects that changed since their decision are left unchanged.

    Raises NotAllowed (not_member, not_own_decision) before anything is changed.
    """
    require_role(rules.may_moderate, actor, campaign)
    found = list(
        ModerationEvent.objects.all()
        .in_campaign(campaign)
        .filter(pk__in=set(event_ids))
        .select_related("contribution__campaign", "comment__contribution__campaign")
    )
    if not all(rules.may_undo(actor, event) for event in found):
        raise NotAllowed("not_own_decision")
    done = Undone()
    with transaction.atomic(), refusing_what_the_database_refuses():
        # Contributions are locked in the order of their ids, as in all services.
        for event in sorted(found, key=lambda event: (_contribution_of(event).pk, event.pk)):
            try:
                done.events.append(_undo_one(event, actor))
            except DomainError:
                done.refused.append(event)
    _find_what_stays(done, campaign)
    return done


def _undo_one(event: ModerationEvent, actor: User) -> ModerationEvent:
    contribution = locked(_contribution_of(event))
    item: Contribution | Comment = contribution
    if event.comment is not None:
        item = Comment.objects.select_for_update().get(pk=event.comment.pk)
    newest = ModerationEvent.objects.about(item).order_by("-created_at", "-pk").first()
    is_standing = ModerationEvent.objects.standing().filter(pk=event.pk).exists()
    if newest is None or newest.pk != event.pk or not is_standing or item.status != event.to_status:
        raise Conflict("status_changed", status=item.status)
    original: dict[str, object] = {}
    if isinstance(item, Comment):
        item.status = event.from_status
        item.save(update_fields=["status"])
        count_comments(contribution)
        flags.reopen(item, actor, event.created_at)
    elif event.from_status == event.to_status:
        original = _restore(item, event)
    else:
        item.status = ContributionStatus(event.from_status)
        item.save(update_fields=["status", "updated_at"])
        footprint.set_status(item)
        flags.reopen(item, actor, event.created_at)
    return ModerationEvent.objects.create(
        contribution=event.contribution,
        comment=event.comment,
        actor=actor,
        from_status=event.to_status,
        to_status=event.from_status,
        original=original,
        undoes=event,
    )


def _restore(stored: Contribution, event: ModerationEvent) -> dict[str, object]:
    """Restore the values that an edit replaced; returns the values before, by field.

    Values that retention removed stay as they are (`retained.events`).
    """
    before = content_of(stored)
    if not event.original:  # erased (`moderate.erase_original`)
        raise NotAllowed("gone")
    if not event.original.keys() <= before.keys():
        raise NotAllowed("wrong_status", status=stored.status)
    for name, value in event.original.items():
        match name:
            case "category":
                category = find_category(stored.campaign, value)
                if category is None or not ("geometry" in event.original or _takes(category, stored.geom)):
                    raise NotAllowed("gone")
                stored.category = category
            case "geometry":
                stored.geom = None if value is None else GEOSGeometry(json.dumps(value), srid=4326)
            case "title":
                stored.title = value
            case "text":
                stored.text = value
            case "answers":
                stored.set_answers(value)
    stored.save()
    footprint.write(stored)
    return {name: before[name] for name in event.original}


def _takes(category: Category, geom: GEOSGeometry | None) -> bool:
    """Whether a category lets people place such a shape: the one that fitted it may be removed."""
    if geom is None:
        return PlaceType.NONE in category.geometry_types
    return geom.geom_type in {GEOJSON_TYPES.get(name) for name in category.geometry_types}


def _find_what_stays(done: Undone, campaign: Campaign) -> None:
    taken_back = [event.undoes for event in done.events if event.undoes is not None]
    decisions = [event for event in taken_back if event.from_status != event.to_status]
    if not decisions:
        return
    published = any(event.to_status == ContributionStatus.PUBLISHED for event in decisions)
    first = min(event.created_at for event in decisions)
    done.was_public = published and campaign.publishes_points
    done.was_released = (
        not campaign.publishes_points
        and Release.objects.filter(campaign=campaign, made_at__gte=first).exists()
    )
    done.author_may_know = any(event.to_status == ContributionStatus.REJECTED for event in decisions)


def _contribution_of(event: ModerationEvent) -> Contribution:
    if event.contribution is not None:
        return event.contribution
    if event.comment is None:
        raise NotAllowed("gone")
    return event.comment.contribution
