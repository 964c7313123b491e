"""Publication: what the draft holds becomes what people read, and its sections become contributions of the city."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from mapping.aggregation import footprint
from mapping.models import Category, Contribution, ContributionStatus, ModerationEvent, Source
from mapping.services.checking.content import Checked, checked_text
from mapping.services.errors import NotAllowed
from mapping.services.files.disks import refusing_what_disks_refuse
from mapping.services.setup.changes import note
from mapping.services.storing import store
from texts.models import Section, Text, TextVersion, Wording
from texts.reading.comparing import Compared, Worded, compare
from texts.reading.numbers import numbers
from texts.services.setup.drafts import wordings_of
from texts.services.setup.texts import STEP, locked_text, require_editor

LONGEST_NOTE: Final = 300


def worded(wordings: Sequence[Wording]) -> list[Worded[UUID]]:
    """Wordings of a version in their order, with their numbers."""
    counted = numbers(one.level for one in wordings)
    return [
        Worded(one.section_id, number, one.heading, one.body, one.level)
        for one, number in zip(wordings, counted, strict=True)
    ]


def changes_of(text: Text, draft: TextVersion | None) -> list[Compared[UUID]]:
    """What the draft changes against the newest published version, section by section; empty without a draft."""
    if draft is None or draft.published_at is not None:
        return []
    published = text.versions.published().order_by("-number").first()
    return compare(worded(wordings_of(published)), worded(wordings_of(draft)))


def publish(
    text: Text, *, actor: User | None, note_to_readers: str = "", at: datetime | None = None
) -> TextVersion:
    """Publish the draft as the next version; an `actor` manages the campaign, None is for commands of the operator.

    New sections get a contribution of the city with their id, changed ones keep theirs; those left out are gone from
    this version on and keep what people wrote. Raises NotAllowed "not_manager", "text_protected", "nothing_to_publish",
    "text_empty" and "text_unchanged", Invalid on "note", Conflict "gone".
    """
    at = at or timezone.now()
    require_editor(actor, text.campaign)
    words = checked_text(note_to_readers, max_length=LONGEST_NOTE, name="note", multiline=False)
    with refusing_what_disks_refuse(), transaction.atomic():
        stored = locked_text(text)
        draft = _publishable(stored)
        wordings = wordings_of(draft)
        _store_contributions(stored.category, wordings, actor, at)
        kept = [one.section_id for one in wordings]
        gone = stored.sections.filter(contribution__isnull=False, gone_since=None).exclude(pk__in=kept)
        Contribution.objects.filter(pk__in=gone.values("pk")).update(position=None, updated_at=at)
        gone.update(gone_since=draft)
        stored.sections.filter(pk__in=kept).exclude(gone_since=None).update(gone_since=None)
        draft.note, draft.published_at, draft.published_by = words, at, actor
        draft.save()
        if actor is not None:
            values = {"title": stored.category.title, "number": draft.number, "note": words}
            note(stored.campaign, actor, STEP, after={f"version {stored.category.slug}": values})
    return draft


def _publishable(stored: Text) -> TextVersion:
    if not stored.campaign.publishes_points:
        raise NotAllowed("text_protected")
    draft = stored.versions.drafts().first()
    if draft is None:
        raise NotAllowed("nothing_to_publish")
    if not draft.wordings.exists():
        raise NotAllowed("text_empty")
    if all(one.state == "same" for one in changes_of(stored, draft)):
        raise NotAllowed("text_unchanged")
    return draft


def _store_contributions(
    category: Category, wordings: Sequence[Wording], actor: User | None, at: datetime
) -> None:
    """Let the contributions of all sections read and stand as in these wordings."""
    by_id = {one.section_id: one for one in wordings}
    # In the order of ids, as in all services: two of them never wait for each other.
    locked = Contribution.objects.select_for_update(no_key=True).filter(pk__in=by_id).order_by("pk")
    standing = {one.pk: one for one in locked}
    positions = _positions(category, wordings)
    changed = [one for one in standing.values() if _apply(one, by_id[one.pk], positions)]
    originals = {
        one.pk: _original(one, by_id[one.pk]) for one in Contribution.objects.filter(pk__in=standing)
    }
    for one in changed:
        one.updated_at = at
    Contribution.objects.bulk_update(changed, ["title", "text", "position", "updated_at"])
    ModerationEvent.objects.bulk_create(
        ModerationEvent(
            contribution=one,
            actor=actor,
            from_status=one.status,
            to_status=one.status,
            original=originals[one.pk],
            created_at=at,
        )
        for one in changed
        if originals[one.pk]
    )
    for wording in wordings:
        if wording.section_id not in standing:
            _store_contribution(category, wording, positions[wording.section_id], actor, at)
    fresh = [one.section for one in wordings if one.section_id not in standing]
    for section in fresh:
        section.contribution_id = section.pk
    Section.objects.bulk_update(fresh, ["contribution"])


def _store_contribution(
    category: Category, wording: Wording, position: int, actor: User | None, at: datetime
) -> None:
    checked = Checked(category, geom=None, text=wording.body, answers={}, zoom=None, title=wording.heading)
    made = store(
        category.campaign,
        checked,
        id=wording.section_id,
        participant=None,
        status=ContributionStatus.PUBLISHED,
        source=Source.CITY,
        fingerprint=b"",
        created_at=at,
        actor=actor,
        position=position,
    )
    footprint.write(made)


def _positions(category: Category, wordings: Sequence[Wording]) -> dict[UUID, int]:
    """The place of each section among those of the city in the campaign: behind those of other categories."""
    others = Contribution.objects.filter(campaign=category.campaign_id).exclude(category=category)
    last = others.aggregate(last=Max("position"))["last"]
    return {one.section_id: number for number, one in enumerate(wordings, 0 if last is None else last + 1)}


def _apply(contribution: Contribution, wording: Wording, positions: Mapping[UUID, int]) -> bool:
    """Set title, text and position; returns whether any of them is another one now."""
    before = contribution.title, contribution.text, contribution.position
    contribution.title, contribution.text = wording.heading, wording.body
    contribution.position = positions[contribution.pk]
    return (contribution.title, contribution.text, contribution.position) != before


def _original(former: Contribution, wording: Wording) -> dict[str, object]:
    """What an event keeps of the former content: what reads otherwise now."""
    now = {"title": wording.heading, "text": wording.body}
    return {name: getattr(former, name) for name, value in now.items() if getattr(former, name) != value}
