"""Template tags and filters for all pages: `{% load participation %}`."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from mapping.forms.headings import answers_heading, heading_of
from mapping.geo.markup import as_html
from mapping.models import Campaign, CampaignStatus, Category, Contribution, ContributionStatus, ReplyStatus
from mapping.wording import (
    in_words_chance,
    in_words_day,
    in_words_end,
    in_words_moment,
    in_words_number,
    in_words_share,
    in_words_signed,
    in_words_when,
    in_words_when_day,
    time_left,
    time_until,
)

register = template.Library()


@register.filter
def moment(value: datetime | None) -> str:
    """A date with its time: `Fr., 6. Sept. 2026, 18 Uhr`."""
    return "" if not value else in_words_moment(value)


@register.filter
def when(value: datetime | None) -> str:
    """A moment beside now: `today at 14:30`; others with their date. Not for pages that are kept."""
    return "" if not value else in_words_when(value)


@register.filter
def when_day(value: date | None) -> str:
    """A day beside now: `today`, `yesterday`; others as dates. Not for pages that are kept."""
    return "" if not value else in_words_when_day(value)


@register.filter
def iso_day(value: datetime | None) -> str:
    """For `<time datetime>` of which the day alone is shown, in local time: `2026-09-06`."""
    return "" if not value else timezone.localdate(value).isoformat()


@register.filter
def iso(value: datetime | None) -> str:
    """For `<time datetime>`, in local time, to the second: finer moments tell what belongs together."""
    return "" if not value else timezone.localtime(value).isoformat(timespec="seconds")


@register.filter
def end(value: datetime | None) -> str:
    """The end of a period: its last whole day, or its time if it is not midnight."""
    return "" if not value else in_words_end(value)


@register.filter
def day(value: date | None) -> str:
    """A date: `Fr., 6. Sept. 2026`."""
    return "" if not value else in_words_day(value)


@register.filter
def number(value: float | Decimal | None) -> str:
    """A number with the language's separators: `62.245`."""
    return "" if value is None or value == "" else in_words_number(value)


@register.filter
def heading(contribution: Contribution) -> str:
    """Title, beginning of the text, or first public answers of a contribution; empty where there is none."""
    return heading_of(contribution)


@register.filter
def answers_for_staff(contribution: Contribution) -> str:
    """The first answers of a contribution in words, also those for staff only; for their pages."""
    return answers_heading(contribution, for_staff=True)


@register.filter
def signed(value: float | None) -> str:
    """A difference with its sign: `+12`, `−3` (a real minus), `0`."""
    return "" if value is None else in_words_signed(value)


@register.filter
def chance(value: float | None) -> str:
    """A probability: `0.034`, `< 0.001`, a dash without a test."""
    return "–" if value is None else in_words_chance(value)


@register.filter
def per_cent(value: float | None) -> str:
    """A share in per cent: `27 %`, `< 1 %`; nothing where it is not known."""
    return "" if value is None else in_words_share(value)


@register.filter
def metres(value: int) -> str:
    """A length: `200 m`, `1 km`."""
    whole = 1000
    return (
        f"{in_words_number(value // whole)} km"
        if value and value % whole == 0
        else f"{in_words_number(value)} m"
    )


@register.filter
def formatted(text: str) -> SafeString:
    """A text of planners with its simple formatting, sanitised (`mapping.geo.markup`)."""
    return mark_safe(as_html(text))


@register.filter
def phone_address(number: str) -> str:
    """A telephone number as addresses have it (RFC 3966): `+49 631 365-0` becomes `+49631365-0`."""
    return "".join(one for one in number.replace("(0)", "") if one.isdigit() or one in "+-.")


@register.filter
def days_left(campaign: Campaign) -> str:
    """The state of a campaign's period in words: `12 days left`, `Begins tomorrow`, `Ended`."""
    if campaign.status == CampaignStatus.UPCOMING and campaign.opens_at is not None:
        return time_until(campaign.opens_at)
    return "" if campaign.closes_at is None else time_left(campaign.closes_at)


@register.simple_tag
def today() -> str:
    """The present day with its date, for paper. Not for pages that are kept."""
    return in_words_day(timezone.localdate())


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers unless it gets a title."""
    return _icon(static("mapping/img/icons.svg"), name, str(title))


@lru_cache(maxsize=512)
def _icon(source: str, name: str, title: str) -> SafeString:
    """Kept, since a page shows dozens."""
    if title:
        return format_html(
            '<svg class="icon" role="img" aria-label="{}"><use href="{}#{}"></use></svg>', title, source, name
        )
    return format_html(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', source, name
    )


@register.inclusion_tag("mapping/partials/category_badge.html")
def category_badge(category: Category, title: bool = True) -> dict[str, object]:
    """A category's marker (shape and colour) with its name; `title=False` keeps the name for screen readers only."""
    return {"category": category, "show_title": title}


@register.filter
def chip_of_contribution(status: str) -> str:
    """The chip's class for a contribution's status."""
    return {
        ContributionStatus.PENDING: "chip--warning",
        ContributionStatus.PUBLISHED: "chip--good",
        ContributionStatus.REJECTED: "chip--bad",
    }.get(ContributionStatus(status), "")


@register.filter
def chip_of_reply(status: str) -> str:
    """The chip's class for the status of a reply of the city."""
    return {
        ReplyStatus.UNDER_REVIEW: "chip--warning",
        ReplyStatus.PLANNED: "chip--accent",
        ReplyStatus.DONE: "chip--good",
    }.get(ReplyStatus(status), "")
