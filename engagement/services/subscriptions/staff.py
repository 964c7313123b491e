"""The digest for staff: what waits in their campaigns, and who has had no answer for two weeks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext

from accounts.models import Role, User
from engagement.mail.composing import Content, Item
from engagement.models import Letter, LetterKind
from engagement.services.subscriptions.noting import last_monday
from mapping.models import Campaign, Contribution, ContributionStatus, Reply, RetentionSpan
from mapping.models.contribution import ContributionQuerySet
from mapping.services.retained import spans
from mapping.services.retained.words import NAMES
from mapping.wording import in_words_day

UNANSWERED: Final = timedelta(days=14)
_ANSWERING: Final = (Role.MANAGER, Role.MODERATOR)


def staff_content(user: User) -> Content | None:
    """What waits for somebody who manages or moderates; None where nothing does."""
    if not user.is_active:
        return None
    items = [item for campaign in _campaigns(user) if (item := _item(campaign)) is not None]
    if not items:
        return None
    return Content(
        subject=gettext("What waits for you"),
        intro=(gettext("In these participations something waits for you or your colleagues:"),),
        items=items,
    )


def write_digests() -> int:
    """Write a letter to everybody who manages or moderates a campaign in which something waits."""
    members = User.objects.filter(is_active=True, memberships__role__in=_ANSWERING).distinct().order_by("pk")
    return _write(members)


def write_weekly_digests(at: datetime | None = None) -> int:
    """Write to those who ordered the weekly digest what waits for them, from Monday morning on; once a week."""
    if not settings.SENDS_MAIL:
        return 0
    now = at or timezone.now()
    with transaction.atomic():
        due = User.objects.filter(is_active=True, digest_at__lt=last_monday(now)).order_by("pk")
        users = list(due.select_for_update(skip_locked=True, no_key=True))
        User.objects.filter(pk__in=[user.pk for user in users]).update(digest_at=now)
        return _write(users)


def _write(users: Iterable[User]) -> int:
    letters = [Letter(kind=LetterKind.STAFF, user=user) for user in users if staff_content(user) is not None]
    return len(Letter.objects.bulk_create(letters))


def _campaigns(user: User) -> list[Campaign]:
    """The campaigns in which somebody has such a role, with their numbers."""
    contributions = Contribution.objects.filter(campaign=OuterRef("pk")).order_by()
    has_reply = Exists(Reply.objects.filter(contribution=OuterRef("pk")))
    unanswered = contributions.with_status([ContributionStatus.PUBLISHED]).filter(
        ~has_reply, created_at__lt=timezone.now() - UNANSWERED
    )
    answering = user.memberships.filter(role__in=_ANSWERING).values("campaign")
    counted = Campaign.objects.filter(pk__in=answering).annotate(
        waiting_count=_number(contributions.pending()), unanswered_count=_number(unanswered)
    )
    return list(counted.order_by("slug"))


def _number(contributions: ContributionQuerySet) -> Coalesce:
    by_campaign = contributions.values("campaign").annotate(number=Count("*"))
    return Coalesce(Subquery(by_campaign.values("number")), 0)


def _item(campaign: Campaign) -> Item | None:
    waiting: int = getattr(campaign, "waiting_count", 0)
    unanswered: int = getattr(campaign, "unanswered_count", 0)
    lines = [*_coming(campaign)]
    if waiting:
        words = ngettext(
            "%(number)s contribution waits for a review",
            "%(number)s contributions wait for a review",
            waiting,
        )
        lines.append(words % {"number": waiting})
    if unanswered:
        words = ngettext(
            "%(number)s contribution has had no answer for two weeks",
            "%(number)s contributions have had no answer for two weeks",
            unanswered,
        )
        lines.append(words % {"number": unanswered})
    if not lines:
        return None
    page = "planning:queue" if waiting or unanswered else "planning:setup-retention"
    address = settings.SITE_URL + reverse(page, args=(campaign.slug,))
    return Item(gettext("Waiting"), campaign.title, address, tuple(lines))


def _coming(campaign: Campaign) -> Iterator[str]:
    """What of a campaign is deleted within a month, as people were promised."""
    for one in spans.coming(campaign):
        words = gettext("On %(day)s this is deleted, as people were promised: %(what)s")
        yield words % {"day": in_words_day(one.until or timezone.localdate()), "what": NAMES[one.subject]}


def warn_of_deletion(today: date | None = None) -> int:
    """Write to the managers of campaigns of which something is deleted within a month; once for each date.

    Returns the number of letters. Where the site sends no mail nothing is noted: pages say it anyway.
    """
    if not settings.SENDS_MAIL:
        return 0
    last = (today or timezone.localdate()) + spans.NOTICE
    with transaction.atomic():
        coming = RetentionSpan.objects.coming(last).filter(warned_at=None)
        found = list(coming.select_for_update(skip_locked=True, no_key=True))
        RetentionSpan.objects.filter(pk__in=[one.pk for one in found]).update(warned_at=timezone.now())
        managers = User.objects.filter(
            is_active=True,
            memberships__role=Role.MANAGER,
            memberships__campaign__in={one.campaign_id for one in found},
        )
        letters = [Letter(kind=LetterKind.STAFF, user=user) for user in managers.distinct().order_by("pk")]
        return len(Letter.objects.bulk_create(letters))
