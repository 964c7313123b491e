"""Texts, versions and suggestions of the tests, written as rows past the services and their limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from mapping.models import Campaign, Category, Comment, ContributionStatus, Source
from tests import personas
from texts.models import Section, Suggestion, Text, TextVersion, Wording

GUIDELINES: Sequence[tuple[str, str, int]] = (
    ("Aims", "The square gets three trees.\n\nIt stays a place for everybody.", 1),
    ("Green", "We plant:\n- lime trees\n- hedges", 2),
    ("Traffic", "Bikes | allowed\nCars | not allowed", 1),
)
"""Heading, body and level of each section of `make_text`."""


@dataclass(frozen=True)
class Put:
    """A section as it shall read in a version; a new one without `section`."""

    heading: str
    body: str = ""
    level: int = 1
    section: Section | None = None


def make_text(
    campaign: Campaign,
    sections: Sequence[tuple[str, str, int]] = GUIDELINES,
    *,
    slug: str = "guidelines",
    at: datetime | None = None,
    **fields: Any,
) -> Text:
    """A text in a category of its own, whose first version is published."""
    values = {"title": slug.capitalize(), "position": campaign.categories.count()} | fields
    category = Category.objects.create(
        campaign=campaign, slug=slug, geometry_types=["none"], takes_contributions=False, **values
    )
    text = Text.objects.create(category=category)
    put_version(text, [Put(heading, body, level) for heading, body, level in sections], at=at)
    return text


def put_version(
    text: Text,
    sections: Sequence[Put],
    *,
    note: str = "",
    at: datetime | None = None,
    is_published: bool = True,
) -> TextVersion:
    """The next version with these sections; others of the text are gone since."""
    at = at or timezone.now()
    version = TextVersion.objects.create(
        text=text,
        number=text.versions.count() + 1,
        note=note,
        published_at=at if is_published else None,
    )
    for position, one in enumerate(sections):
        section = one.section or Section.objects.create(text=text)
        Wording.objects.create(
            version=version,
            section=section,
            heading=one.heading,
            body=one.body,
            level=one.level,
            position=position,
        )
        if is_published:
            _publish(text, section, one, position)
    if is_published:
        kept = [one.section.pk for one in sections if one.section] + list(
            version.wordings.values_list("section", flat=True)
        )
        text.sections.standing().exclude(pk__in=kept).update(gone_since=version)
    return version


def sections_of(text: Text) -> list[Section]:
    """The sections of the newest published version in order."""
    newest = text.versions.published().order_by("-number")[0]
    return [one.section for one in newest.wordings.in_order().select_related("section__contribution")]


def kept(text: Text) -> list[Put]:
    """The sections of the newest version as they are, to change some of them."""
    newest = text.versions.published().order_by("-number")[0]
    rows = newest.wordings.in_order().select_related("section")
    return [Put(one.heading, one.body, one.level, one.section) for one in rows]


def make_suggestion(
    section: Section, exact: str, replacement: str, *, comment: Comment | None = None, **fields: Any
) -> Suggestion:
    """A suggestion for the newest wording of a section, with a public comment unless one is given."""
    assert section.contribution is not None
    wording = section.wordings.order_by("-version__number")[0]
    start = wording.body.index(exact)
    return Suggestion.objects.create(
        comment=comment or personas.make_comment(section.contribution, f"− {exact}\n+ {replacement}"),
        wording=wording,
        prefix=wording.body[max(0, start - 64) : start],
        exact=exact,
        suffix=wording.body[start + len(exact) :][:64],
        replacement=replacement,
        **fields,
    )


def in_english(browser: Client) -> Client:
    """A browser that reads the site in English."""
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return browser


def _publish(text: Text, section: Section, put: Put, position: int) -> None:
    if section.contribution is None:
        section.contribution = personas.make_contribution(
            text.campaign,
            None,
            category=text.category.slug,
            id=section.pk,
            status=ContributionStatus.PUBLISHED,
            source=Source.CITY,
            title=put.heading,
            text=put.body,
            position=position,
        )
        section.save()
        return
    contribution = section.contribution
    contribution.title, contribution.text, contribution.position = put.heading, put.body, position
    contribution.save()
