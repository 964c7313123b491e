"""Translations of rows that are stored anew: copies of campaigns, phases in place of others, restored questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mapping.models import Campaign, Phase, Question, TextOf, Translation

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


def restore_translations(row: Question | Phase, campaign: Campaign, noted: Sequence[Sequence[str]]) -> None:
    """Store the translations that a removed question or phase had, as `noted_translations` returns them."""
    Translation.objects.bulk_create(
        Translation(
            campaign=campaign,
            language=language,
            kind=TextOf.QUESTION if isinstance(row, Question) else TextOf.PHASE,
            object_id=row.pk,
            field=field,
            text=text,
            original=original,
        )
        for language, field, text, original in noted
    )
