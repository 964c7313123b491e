"""Campaigns, contributions and comments in the words of the DIPAS participation data standard (PDS), as JSON texts.

The names are those of the module `dipas` for Drupal, classes PDSProjectList, PDSContributionList and PDSCommentsList
(https://bitbucket.org/geowerkstatt-hamburg/dipas, read in the copy citysciencelab/dipas-unitac): there is no published
schema. All is built by PostgreSQL, and the gate is that of the QuerySets.
"""

from __future__ import annotations

from typing import Final

from django.contrib.gis.db.models.functions import AsGeoJSON
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Aggregate,
    Case,
    Exists,
    Expression,
    F,
    Func,
    JSONField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, JSONObject

from mapping.exports.features import AskedAnswers
from mapping.models import Campaign, Category, Comment, Contribution
from mapping.models.campaign import CampaignQuerySet
from mapping.models.contribution import ContributionQuerySet
from mapping.models.feedback import CommentQuerySet

MOST_IDS: Final = 1000
"""A project lists the ids of its contributions up to this number, else none."""
_DIGITS: Final = 7


class _UtcText(Func):
    """A moment as DIPAS writes it: UTC, to the second."""

    template = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
    output_field = TextField()


class _ObjectAggregate(Aggregate):
    """Keys and values as one JSON object."""

    function = "jsonb_object_agg"
    output_field = JSONField()


def projects(campaigns: CampaignQuerySet, *, base: str, publisher: str) -> QuerySet[Campaign, str]:
    """One text per campaign; `base` is the URL prefix before the short name of its page."""
    published = Contribution.objects.published().filter(campaign=OuterRef("pk"))
    ids = ArraySubquery(published.newest_first().values("pk")[: MOST_IDS + 1])
    named = Category.objects.filter(campaign=OuterRef("pk")).order_by().values("campaign")
    categories = named.annotate(
        found=_ObjectAggregate(
            F("slug"),
            JSONObject(id=F("slug"), name=F("title"), description=F("description")),
        )
    )
    properties = JSONObject(
        id=F("slug"),
        nameFull=F("title"),
        description=Case(
            When(description="", then=F("summary")), default=F("description"), output_field=TextField()
        ),
        dateStart=_UtcText("opens_at"),
        dateEnd=_UtcText("closes_at"),
        dipasPhase=Value("phase1"),
        website=Concat(Value(base), F("slug"), Value("/"), output_field=TextField()),
        owner=F("organiser"),
        projectOwner=_empty([]),
        publisher=Value(publisher),
        standardCategories=Coalesce(Subquery(categories.values("found")), _empty({})),
        projectContributionType=_empty([]),
        dipasMainDistrict=_empty([]),
        projectTopics=_empty([]),
        referenceSystem=Value("4326"),
        hasParticipatoryText=Case(
            When(contribution_ids__len__gt=MOST_IDS, then=None), default=F("contribution_ids")
        ),
        dipasCategoriesCluster=_nothing(),
    )
    rows = campaigns.alias(contribution_ids=ids).order_by("slug")
    return rows.values_list(_feature("area", properties), flat=True)


def contributions(
    found: ContributionQuerySet, *, base: str, with_comments: bool = False
) -> QuerySet[Contribution, str]:
    """One text per contribution; `base` is the URL prefix before the id of its page.

    Contributions without a place have no geometry; DIPAS itself gives them that of the whole project.
    """
    members: dict[str, object] = {
        "id": F("pk"),
        "dateCreated": _UtcText("created_at"),
        "link": Concat(Value(base), Cast("pk", TextField()), Value("/"), output_field=TextField()),
        "title": F("category__title"),
        "contributionType": Value("none"),
        "contributionContent": F("text"),
        "commentsNumber": F("comment_count"),
        "category": F("category__title"),
        "votingPro": F("support_count"),
        "votingContra": F("opposition_count"),
        "keywordSuggested": Value(""),
        "keywordPicked": Value(""),
        "belongToProject": F("campaign__slug"),
        "dipasLocated": Case(When(geom__isnull=False, then=Value(True)), default=Value(False)),
        "customAttribute": JSONObject(answers=AskedAnswers()),
    }
    if with_comments:
        members["commentedBy"] = _comments()
    return found.newest_first().values_list(_feature("geom", JSONObject(**members)), flat=True)


def comments(found: ContributionQuerySet) -> QuerySet[Contribution, str]:
    """One text per contribution with comments: its place and all comments."""
    told = found.filter(Exists(_published_comments()))
    return told.newest_first().values_list(_feature("geom", JSONObject(comments=_comments())), flat=True)


def _comments() -> ArraySubquery:
    """All published comments of a contribution, oldest first; comments are not nested here."""
    entry = JSONObject(
        id=Cast("public_id", TextField()),
        dateCreated=_UtcText("created_at"),
        title=Value(""),
        commentContent=F("text"),
        commentedBy=_empty([]),
        commentOnContribution=Cast("contribution_id", TextField()),
    )
    return ArraySubquery(_published_comments().order_by("created_at", "pk").values(entry=entry))


def _published_comments() -> CommentQuerySet:
    return Comment.objects.published().filter(contribution=OuterRef("pk"))


def _feature(place: str, properties: Expression) -> Expression:
    geometry = Cast(AsGeoJSON(place, precision=_DIGITS), JSONField())
    feature = JSONObject(type=Value("Feature"), geometry=geometry, properties=properties)
    return Cast(feature, TextField())


def _empty(value: dict[str, object] | list[object]) -> Expression:
    return Value(value, output_field=JSONField())


def _nothing() -> Expression:
    return Value(None, output_field=TextField())
