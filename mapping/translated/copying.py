"""Translations of rows that are stored anew: copies of campaigns, phases in place of others, restored questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mapping.models import Campaign, Question, TextOf, Translation

Ids = Mapping[tuple[str, int], int]
"""The key of a new row by kind and key of the former one."""


def copy_translations(rows: Iterable[Translation], campaign: Campaign, ids: Ids) -> None:
    """Store translations for the new rows of a campaign; those of rows without a new one are left out."""
    Translation.objects.bulk_create(
        Translation(
            campaign=campaign,
            language=one.language,
            kind=one.kind,
            object_id=ids[one.kind, one.object_id],
            field=one.field,
            text=one.text,
            original=one.original,
        )
        for one in rows
        if (one.kind, one.object_id) in ids
    )


def noted_translations(question: Question) -> list[list[str]]:
    """The translations of a question for the history: language, place, text and original of each."""
    rows = Translation.objects.filter(kind=TextOf.QUESTION, object_id=question.pk)
    return [list(one) for one in rows.values_list("language", "field", "text", "original")]


def restore_translations(question: Question, campaign: Campaign, noted: Sequence[Sequence[str]]) -> None:
    """Store the translations that a question had when it was removed, which `noted_translations` returned."""
    Translation.objects.bulk_create(
        Translation(
            campaign=campaign,
            language=language,
            kind=TextOf.QUESTION,
            object_id=question.pk,
            field=field,
            text=text,
            original=original,
        )
        for language, field, text, original in noted
    )
