"""What a file with comments holds: the sections in order, each with its comments, the oldest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mapping.models import Comment, CommentStatus
from mapping.models.feedback import CommentQuerySet
from mapping.wording import in_words_day
from texts.services.discussion import Remark, ShownSection, TextInVersion, in_threads, remarks_of

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 section 2.2 cannot hold."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands above the comments; `address` is the text's on the site, `language` that of its sections."""

    title: str
    subtitle: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class SectionWithRemarks:
    """A section of the newest version and all comments on it, answers behind what they answer."""

    section: ShownSection
    remarks: Sequence[Remark]


def sections_with_remarks(
    shown: TextInVersion, statuses: Sequence[CommentStatus] = ()
) -> list[SectionWithRemarks]:
    """The content of a file: published comments.

    With `statuses` comments in these, for staff: callers must check permissions first.
    """
    rows: CommentQuerySet = Comment.objects.filter(contribution__in=list(shown.by_id))
    wanted = reduce(or_, map(rows.with_status, statuses)) if statuses else rows.published()
    found: Mapping[UUID, Sequence[Remark]] = remarks_of(shown, wanted)
    return [
        SectionWithRemarks(one, list(_in_order(in_threads(found.get(one.pk, ()))))) for one in shown.sections
    ]


def _in_order(threads: Iterable[Remark]) -> Iterator[Remark]:
    """Each remark, and the answers to it behind it."""
    for one in threads:
        yield one
        yield from one.answers


def frame_of(shown: TextInVersion) -> Frame:
    """The frame in the language of the page."""
    category = shown.text.category
    words = {"number": shown.version.number, "day": in_words_day(timezone.localdate())}
    path = reverse("text", args=(shown.text.campaign.slug, category.slug))
    return Frame(
        f"{shown.text.campaign.title}: {category.title}",
        _("Comments on version %(number)s, as of %(day)s") % words,
        f"{settings.SITE_URL}{path}",
        shown.text.campaign.language,
    )


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text, without signs that files of XML cannot hold."""
    for part in _CONTROLS.sub("", text).split("\n\n"):
        if part.strip():
            yield part.strip("\n")
