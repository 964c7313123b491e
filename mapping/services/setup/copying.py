"""Copies of campaigns: what their makers wrote and chose, nothing that people gave."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models

from mapping.models import Campaign, Category, Comparison, Picture, Question, TextOf, Translation
from mapping.registry import Registry
from mapping.services.campaigns import validate
from mapping.services.photos.attachments import transaction_with_files
from mapping.services.retained.defaults import copy_spans
from mapping.translated.copying import copy_translations

_NOT_COPIED: Final = {
    "id",
    "slug",
    "title",
    "created_at",
    "opens_at",
    "closes_at",
    "is_draft",
    "outcome",
    "picture",
    "embed_origins",
}


@dataclass(frozen=True, eq=False)
class CopiedPart:
    """What another app copies: from the first campaign to the second one, whose categories stand by the former keys."""

    name: str
    copy: Callable[[Campaign, Campaign, Mapping[int, Category]], None]


COPIED_PARTS: Final[Registry[CopiedPart]] = Registry("part of copied campaigns")


def copied(source: Campaign, *, slug: str, title: str) -> Campaign:
    """Store a draft with the texts, area, rules, pictures, categories, questions and translations of a campaign.

    What its survey is compared with comes along, too, and what other apps copy (`COPIED_PARTS`).
    Without its period and phases, and without its results: the outcome was that of the former campaign. Raises Invalid
    as `create_campaign` does.
    """
    with transaction_with_files() as written:
        campaign = Campaign(
            slug=slug, title=title, is_draft=True, **_values(source, but=_NOT_COPIED | {"campaign"})
        )
        validate(campaign)
        campaign.save(force_insert=True)
        pictures = _copy_pictures(source, campaign, written)
        if source.picture_id is not None and source.picture_id in pictures:
            campaign.picture = pictures[source.picture_id]
            campaign.save(update_fields=["picture"])
        ids = {str(before): str(after.pk) for before, after in pictures.items()}
        new_ids = {(TextOf.CAMPAIGN.value, source.pk): campaign.pk}
        new_ids |= _copy_questions(Question.objects.of_survey(source.pk), {"campaign": campaign}, ids)
        categories: dict[int, Category] = {}
        for category in source.categories.all():
            fields = _values(category, but={"id", "campaign"})
            new = Category.objects.create(campaign=campaign, **fields)
            categories[category.pk] = new
            new_ids[TextOf.CATEGORY.value, category.pk] = new.pk
            new_ids |= _copy_questions(category.questions.order_by("position", "pk"), {"category": new}, ids)
        _copy_comparisons(source, new_ids)
        copy_spans(source, campaign)
        for part in COPIED_PARTS:
            part.copy(source, campaign, categories)
        # Of other texts than those of the source, the new title for instance, there is none yet.
        of_others = models.Q(kind=TextOf.CAMPAIGN, field__in=("title", "outcome"))
        copy_translations(Translation.objects.filter(campaign=source).exclude(of_others), campaign, new_ids)
    return campaign


def _copy_questions(
    questions: models.QuerySet[Question],
    owner: Mapping[str, Campaign | Category],
    pictures: Mapping[str, str],
) -> dict[tuple[str, int], int]:
    """Copy questions; returns the new keys by the former ones."""
    former = list(questions)
    made = Question.objects.bulk_create(
        Question(
            **owner,
            **_values(question, but={"id", "category", "campaign", "options"}),
            options=_with_pictures(question.options, pictures),
        )
        for question in former
    )
    return {(TextOf.QUESTION.value, before.pk): after.pk for before, after in zip(former, made, strict=True)}


def _copy_comparisons(source: Campaign, new_ids: Mapping[tuple[str, int], int]) -> None:
    Comparison.objects.bulk_create(
        Comparison(
            question_id=new_ids[TextOf.QUESTION.value, one.question_id],
            **_values(one, but={"id", "question", "updated_at"}),
        )
        for one in Comparison.objects.of(source.pk)
    )


def _with_pictures(options: dict[str, Any], pictures: Mapping[str, str]) -> dict[str, Any]:
    """The options with the copies of their pictures."""
    found = copy.deepcopy(options)
    choices = found.get("choices")
    for choice in choices if isinstance(choices, list) else ():
        if isinstance(choice, dict) and str(choice.get("picture")) in pictures:
            choice["picture"] = pictures[str(choice["picture"])]
    return found


def _copy_pictures(source: Campaign, campaign: Campaign, written: list[str]) -> dict[Any, Picture]:
    """Pictures with files of their own; one whose file is lost stays behind."""
    copies = {}
    for picture in source.pictures.all():
        try:
            with default_storage.open(str(picture.file.name)) as file:
                data = file.read()
        except OSError:
            continue
        wanted = Picture.file.field.generate_filename(Picture(), f"{uuid4().hex}.jpg")
        name = default_storage.save(wanted, ContentFile(data))
        written.append(name)
        fields = _values(picture, but={"id", "campaign", "file"})
        copies[picture.pk] = Picture.objects.create(campaign=campaign, file=name, **fields)
    return copies


def _values(row: models.Model, *, but: set[str]) -> dict[str, Any]:
    return {
        field.name: copy.deepcopy(getattr(row, field.name))
        for field in row._meta.concrete_fields  # noqa: SLF001 - documented
        if field.name not in but
    }
