"""The same for translations of texts, for `tests.breaking`."""

from collections.abc import Callable
from typing import Any

from mapping.models import Contribution, Translation


def translation_with(**fields: Any) -> Callable[[Contribution], object]:
    values: dict[str, Any] = {"language": "tr", "kind": "category", "field": "title", "text": "Yol"}

    def make(stored: Contribution) -> Translation:
        ids = {"object_id": stored.category.pk, "campaign": stored.campaign}
        return Translation.objects.create(**(values | ids | fields))

    return make


def _twice(stored: Contribution) -> None:
    for _time in range(2):
        translation_with()(stored)


OF_TRANSLATIONS: list[tuple[str, Callable[[Contribution], object]]] = [
    ("translation_once", _twice),
    ("translation_language", translation_with(language="xx")),
    ("translation_kind", translation_with(kind="photo")),
    ("translation_of_own_campaign", translation_with(kind="campaign", object_id=0)),
    ("translation_not_empty", translation_with(text="")),
]
