"""What people suggested as other words, removed with their texts; the city's own words that they quoted stay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from mapping.models import Campaign, RetentionSubject
from mapping.services.retained.parts import REMOVED, Part
from texts.models import Suggestion


def _suggestions(campaign: Campaign) -> QuerySet[Suggestion]:
    found = Suggestion.objects.filter(comment__contribution__campaign=campaign)
    return found.exclude(replacement=REMOVED).exclude(exact=REMOVED)


def _empty(_campaign: Campaign, keys: Sequence[Any]) -> None:
    Suggestion.objects.filter(pk__in=keys).update(replacement=REMOVED)


SUGGESTIONS: Final = Part(
    "suggestions", RetentionSubject.TEXTS.value, _("Suggested wordings"), _suggestions, _empty
)
