"""Feeds: Atom (RFC 4287) at `/feeds/<name>`, Atom and RSS 2.0 of all together and of campaigns; apps register here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.syndication.views import Feed as Syndication
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from mapping.models import Campaign, Reply
from mapping.registry import Registry
from mapping.web.overview.home import latest_replies

_NEWEST: Final = 30
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 section 2.2 cannot hold."""


@dataclass(frozen=True)
class FeedEntry:
    """One entry; `address` is a path of the site and `key` distinguishes it from others at that address.

    `updated_at` is the moment of its last change, if it was changed since it was published.
    """

    title: str
    text: str
    address: str
    key: str
    published_at: datetime
    updated_at: datetime | None = None

    @property
    def newest_at(self) -> datetime:
        """The moment by which entries are ordered."""
        return self.updated_at or self.published_at


@dataclass(frozen=True, eq=False)
class Feed:
    """One feed; `entries` are public and the newest first."""

    name: str
    title: str | Promise
    entries: Callable[[], Sequence[FeedEntry]]
    address: Callable[[], str]
    """Address of the page with the same content."""
    entries_of: Callable[[Campaign], Sequence[FeedEntry]] | None = None
    """Those of one public campaign; None for what belongs to none."""


FEEDS: Final[Registry[Feed]] = Registry("feed")


class _AtomFeed(Atom1Feed):
    def latest_post_date(self) -> datetime:
        """The newest change of an entry; an empty feed has a fixed moment, since now would change."""
        return _newest_change(self.items)


class _RssFeed(Rss201rev2Feed):
    def latest_post_date(self) -> datetime:
        """As above: `lastBuildDate` of an empty feed stays the same."""
        return _newest_change(self.items)


def _newest_change(items: Iterable[Mapping[str, Any]]) -> datetime:
    newest: datetime = max((item["updateddate"] for item in items), default=_NEVER)
    return newest


@dataclass(frozen=True)
class _Channel:
    """What a feed says of itself, and its entries."""

    title: str | Promise
    address: str
    own_address: str
    entries: Callable[[], Sequence[FeedEntry]]


if TYPE_CHECKING:
    _Syndication = Syndication[FeedEntry, _Channel]
else:
    _Syndication = Syndication  # generic in the stubs only


class _Written(_Syndication):
    def title(self, obj: _Channel) -> str:
        return _printable(str(obj.title))

    def description(self, obj: _Channel) -> str:
        return _printable(str(obj.title))

    def link(self, obj: _Channel) -> str:
        return obj.address

    def feed_guid(self, obj: _Channel) -> str:
        """Its own address: several feeds have the same page (RFC 4287, section 4.2.6)."""
        return settings.SITE_URL + obj.own_address

    def feed_url(self, obj: _Channel) -> str:
        return obj.own_address

    def items(self, obj: _Channel) -> Sequence[FeedEntry]:
        return obj.entries()

    def item_title(self, item: FeedEntry) -> str:
        return _printable(item.title)

    def item_description(self, item: FeedEntry) -> str:
        return _printable(item.text)

    def item_link(self, item: FeedEntry) -> str:
        return f"{item.address}#{item.key}"

    def item_pubdate(self, item: FeedEntry) -> datetime:
        return item.published_at.replace(microsecond=0)

    def item_updateddate(self, item: FeedEntry) -> datetime:
        return item.newest_at.replace(microsecond=0)


class _Named(_Written):
    feed_type = _AtomFeed

    def get_object(self, request: HttpRequest, *_args: object, **kwargs: object) -> _Channel:  # noqa: ARG002 - the interface
        """One registered feed."""
        found = FEEDS.named(str(kwargs["name"]))
        if found is None:
            raise Http404
        own_address = reverse("feed", args=(found.name,))
        return _Channel(found.title, found.address(), own_address, found.entries)


class _Everything(_Written):
    def get_object(self, request: HttpRequest, *_args: object, **kwargs: object) -> _Channel:  # noqa: ARG002 - the interface
        """All feeds together, or what they have of a public campaign."""
        slug, kind = kwargs.get("slug"), _KINDS[self.feed_type]
        if slug is None:
            own_address = reverse("feed-all", args=(kind,))
            return _Channel(_("Everything new"), reverse("home"), own_address, _newest_of_all)
        campaign = Campaign.objects.visible().defer("area").filter(slug=slug).first()
        if campaign is None:
            raise Http404
        own_address = reverse("campaign-feed", args=(campaign.slug, kind))
        return _Channel(
            campaign.title, campaign.get_absolute_url(), own_address, lambda: _newest_of(campaign)
        )


class _AtomOfEverything(_Everything):
    feed_type = _AtomFeed


class _RssOfEverything(_Everything):
    feed_type = _RssFeed


_KINDS: Final = {_AtomFeed: "atom", _RssFeed: "rss"}
_WRITERS: Final = {"atom": _AtomOfEverything(), "rss": _RssOfEverything()}

feed = require_safe(_Named())


@require_safe
def everything(request: HttpRequest, kind: str, slug: str | None = None) -> HttpResponse:
    """`/feed.atom`, `/feed.rss` and those of a campaign: the newest of all registered feeds."""
    write = _WRITERS.get(kind)
    if write is None:
        raise Http404
    return write(request, slug=slug)


def _newest_of_all() -> list[FeedEntry]:
    return _newest(entry for one in FEEDS for entry in one.entries())


def _newest_of(campaign: Campaign) -> list[FeedEntry]:
    return _newest(entry for one in FEEDS if one.entries_of is not None for entry in one.entries_of(campaign))


def _newest(entries: Iterable[FeedEntry]) -> list[FeedEntry]:
    return sorted(entries, key=lambda one: one.newest_at, reverse=True)[:_NEWEST]


def _printable(text: str) -> str:
    return _CONTROLS.sub("", text)


def _replies() -> list[FeedEntry]:
    return _written(latest_replies(_NEWEST))


def _replies_of(campaign: Campaign) -> list[FeedEntry]:
    return _written(latest_replies(_NEWEST, campaign))


def _written(replies: Iterable[Reply]) -> list[FeedEntry]:
    return [
        FeedEntry(
            f"{reply.contribution.campaign.title} · {reply.contribution.category.title}: {reply.get_status_display()}",
            reply.text,
            reverse("contribution", args=(reply.contribution.campaign.slug, reply.contribution.pk)),
            f"reply-{reply.created_at:%Y%m%d%H%M%S}",
            reply.created_at,
        )
        for reply in replies
    ]


REPLIES: Final = Feed(
    "replies", _("What the city replied"), _replies, lambda: reverse("home"), entries_of=_replies_of
)
