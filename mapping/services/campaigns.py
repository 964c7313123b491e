"""Creation of campaigns with their categories and questions, and changes of their area."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.gis.geos import MultiPolygon
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models, transaction

from mapping.models import (
    Audience,
    Campaign,
    Category,
    Contribution,
    DistrictLayer,
    Moderation,
    Publication,
    Question,
    ResultsShown,
)
from mapping.models.campaign import Marker, Palette, SmallestZoom
from mapping.services.errors import Invalid, Problem
from mapping.services.retained.defaults import take_over_defaults


@dataclass(frozen=True, kw_only=True)
class NewQuestion:
    """Data of a question to create; see `mapping.models.Question`."""

    slug: str
    title: str
    kind: str
    help_text: str = ""
    required: bool = False
    options: Mapping[str, object] = field(default_factory=dict)
    show_if: Mapping[str, object] = field(default_factory=dict)
    audience: str = Audience.PUBLIC
    results: str = ResultsShown.LIVE
    starts_page: bool = False


@dataclass(frozen=True, kw_only=True)
class NewCategory:
    """Data of a category to create; see `mapping.models.Category`."""

    slug: str
    title: str
    geometry_types: Sequence[str]
    description: str = ""
    marker: str = Marker.CIRCLE
    colour: str = Palette.BLUE
    takes_contributions: bool = True
    text_required: bool = False
    smallest_zoom: int = SmallestZoom.ANY
    questions: Sequence[NewQuestion] = ()


@dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """Data of a campaign to create; see `mapping.models.Campaign`."""

    slug: str
    title: str
    summary: str = ""
    description: str = ""
    outcome: str = ""
    organiser: str = ""
    contact: str = ""
    attribution: str = ""
    is_draft: bool = False
    area: MultiPolygon | None = None
    district_layer: DistrictLayer | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    publication: str = Publication.POINTS
    k: int = 5
    moderation: str = Moderation.PRE
    allows_comments: bool = True
    allows_support: bool = True
    allows_opposition: bool = False
    allows_photos: bool = True
    categories: Sequence[NewCategory] = ()


def create_campaign(new: NewCampaign) -> Campaign:
    """Store a campaign with its categories and their questions.

    Raises Invalid with the code `refused` (params: message) for each field that fails the models' validation, such as
    a slug that is taken.
    """
    with transaction.atomic():
        campaign = Campaign(**_fields(new, but="categories"))
        _store(campaign)
        take_over_defaults(campaign)
        for position, category in enumerate(new.categories):
            add_category(campaign, category, position)
    return campaign


def add_category(campaign: Campaign, new: NewCategory, position: int) -> Category:
    """Add a category with its questions to a campaign; raises Invalid as `create_campaign` does."""
    with transaction.atomic():
        category = Category(campaign=campaign, position=position, **_fields(new, but="questions"))
        category.geometry_types = list(new.geometry_types)
        _store(category)
        for number, question in enumerate(new.questions):
            _store(Question(category=category, position=number, **_fields(question)))
    return category


def add_survey(campaign: Campaign, questions: Sequence[NewQuestion]) -> None:
    """Add questions to the survey of a campaign, after those it has; raises Invalid as `create_campaign` does."""
    with transaction.atomic():
        present = Question.objects.of_survey(campaign.pk).count()
        for position, question in enumerate(questions, present):
            _store(Question(campaign=campaign, position=position, **_fields(question)))


def set_area(campaign: Campaign, area: MultiPolygon | None) -> int:
    """Change the area of a campaign; return how many of its contributions lie outside (they stay)."""
    campaign.area = area
    with transaction.atomic():
        validate(campaign)
        campaign.save(update_fields=["area"])
        placed = Contribution.objects.filter(campaign=campaign, geom__isnull=False)
        return 0 if area is None else placed.exclude(geom__intersects=area).count()


def _fields(new: NewCampaign | NewCategory | NewQuestion, *, but: str = "") -> dict[str, object]:
    return {name: value for name, value in vars(new).items() if name != but}


def _store(instance: models.Model) -> None:
    validate(instance)
    instance.save(force_insert=True)


def validate(instance: models.Model) -> None:
    """Raise Invalid with the code `refused` for each field that fails the model's validation."""
    try:
        instance.full_clean()
    except ValidationError as error:
        raise Invalid(
            {
                name if name != NON_FIELD_ERRORS else "campaign": [
                    Problem("refused", {"message": message}) for message in messages
                ]
                for name, messages in error.message_dict.items()
            }
        ) from error
