"""Bodies and their members: stored, published, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Final, TypeVar

from django.db import models, transaction
from django.utils import timezone

from accounts.models import User
from engagement.models import Body, BodyMember
from engagement.models.common import ONE_SUMMARY, Record
from engagement.rules import may_edit_records
from engagement.services.checked import checked_texts
from engagement.services.removed import everything_of_body, note_removed
from mapping.geo.text import address_from_title
from mapping.services.campaigns import validate
from mapping.services.errors import Conflict, NotAllowed, invalid

LONGEST: Final[Mapping[str, int]] = {
    "name": 160,
    "summary": ONE_SUMMARY,
    "description": 20_000,
    "contact": 200,
}
"""Characters of each text of a body."""
LONGEST_OF_MEMBER: Final[Mapping[str, int]] = {"name": 120, "role": 120}
MOST_MEMBERS: Final = 200
_TAKEN: Final = frozenset({"new"})
"""Short names that addresses of the planners' pages have already."""

Stored = TypeVar("Stored", bound=Record)


def save_body(actor: User, body: Body | None, values: Mapping[str, object], *, expected: str = "") -> Body:
    """Store a new body as a draft, or the changes of one (texts of `LONGEST`, since, until).

    Raises NotAllowed "not_records_editor", Conflict (gone, step_changed with its version), Invalid by the names of
    the values, on "until" body_until_before_since.
    """
    require_editor(actor)
    cleaned = checked_texts(values, LONGEST, needed={"name"}, multiline={"description"})
    _require_order(cleaned)
    with transaction.atomic():
        stored = Body() if body is None else locked(Body.objects.all(), body, expected)
        for name, value in cleaned.items():
            setattr(stored, name, value)
        if body is None:
            stored.slug = _free_slug(stored.name)
        stored.changed_at = timezone.now()
        validate(stored)
        stored.save()
    return stored


def set_public(actor: User, body: Body, *, is_public: bool) -> Body:
    """Show a body with its sessions and documents to everybody, or hide it again. Raises as `save_body`."""
    require_editor(actor)
    with transaction.atomic():
        stored = locked(Body.objects.all(), body)
        if not is_public and not stored.is_draft:
            note_removed(everything_of_body(stored))
        stored.is_draft = not is_public
        stored.changed_at = timezone.now()
        stored.save(update_fields=["is_draft", "changed_at"])
    return stored


def delete_body(actor: User, body: Body) -> None:
    """Delete a body with its members; its documents stay. Raises NotAllowed, Conflict (gone, body_has_sessions)."""
    require_editor(actor)
    with transaction.atomic():
        stored = locked(Body.objects.all(), body)
        if stored.sessions.exists():
            raise Conflict("body_has_sessions")
        if not stored.is_draft:
            note_removed([stored, *stored.members.all()])
        stored.delete()


def save_member(
    actor: User, body: Body, member: BodyMember | None, values: Mapping[str, object]
) -> BodyMember:
    """Store a member (texts of `LONGEST_OF_MEMBER`, since, until), a new one as the last.

    Raises NotAllowed "not_records_editor", Conflict (gone, too_many_members), Invalid as `save_body`.
    """
    require_editor(actor)
    cleaned = checked_texts(values, LONGEST_OF_MEMBER, needed={"name"})
    _require_order(cleaned)
    with transaction.atomic():
        owner = locked(Body.objects.all(), body)
        if member is None:
            number = owner.members.count()
            if number >= MOST_MEMBERS:
                raise Conflict("too_many_members", max=MOST_MEMBERS)
            stored = BodyMember(body=owner, position=next_position(owner.members.all()))
        else:
            stored = locked(BodyMember.objects.filter(body=owner), member)
        for name, value in cleaned.items():
            setattr(stored, name, value)
        stored.changed_at = timezone.now()
        validate(stored)
        stored.save()
        touch(owner)
    return stored


def move_member(actor: User, member: BodyMember, step: int) -> None:
    """Move a member up (-1) or down (1). Raises NotAllowed "not_records_editor", Conflict "gone"."""
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Body.objects.all(), member.body)
        move(list(owner.members.order_by("position", "name", "pk")), member, step)
        touch(owner)


def delete_member(actor: User, member: BodyMember) -> None:
    """Take somebody off the list; nothing of the person stays. Raises NotAllowed, Conflict "gone"."""
    require_editor(actor)
    with transaction.atomic():
        owner = locked(Body.objects.all(), member.body)
        stored = locked(BodyMember.objects.filter(body=owner), member)
        if not owner.is_draft:
            note_removed([stored])
        stored.delete()
        touch(owner)


def version_of(record: Record | None) -> str:
    """A mark of a record as it is stored: another one after each change."""
    return "" if record is None else record.changed_at.isoformat()


def require_editor(actor: User) -> None:
    """Raise NotAllowed "not_records_editor" for others than those who edit everything of the city."""
    if not may_edit_records(actor):
        raise NotAllowed("not_records_editor")


def locked(rows: models.QuerySet[Stored], record: Stored, expected: str = "") -> Stored:
    """The stored row, locked. Raises Conflict: gone, and step_changed (version) where another one was expected."""
    stored = rows.select_for_update(no_key=True, of=("self",)).filter(pk=record.pk).first()
    if stored is None:
        raise Conflict("gone")
    if expected and expected != version_of(stored):
        raise Conflict("step_changed", version=version_of(stored))
    return stored


def touch(record: Record) -> None:
    """Note that something of a record changed."""
    record.changed_at = timezone.now()
    record.save(update_fields=["changed_at"])


def next_position(rows: models.QuerySet[Stored]) -> int:
    """The place behind the last one of a list."""
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def move(rows: list[Stored], record: Stored, step: int) -> None:
    """Store the order of a list in which one row was moved by some places. Raises Conflict "gone"."""
    if record not in rows:
        raise Conflict("gone")
    now = rows.index(record)
    moved = rows.pop(now)
    rows.insert(max(0, min(len(rows), now + step)), moved)
    for position, one in enumerate(rows):
        one.position = position  # type: ignore[attr-defined]
    type(record)._default_manager.bulk_update(rows, ["position"])  # noqa: SLF001 - documented


def _require_order(values: Mapping[str, object]) -> None:
    since, until = values.get("since"), values.get("until")
    if since is not None and until is not None and until < since:  # type: ignore[operator]
        raise invalid("until", "body_until_before_since")


def _free_slug(name: str) -> str:
    """A short name that no body has."""
    wanted = address_from_title(name, max_length=70) or "body"
    candidates = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(one for one in candidates if one not in _TAKEN and not Body.objects.filter(slug=one).exists())
