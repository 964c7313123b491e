"""New campaigns: drafts from a template, or from an earlier campaign of their maker."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

from accounts.models import Membership, Role, User
from mapping import rules
from mapping.geo.text import address_from_title
from mapping.models import Campaign
from mapping.services.campaigns import NewCampaign, create_campaign
from mapping.services.errors import NotAllowed
from mapping.services.setup.changes import note
from mapping.services.setup.copying import copied
from mapping.services.setup.templates import Template

LONGEST_SLUG: Final = 80
_UNTITLED: Final = "beteiligung"
_KEY_OF_ADDRESSES: Final = 0x67656F0A
"""Lock of PostgreSQL, so that two new campaigns never choose the same address."""


def from_template(title: str, template: Template, actor: User) -> Campaign:
    """Make a draft from a template; its maker manages it. Raises NotAllowed "not_maker", Invalid for `title`."""
    _require_maker(actor)
    with transaction.atomic():
        new = NewCampaign(
            slug=free_slug(title),
            title=title,
            is_draft=True,
            categories=template.categories(),
            **template.settings,  # type: ignore[arg-type]
        )
        campaign = create_campaign(new)
        _hand_over(campaign, actor)
        template.complete(campaign, actor)
        _note(campaign, actor, {"template": template.name})
    return campaign


def from_campaign(title: str, source: Campaign, actor: User) -> Campaign:
    """Make a draft with the texts, area, rules, categories and questions of a campaign that its maker manages.

    Dates, phases, people and everything contributed stay behind. Raises NotAllowed "not_maker" and "not_manager",
    Invalid for `title`.
    """
    _require_maker(actor)
    if not rules.may_manage(actor, source):
        raise NotAllowed("not_manager")
    with transaction.atomic():
        campaign = copied(source, slug=free_slug(title), title=title)
        _hand_over(campaign, actor)
        _note(campaign, actor, {"copy_of": source.slug})
    return campaign


def free_slug(title: str) -> str:
    """An address from a title that no campaign has: with -2, -3 and so on behind it where needed.

    Locked until the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_KEY_OF_ADDRESSES])
    name = address_from_title(title, max_length=LONGEST_SLUG) or _UNTITLED
    taken = set(
        Campaign.objects.filter(slug__startswith=name[: LONGEST_SLUG - 6]).values_list("slug", flat=True)
    )
    found, number = name, 2
    while found in taken:
        end = f"-{number}"
        found, number = name[: LONGEST_SLUG - len(end)].rstrip("-") + end, number + 1
    return found


def _require_maker(actor: User) -> None:
    if not rules.may_make_campaigns(actor):
        raise NotAllowed("not_maker")


def _hand_over(campaign: Campaign, actor: User) -> None:
    Membership.objects.get_or_create(user=actor, campaign=campaign, role=Role.MANAGER)


def _note(campaign: Campaign, actor: User, made_from: dict[str, object]) -> None:
    note(campaign, actor, "new", after={"title": campaign.title} | made_from)
