"""Atom feeds (RFC 4287) at `/feeds/<name>`; apps register theirs here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.contrib.syndication.views import Feed as Syndication
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mapping.registry import Registry
from mapping.web.home import latest_replies

_NEWEST: Final = 30
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 section 2.2 cannot hold."""


@dataclass(frozen=True)
class FeedEntry:
    """One entry; `address` is a path of the site and `key` distinguishes it from others at that address."""

    title: str
    text: str
    address: str
    key: str
    published_at: datetime


@dataclass(frozen=True, eq=False)
class Feed:
    """One feed; `entries` are public and the newest first."""

    name: str
    title: str | Promise
    entries: Callable[[], Sequence[FeedEntry]]
    address: Callable[[], str]
    """Address of the page with the same content."""


FEEDS: Final[Registry[Feed]] = Registry("feed")


if TYPE_CHECKING:
    _Syndication = Syndication[FeedEntry, Feed]
else:
    _Syndication = Syndication  # generic in the stubs only


class _AtomFeed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """The second of the newest entry; an empty feed has a fixed date, since now would change."""
        newest = max((item["pubdate"] for item in self.items), default=_NEVER)
        return newest.replace(microsecond=0)


class _Atom(_Syndication):
    feed_type = _AtomFeed

    def get_object(self, request: HttpRequest, *_args: object, **kwargs: object) -> Feed:  # noqa: ARG002 - the interface
        """The feed of an address."""
        found = FEEDS.named(str(kwargs["name"]))
        if found is None:
            raise Http404
        return found

    def title(self, obj: Feed) -> str:
        return str(obj.title)

    def link(self, obj: Feed) -> str:
        return obj.address()

    def feed_url(self, obj: Feed) -> str:
        return reverse("feed", args=(obj.name,))

    def items(self, obj: Feed) -> Sequence[FeedEntry]:
        return obj.entries()

    def item_title(self, item: FeedEntry) -> str:
        return _CONTROLS.sub("", item.title)

    def item_description(self, item: FeedEntry) -> str:
        return _CONTROLS.sub("", item.text)

    def item_link(self, item: FeedEntry) -> str:
        return f"{item.address}#{item.key}"

    def item_pubdate(self, item: FeedEntry) -> datetime:
        return item.published_at.replace(microsecond=0)

    def item_updateddate(self, item: FeedEntry) -> datetime:
        return item.published_at.replace(microsecond=0)


feed = require_safe(_Atom())


def _replies() -> list[FeedEntry]:
    return [
        FeedEntry(
            f"{reply.contribution.campaign.title} · {reply.contribution.category.title}: {reply.get_status_display()}",
            reply.text,
            reverse("contribution", args=(reply.contribution.campaign.slug, reply.contribution.pk)),
            f"reply-{reply.created_at:%Y%m%d%H%M%S}",
            reply.created_at,
        )
        for reply in latest_replies(_NEWEST)
    ]


REPLIES: Final = Feed("replies", _("What the city replied"), _replies, lambda: reverse("home"))
