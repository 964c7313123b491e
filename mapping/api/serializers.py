"""Serializers of the API: used to render campaigns, districts and areas, and to describe features and problems.

Features are made as text by the database (`exports.features`); a test compares it with `ContributionSerializer`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework_gis.fields import GeometryField
from rest_framework_gis.serializers import GeoFeatureModelSerializer

from mapping.models import (
    Action,
    Campaign,
    CampaignStatus,
    Category,
    Comment,
    CommentStatus,
    Contribution,
    ContributionStatus,
    District,
    FlagReason,
    Phase,
    Publication,
    Question,
    ReplyStatus,
    Source,
)
from mapping.models.campaign import PlaceType
from mapping.services.moderation.flags import MAX_EXPLANATION
from mapping.translated.reading import tags_of

# About 10 cm: finer than any drawn boundary.
_AREA_DECIMALS = 6


_REMEMBERED: Final = frozenset({"removed", "removed_rows"})


def offered(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of a question without the choices and statements that are remembered for files only."""
    return {name: value for name, value in options.items() if name not in _REMEMBERED}


class QuestionSerializer(serializers.ModelSerializer[Question]):
    """A form field; `options` depends on `kind` (choices, limits)."""

    options = serializers.SerializerMethodField()

    class Meta:
        model = Question
        fields = ("slug", "title", "help_text", "kind", "required", "options", "show_if", "audience")
        read_only_fields = fields

    def get_options(self, question: Question) -> dict[str, Any]:
        """What the kind needs."""
        return offered(question.options)


class CategorySerializer(serializers.ModelSerializer[Category]):
    """A category with its symbol and its questions."""

    geometry_types = serializers.ListField(child=serializers.ChoiceField(PlaceType.choices), read_only=True)
    questions = QuestionSerializer(many=True, read_only=True)

    class Meta:
        model = Category
        fields = (
            "slug",
            "title",
            "description",
            "geometry_types",
            "marker",
            "colour",
            "takes_contributions",
            "text_required",
            "smallest_zoom",
            "questions",
        )
        read_only_fields = fields


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    """A span of a campaign in which only some actions are allowed: start included, end excluded."""

    allows = serializers.ListField(child=serializers.ChoiceField(Action.choices), read_only=True)
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = Phase
        fields = ("title", "description", "opens_at", "closes_at", "allows", "is_current")
        read_only_fields = fields

    def get_is_current(self, phase: Phase) -> bool:
        """Whether this is the phase of the moment."""
        at: datetime = self.context["at"]
        return phase.opens_at <= at < phase.closes_at


_FORMATS: Final = ("places", "ideas", "survey", "discussion")


class CampaignSerializer(serializers.ModelSerializer[Campaign]):
    """A campaign. Numbers of participants and contributions are null where they are not public."""

    language = serializers.SerializerMethodField()
    languages = serializers.SerializerMethodField()
    status = serializers.ChoiceField(CampaignStatus.choices, read_only=True)
    publication = serializers.ChoiceField(Publication.choices, read_only=True)
    bbox = serializers.SerializerMethodField()
    participants = serializers.SerializerMethodField()
    contributions = serializers.SerializerMethodField()
    phases = PhaseSerializer(
        source="timeline",
        many=True,
        read_only=True,
        help_text="In order of time; a campaign without phases allows everything in its whole period.",
    )
    formats = serializers.SerializerMethodField()
    categories = CategorySerializer(many=True, read_only=True)
    links = serializers.SerializerMethodField()

    class Meta:
        model = Campaign
        fields = (
            "slug",
            "title",
            "summary",
            "language",
            "languages",
            "status",
            "publication",
            "moderation",
            "open_to",
            "opens_at",
            "closes_at",
            "organiser",
            "attribution",
            "allows_comments",
            "allows_support",
            "allows_opposition",
            "allows_photos",
            "bbox",
            "participants",
            "contributions",
            "phases",
            "formats",
            "categories",
            "links",
        )
        read_only_fields = fields

    def get_language(self, campaign: Campaign) -> str:
        """The language of the texts (BCP 47), as far as they are translated."""
        return str(self.context["languages"][campaign.pk])

    def get_languages(self, campaign: Campaign) -> list[str]:
        """The languages in which texts can be read, that in which they were written first."""
        return list(tags_of(campaign))

    def get_bbox(self, campaign: Campaign) -> list[float] | None:
        """West, south, east, north in degrees; null for a campaign without an area."""
        envelope = getattr(campaign, "envelope", None)
        return None if envelope is None else [round(degrees, _AREA_DECIMALS) for degrees in envelope.extent]

    def get_participants(self, campaign: Campaign) -> int | None:
        """Number of people with published contributions; a lower limit if the campaign publishes cells."""
        return self._numbers(campaign)[1]

    def get_contributions(self, campaign: Campaign) -> int | None:
        """Number of published contributions; that of the current release if the campaign publishes cells."""
        return self._numbers(campaign)[0]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(_FORMATS)))
    def get_formats(self, campaign: Campaign) -> list[str]:
        """What people are asked for.

        `places` and `ideas` (without a place) that they add, a `survey`, the `discussion` of what the city drew.
        """
        categories = campaign.categories.all()
        open_to_people = [one.geometry_types for one in categories if one.takes_contributions]
        found = {
            "places": any(set(types) - {PlaceType.NONE} for types in open_to_people),
            "ideas": any(PlaceType.NONE in types for types in open_to_people),
            "survey": self.context["has_survey"](campaign),
            "discussion": any(not one.takes_contributions for one in categories),
        }
        return [name for name in _FORMATS if found[name]]

    def get_links(self, campaign: Campaign) -> dict[str, str]:
        """Addresses of the campaign's resources."""
        return self.context["links"](campaign)  # type: ignore[no-any-return]

    def _numbers(self, campaign: Campaign) -> tuple[int | None, int | None]:
        numbers: dict[int, tuple[int, int]] | None = self.context["numbers"].get(campaign.pk)
        return (None, None) if numbers is None else numbers  # type: ignore[return-value]


class DistrictSerializer(GeoFeatureModelSerializer):  # type: ignore[misc] # the library has no types
    """A district as GeoJSON feature."""

    geom = GeometryField(precision=_AREA_DECIMALS)

    class Meta:
        model = District
        geo_field = "geom"
        id_field = "code"
        fields = ("code", "name", "geom")


class AreaSerializer(GeoFeatureModelSerializer):  # type: ignore[misc] # as above
    """A campaign's area as GeoJSON feature."""

    area = GeometryField(precision=_AREA_DECIMALS)

    class Meta:
        model = Campaign
        geo_field = "area"
        id_field = "slug"
        fields = ("slug", "title", "area")


class ReplySerializer(serializers.Serializer[Any]):
    """The city's newest reply."""

    status = serializers.ChoiceField(ReplyStatus.choices)
    text = serializers.CharField()
    created = serializers.DateTimeField()


class ContributionSerializer(GeoFeatureModelSerializer):  # type: ignore[misc] # as above
    """A contribution as GeoJSON feature. `own` and, beside `properties`, `edit_url` are returned to its author only."""

    category = serializers.CharField(help_text="Short name of the category.")
    title = serializers.CharField(allow_blank=True, help_text="The name of a place of the city.")
    answers = serializers.DictField(child=serializers.JSONField(), help_text="By short name of the question.")
    created = serializers.DateTimeField()
    status = serializers.ChoiceField(ContributionStatus.choices)
    support = serializers.IntegerField()
    opposition = serializers.IntegerField()
    balance = serializers.IntegerField(help_text="Support less opposition.")
    comments = serializers.IntegerField(help_text="Number of published comments.")
    source = serializers.ChoiceField(Source.choices)
    position = serializers.IntegerField(
        allow_null=True, help_text="Order among the places of the city, from 0; null for all others."
    )
    photos = serializers.ListField(child=serializers.URLField())
    reply = ReplySerializer(allow_null=True)
    own = serializers.BooleanField(required=False)

    class Meta:
        model = Contribution
        geo_field = "geom"
        id_field = "id"
        fields = (
            "id",
            "geom",
            "category",
            "title",
            "text",
            "answers",
            "created",
            "status",
            "support",
            "opposition",
            "balance",
            "comments",
            "source",
            "position",
            "photos",
            "reply",
            "own",
        )


class WholeSecondField(serializers.DateTimeField):
    """A moment without its fraction of a second, as in all formats."""

    def to_representation(self, value: datetime) -> str:
        """Format the moment."""
        written: str = super().to_representation(value.replace(microsecond=0))
        return written


class CommentSerializer(serializers.Serializer[Any]):
    """A comment; `status` shows its author whether it waits for a review.

    `parent` is the public comment that it answers: null for others, and where that is not public any more.
    """

    id = serializers.UUIDField(source="public_id")
    parent = serializers.SerializerMethodField()  # type: ignore[assignment]  # fields are no attributes
    answers_comment = serializers.BooleanField()
    text = serializers.CharField()
    support = serializers.IntegerField(source="support_count")
    created = WholeSecondField(source="created_at")
    status = serializers.ChoiceField(CommentStatus.choices)

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_parent(self, comment: Comment) -> str | None:
        """The id of the comment that it answers, as long as that is published."""
        parent = comment.parent
        if parent is None or parent.status != CommentStatus.PUBLISHED:
            return None
        return str(parent.public_id)


class CommentsSerializer(serializers.Serializer[Any]):
    """The published comments of a contribution, oldest first."""

    comments = CommentSerializer(many=True)
    numberReturned = serializers.IntegerField()  # noqa: N815 - as collections of features have it


class NewCommentSerializer(serializers.Serializer[Any]):
    """A comment to send; with `parent` an answer to a comment that is none itself."""

    text = serializers.CharField(max_length=2000)
    parent = serializers.UUIDField(required=False, allow_null=True)  # type: ignore[assignment]  # as above


class OpinionSerializer(serializers.Serializer[Any]):
    """An opinion to send: 1 supports, -1 opposes."""

    value = serializers.ChoiceField((1, -1))


class CommentSupportSerializer(serializers.Serializer[Any]):
    """The number of people who support a comment."""

    support = serializers.IntegerField(source="support_count")


class FlagSerializer(serializers.Serializer[Any]):
    """A report of something: why, and an explanation, which `unlawful` and `other` need."""

    reason = serializers.ChoiceField(FlagReason.choices)
    text = serializers.CharField(max_length=MAX_EXPLANATION, required=False, allow_blank=True)


class SupportSerializer(serializers.Serializer[Any]):
    """Numbers of support and opposition, and the requesting person's own opinion (0: none)."""

    support = serializers.IntegerField()
    opposition = serializers.IntegerField()
    own = serializers.ChoiceField((1, 0, -1))


class PhotoSerializer(serializers.Serializer[Any]):
    """Address of a stored photo."""

    url = serializers.URLField()


class CampaignsSerializer(serializers.Serializer[Any]):
    """All campaigns that the requesting person may see."""

    campaigns = CampaignSerializer(many=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """An error of one field or parameter."""

    field = serializers.CharField()
    code = serializers.CharField(help_text="Machine-readable and stable.")
    detail = serializers.CharField(help_text="A sentence in the site's language.")


class ProblemSerializer(serializers.Serializer[Any]):
    """An error (RFC 9457)."""

    type = serializers.URLField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    code = serializers.CharField(help_text="Machine-readable and stable.")
    errors = ReasonSerializer(many=True)  # type: ignore[assignment] # a field, by DRF's metaclass
    request_id = serializers.CharField(
        required=False, help_text="By which whoever runs the site finds the request in the log."
    )
