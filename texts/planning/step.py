"""The step of texts in the setup of campaigns, its changes in words, and what its pages look up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mapping.models import Campaign
from mapping.planning.setup.frame import Step, Values
from texts.models import Text
from texts.services.setup.texts import STEP


def text_called(campaign: Campaign, category: str) -> Text:
    """The text of a category of a campaign, else 404."""
    found = get_object_or_404(
        Text.objects.select_related("category"), category__campaign=campaign, category__slug=category
    )
    found.category.campaign = campaign
    return found


def _changed_values(before: Values, after: Values) -> Iterator[tuple[str, str, str]]:
    for key in dict.fromkeys([*before, *after]):
        kind, _space, _slug = key.partition(" ")
        former, now = before.get(key), after.get(key)
        if kind == "version" and isinstance(now, dict):
            name = _("“%(title)s”, version %(number)s") % now
            yield name, "", str(now["note"] or _("published"))
        else:
            yield _("Text"), str(former or ""), str(now or "")


TEXTS: Final = Step(STEP, 47, pgettext_lazy("step", "Text"), "texts-planning:setup", _changed_values)
