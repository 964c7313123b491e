"""The kinds of texts of this app: campaigns and their translations, contributions, comments, replies of the city."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from django.db.models import F, Func, IntegerField, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mapping.geo.markup import without_markup
from mapping.models import Campaign, Comment, Contribution, Reply, TextOf, Translation
from mapping.models.search import tables
from mapping.search.kinds import SearchGroup, SearchKind, Shown
from mapping.translated.reading import Reading, in_languages

CAMPAIGNS: Final = SearchGroup(
    "campaigns",
    _("Participation projects"),
    _("Participation project"),
    "people",
)
CONTRIBUTIONS: Final = SearchGroup("contributions", _("Contributions"), _("Contribution"), "pin")
COMMENTS: Final = SearchGroup("comments", _("Comments"), _("Comment"), "speech")
REPLIES: Final = SearchGroup("replies", _("Replies of the city"), _("Reply of the city"), "reply")


def _readings(campaigns: list[Campaign]) -> dict[int, Reading]:
    """Campaigns in the language of the page, by their number."""
    page = get_language() or ""
    return {one.original.pk: one for one in in_languages(campaigns, {one.pk: page for one in campaigns})}


def _public_translations() -> QuerySet[Translation]:
    """Texts of public campaigns in the languages in which they can be read."""
    offered = Func(
        F("campaign__languages"), F("language"), function="array_position", output_field=IntegerField()
    )
    return Translation.objects.alias(offered=offered).filter(
        campaign__in=Campaign.objects.visible(), kind=TextOf.CAMPAIGN, offered__isnull=False
    )


def _show_campaigns(rows: QuerySet[Campaign]) -> Iterator[Shown]:
    for pk, reading in _readings(list(rows)).items():
        original = reading.original
        yield Shown(
            str(pk),
            reading.campaign.title,
            f"{original.summary}\n{without_markup(original.description)}",
            original.get_absolute_url(),
        )


def _show_translations(rows: QuerySet[Translation]) -> Iterator[Shown]:
    found = list(rows.select_related("campaign"))
    readings = _readings([row.campaign for row in found])
    for row in found:
        title = readings[row.campaign_id].campaign.title
        yield Shown(str(row.pk), title, without_markup(row.text), row.campaign.get_absolute_url())


def _show_contributions(rows: QuerySet[Contribution]) -> Iterator[Shown]:
    found = list(rows.select_related("campaign", "category").defer("staff_answers", "answers"))
    readings = _readings([row.campaign for row in found])
    for row in found:
        yield Shown(
            str(row.pk),
            row.title or readings[row.campaign_id].of(row.category).title,
            row.text,
            _address(row),
            at=row.created_at,
            place=row.geom,
            colour=row.category.colour,
        )


def _show_comments(rows: QuerySet[Comment]) -> Iterator[Shown]:
    return _show_on_contributions(rows.select_related("contribution__campaign", "contribution__category"))


def _show_replies(rows: QuerySet[Reply]) -> Iterator[Shown]:
    return _show_on_contributions(rows.select_related("contribution__campaign", "contribution__category"))


def _show_on_contributions(found: Iterable[Comment | Reply]) -> Iterator[Shown]:
    """What hangs on contributions is shown at their places."""
    rows = list(found)
    readings = _readings([row.contribution.campaign for row in rows])
    for row in rows:
        contribution = row.contribution
        yield Shown(
            str(row.pk),
            contribution.title or readings[contribution.campaign_id].of(contribution.category).title,
            row.text,
            _address(contribution),
            at=row.created_at,
            place=contribution.geom,
            colour=contribution.category.colour,
        )


def _address(contribution: Contribution) -> str:
    return reverse("contribution", args=(contribution.campaign.slug, contribution.pk))


KINDS: Final = (
    SearchKind(tables.CAMPAIGNS, CAMPAIGNS, Campaign.objects.visible, _show_campaigns),
    SearchKind(tables.TRANSLATIONS, CAMPAIGNS, _public_translations, _show_translations),
    SearchKind(
        tables.CONTRIBUTIONS,
        CONTRIBUTIONS,
        Contribution.objects.published,
        _show_contributions,
        is_personal=True,
    ),
    SearchKind(tables.REPLIES, REPLIES, Reply.objects.published, _show_replies, is_personal=True),
    SearchKind(tables.COMMENTS, COMMENTS, Comment.objects.published, _show_comments, is_personal=True),
)
