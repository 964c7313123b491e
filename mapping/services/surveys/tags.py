"""Tags of free texts of a survey: made, changed, merged and deleted by staff, given to texts and taken off again.

Who may read responses may tag them (`rules.may_tag_texts`). A tag counts for a text that it was given to by somebody
who had read it: a text that was changed meanwhile is left out here, one that is changed later is marked (`TaggedText`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import User
from mapping import rules
from mapping.geo.text import clean_text
from mapping.models import Campaign, Response, TaggedText, TextTag
from mapping.models.campaign import Marker
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Invalid, Problem, invalid

LONGEST_NAME: Final = 60
MOST_TAGS: Final = 100
"""Per survey; as many are still found in a list."""
MOST_TEXTS: Final = 200
"""At once."""
_DIGEST: Final = 16

Mode = Literal["add", "remove"]


@dataclass(frozen=True, slots=True)
class SeenText:
    """A text as somebody read it: of which response, and a hash of it (`digest_of`)."""

    response: UUID
    digest: str

    @classmethod
    def parse(cls, text: str) -> SeenText | None:
        """Parse the output of `str()`."""
        pk, _tilde, digest = text.partition("~")
        try:
            return cls(UUID(pk), digest)
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.response}~{self.digest}"


@dataclass(frozen=True, slots=True)
class Tagged:
    """How many texts were tagged, and how many were left out, since they were changed or withdrawn meanwhile."""

    texts: int
    left_out: int


def digest_of(text: str) -> str:
    """A short hash of a text, by which a change of it is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST]


def add_tag(campaign: Campaign, actor: User, name: str, mark: str = "") -> TextTag:
    """Make a tag; without a mark it gets the one that is used least. Raises NotAllowed, Invalid on "name" or "mark"."""
    require_role(rules.may_tag_texts, actor, campaign)
    with transaction.atomic():
        # Two of the staff do not make more than there may be.
        Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
        if TextTag.objects.filter(campaign=campaign).count() >= MOST_TAGS:
            raise invalid("name", "too_many_tags", max=MOST_TAGS)
        return _saved(TextTag(campaign=campaign, name=_clean(name), mark=mark or _next_mark(campaign)))


def change_tag(tag: TextTag, actor: User, name: str, mark: str) -> TextTag:
    """Rename a tag or change its mark. Raises NotAllowed, Invalid on "name" or "mark", Conflict "tag_gone"."""
    require_role(rules.may_tag_texts, actor, tag.campaign)
    with transaction.atomic():
        # Saving a row that is gone would store it anew.
        stored = TextTag.objects.select_for_update(no_key=True).filter(pk=tag.pk).first()
        if stored is None:
            raise Conflict("tag_gone")
        stored.name, stored.mark = _clean(name), mark
        return _saved(stored)


def merge_tags(tag: TextTag, into: TextTag, actor: User) -> None:
    """Give all texts of a tag to another one of the same survey, and delete it.

    Raises NotAllowed, Invalid on "into", Conflict "tag_gone".
    """
    require_role(rules.may_tag_texts, actor, tag.campaign)
    if tag.pk == into.pk or tag.campaign_id != into.campaign_id:
        raise invalid("into", "other_tag_needed")
    with transaction.atomic():
        # In one order, so that two merges never deadlock; nobody gives texts to a locked tag.
        found = TextTag.objects.select_for_update().filter(pk__in=(tag.pk, into.pk)).order_by("pk")
        if len(found) != 2:
            raise Conflict("tag_gone")
        current = _held(tag)
        _give(into, [(one.response_id, one.writing) for one in current.filter(is_stale=False)])
        _give(into, [(one.response_id, one.writing) for one in current.filter(is_stale=True)], is_stale=True)
        TextTag.objects.filter(pk=tag.pk).delete()


def delete_tag(tag: TextTag, actor: User) -> None:
    """Delete a tag and take it off all texts; the texts stay. Raises NotAllowed."""
    require_role(rules.may_tag_texts, actor, tag.campaign)
    with transaction.atomic():
        # Before the responses, as by whoever tags them.
        list(TextTag.objects.select_for_update().filter(pk=tag.pk))
        _held(tag)
        TextTag.objects.filter(pk=tag.pk).delete()


def tag_texts(
    campaign: Campaign,
    actor: User,
    writing: str,
    seen: Sequence[SeenText],
    *,
    tags: Iterable[int],
    name: str = "",
    mode: Mode = "add",
) -> Tagged:
    """Give tags (ids) to texts of one question, or take them off. Giving one again confirms it for a changed text.

    With a name, the tag that has it is given too; it is made where there is none. Raises NotAllowed, Invalid on "tags"
    (none, or one that is gone) and "texts" (none, or too many at once), and as `add_tag`.
    """
    require_role(rules.may_tag_texts, actor, campaign)
    if not seen:
        raise invalid("texts", "no_texts_chosen")
    if len(seen) > MOST_TEXTS:
        raise invalid("texts", "too_many_texts", max=MOST_TEXTS)
    wanted = set(tags)
    with transaction.atomic():
        if name.strip() and mode == "add":
            wanted.add(_called(campaign, actor, name).pk)
        chosen = TextTag.objects.filter(campaign=campaign, pk__in=wanted)
        found = list(chosen.select_for_update(no_key=True).order_by("pk"))
        if not wanted or len(found) != len(wanted):
            raise invalid("tags", "tags_needed")
        texts = _unchanged(campaign, writing, seen) if mode == "add" else [one.response for one in seen]
        if mode == "add":
            for tag in found:
                _give(tag, [(pk, writing) for pk in texts])
        else:
            TaggedText.objects.filter(tag__in=found, response__in=texts, writing=writing).delete()
    return Tagged(len(texts), len(seen) - len(texts))


def _called(campaign: Campaign, actor: User, name: str) -> TextTag:
    stored = TextTag.objects.filter(campaign=campaign, name__iexact=_clean(name)).first()
    return stored or add_tag(campaign, actor, name)


def _unchanged(campaign: Campaign, writing: str, seen: Sequence[SeenText]) -> list[UUID]:
    """The responses whose text is still the one that was read, locked until the transaction ends."""
    read = {one.response: one.digest for one in seen}
    stored = (
        Response.objects.of(campaign)
        .complete()
        .filter(pk__in=read)
        .select_for_update(no_key=True)
        .order_by("pk")
    )
    return [
        one.pk
        for one in stored
        if isinstance(text := one.all_answers.get(writing), str) and digest_of(text) == read[one.pk]
    ]


def _held(tag: TextTag) -> QuerySet[TaggedText]:
    """What has a tag. Its responses are locked first, as by whoever changes them: both write these rows."""
    list(
        Response.objects.filter(pk__in=TaggedText.objects.filter(tag=tag).values("response"))
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list("pk")
    )
    return TaggedText.objects.filter(tag=tag)


def _give(tag: TextTag, texts: Iterable[tuple[UUID, str]], *, is_stale: bool = False) -> None:
    """Give a tag to texts; those that have it already are confirmed unless `is_stale`."""
    rows = [TaggedText(tag=tag, response_id=pk, writing=name, is_stale=is_stale) for pk, name in texts]
    if is_stale:
        TaggedText.objects.bulk_create(rows, ignore_conflicts=True)
        return
    TaggedText.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=("response", "writing", "tag"),
        update_fields=("is_stale",),
    )


def _clean(name: str) -> str:
    cleaned = clean_text(name[: 4 * LONGEST_NAME], max_length=12 * LONGEST_NAME, multiline=False)
    if not cleaned:
        raise invalid("name", "required")
    if len(cleaned) > LONGEST_NAME:
        raise invalid("name", "too_long", max=LONGEST_NAME)
    return cleaned


def _saved(tag: TextTag) -> TextTag:
    try:
        tag.full_clean()
        with transaction.atomic():
            tag.save()
    except ValidationError as error:
        named: Mapping[str, list[str]] = error.message_dict
        raise Invalid(
            {
                name if name in {"name", "mark"} else "name": [
                    Problem("refused", {"message": words}) for words in found
                ]
                for name, found in named.items()
            }
        ) from error
    except IntegrityError as error:
        raise invalid("name", "tag_name_taken") from error
    return tag


def _next_mark(campaign: Campaign) -> str:
    used = list(TextTag.objects.filter(campaign=campaign).values_list("mark", flat=True))
    return min(Marker.values, key=used.count)
