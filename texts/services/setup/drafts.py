"""The draft of a text: what planners edit until they publish it. The public reads nothing of it.

A draft begins as a copy of the newest published version. Sections keep their ids, so that comments and addresses stay.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import User
from mapping.services.checking.content import checked_text
from mapping.services.errors import Conflict, Invalid, NotAllowed, Problem, invalid
from texts.models import LOWEST_LEVEL, MOST_SECTIONS, UNNUMBERED, Section, Text, TextVersion, Wording
from texts.models.version import LONGEST_HEADING
from texts.services.setup.texts import locked_text, require_editor

LONGEST_BODY: Final = 20_000
"""Most characters of a section's text, as `texts.reading.blocks` reads them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A section as a form or a document has it, not checked; `section` is the standing one that it continues."""

    heading: str
    body: str = ""
    level: int = 1
    section: UUID | None = None


def shown_version(text: Text) -> TextVersion | None:
    """What planners see of a text: its draft, else the newest published version."""
    return text.versions.order_by("-number").first()


def wordings_of(version: TextVersion | None) -> list[Wording]:
    """The wordings of a version in their order, with their sections."""
    if version is None:
        return []
    return list(version.wordings.select_related("section").in_order())


def mark_of(wording: Wording) -> str:
    """A mark of a wording as it is stored: another one after each change."""
    words = f"{wording.heading}\n{wording.level}\n{wording.body}"
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def save_section(
    text: Text, section: UUID | None, entry: Entry, *, actor: User, expected: str = ""
) -> Wording:
    """Store the wording of a section in the draft; without one, a new section behind the others.

    `expected` is the `mark_of` the wording that was edited. Raises NotAllowed "not_manager", Conflict "gone" and
    "section_changed" (params: mark, the one there is), Invalid on "heading", "body", "level".
    """
    heading, body, level = _checked(entry)
    with _edited(text, actor) as stored:
        draft = draft_of(stored)
        if section is None:
            if draft.wordings.count() >= MOST_SECTIONS:
                raise invalid("heading", "too_many_sections", max=MOST_SECTIONS, number=MOST_SECTIONS + 1)
            wording = Wording(
                version=draft, section=Section.objects.create(text=stored), position=_next(draft)
            )
        else:
            wording = _wording(draft, section)
            if expected and mark_of(wording) != expected:
                raise Conflict("section_changed", mark=mark_of(wording))
        wording.heading, wording.body, wording.level = heading, body, level
        wording.save()
    return wording


def move_section(text: Text, section: UUID, index: int, *, actor: User) -> None:
    """Move a section in the draft, counted from 0; raises NotAllowed "not_manager", Conflict "gone"."""
    with _edited(text, actor) as stored:
        draft = draft_of(stored)
        moved = _wording(draft, section)
        after = [one for one in wordings_of(draft) if one.pk != moved.pk]
        after.insert(max(0, index), moved)
        _number(after)


def drop_section(text: Text, section: UUID, *, actor: User) -> None:
    """Leave a section out of the draft; one that was never published is deleted. Raises as `move_section`."""
    with _edited(text, actor) as stored:
        draft = draft_of(stored)
        wording = _wording(draft, section)
        wording.delete()
        _forget_unused(stored)
        _number(wordings_of(draft))


def dropped_of(text: Text, draft: TextVersion | None) -> list[Wording]:
    """Sections of the newest published version that the draft leaves out, as they read there."""
    if draft is None or draft.published_at is not None:
        return []
    published = text.versions.published().order_by("-number").first()
    if published is None:
        return []
    kept = draft.wordings.values("section")
    return list(published.wordings.exclude(section__in=kept).select_related("section").in_order())


def put_back(text: Text, section: UUID, *, actor: User) -> None:
    """Take a section that the draft leaves out up again, as it reads in public, behind the others; raises as above."""
    with _edited(text, actor) as stored:
        draft = draft_of(stored)
        found = next((one for one in dropped_of(stored, draft) if one.section_id == section), None)
        if found is None:
            raise Conflict("gone")
        _copy([found], draft, at=_next(draft))


def replace_draft(text: Text, entries: Sequence[Entry], *, actor: User | None) -> TextVersion:
    """Let the draft hold these sections and no others: what a document brought, once planners have seen it.

    Raises NotAllowed "not_manager", Invalid on "sections" (too_many_sections, section_twice) and by number
    ("sections.3"), Conflict "gone".
    """
    checked = _all_checked(entries)
    with _edited(text, actor) as stored:
        draft = draft_of(stored)
        known = {one.pk: one for one in stored.sections.all()}
        if any(one.section is not None and one.section not in known for one in entries):
            raise Conflict("gone")
        draft.wordings.all().delete()
        added = [Section(text=stored) for one in entries if one.section is None]
        Section.objects.bulk_create(added)
        fresh = iter(added)
        Wording.objects.bulk_create(
            Wording(
                version=draft,
                section=next(fresh) if entry.section is None else known[entry.section],
                heading=heading,
                body=body,
                level=level,
                position=position,
            )
            for position, (entry, (heading, body, level)) in enumerate(zip(entries, checked, strict=True))
        )
        _forget_unused(stored)
    return draft


def discard_draft(text: Text, *, actor: User) -> None:
    """Delete the draft; what is public stays. Raises NotAllowed "not_manager" and "nothing_to_discard"."""
    with _edited(text, actor) as stored:
        deleted, _rows = stored.versions.drafts().delete()
        if not deleted:
            raise NotAllowed("nothing_to_discard")
        _forget_unused(stored)


def draft_of(stored: Text) -> TextVersion:
    """The draft of a locked text, made as a copy of the newest published version where there is none."""
    newest = stored.versions.order_by("-number").first()
    if newest is not None and newest.published_at is None:
        return newest
    draft = TextVersion.objects.create(text=stored, number=1 if newest is None else newest.number + 1)
    _copy(wordings_of(newest), draft)
    return draft


@contextmanager
def _edited(text: Text, actor: User | None) -> Iterator[Text]:
    """A transaction in which a manager's text is locked; None is the operator."""
    require_editor(actor, text.campaign)
    with transaction.atomic():
        yield locked_text(text)


def _checked(entry: Entry) -> tuple[str, str, int]:
    """Heading, body and level; raises Invalid with all problems."""
    found: dict[str, list[Problem]] = {}
    heading = body = ""
    try:
        heading = checked_text(entry.heading, max_length=LONGEST_HEADING, name="heading", multiline=False)
        if not heading:
            found["heading"] = [Problem("heading_required")]
    except Invalid as error:
        found |= error.fields
    try:
        body = checked_text(entry.body, max_length=LONGEST_BODY, name="body")
    except Invalid as error:
        found |= error.fields
    if not UNNUMBERED <= entry.level <= LOWEST_LEVEL:
        found["level"] = [Problem("not_a_section_level", {"max": LOWEST_LEVEL})]
    if found:
        raise Invalid(found)
    return heading, body, entry.level


def _all_checked(entries: Sequence[Entry]) -> list[tuple[str, str, int]]:
    if len(entries) > MOST_SECTIONS:
        raise invalid("sections", "too_many_sections", max=MOST_SECTIONS, number=len(entries))
    named = [one.section for one in entries if one.section is not None]
    if len(set(named)) < len(named):
        raise invalid("sections", "section_twice")
    checked: list[tuple[str, str, int]] = []
    problems: dict[str, list[Problem]] = {}
    for number, one in enumerate(entries):
        try:
            checked.append(_checked(one))
        except Invalid as error:
            problems[f"sections.{number}"] = [problem for found in error.fields.values() for problem in found]
    if problems:
        raise Invalid(problems)
    return checked


def _wording(draft: TextVersion, section: UUID) -> Wording:
    found = draft.wordings.filter(section=section).first()
    if found is None:
        raise Conflict("gone")
    return found


def _copy(wordings: Iterable[Wording], draft: TextVersion, at: int = 0) -> None:
    Wording.objects.bulk_create(
        Wording(
            version=draft,
            section_id=one.section_id,
            heading=one.heading,
            body=one.body,
            level=one.level,
            position=position,
        )
        for position, one in enumerate(wordings, at)
    )


def _next(draft: TextVersion) -> int:
    last = draft.wordings.order_by("-position").values_list("position", flat=True).first()
    return 0 if last is None else last + 1


def _number(wordings: Sequence[Wording]) -> None:
    for position, one in enumerate(wordings):
        one.position = position
    Wording.objects.bulk_update(wordings, ["position"])


def _forget_unused(stored: Text) -> None:
    """Delete sections that no version has and that were never public."""
    unused: QuerySet[Section] = stored.sections.filter(contribution=None, wordings=None)
    unused.delete()
