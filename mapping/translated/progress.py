"""How far the texts of a campaign are translated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mapping.languages import Language, listed
from mapping.models import Campaign, Translation
from mapping.translated.texts import Text, name_of


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of all texts are translated into a language; `outdated` are those whose original was changed since."""

    language: Language
    total: int
    done: int
    outdated: int

    @property
    def missing(self) -> int:
        """Texts without a translation."""
        return self.total - self.done - self.outdated


def progress_of(campaign: Campaign, texts: Sequence[Text]) -> list[Progress]:
    """The progress of each further language of a campaign with these texts, in one query."""
    if not campaign.languages:
        return []
    originals = {text.name: text.original for text in texts}
    done = dict.fromkeys(campaign.languages, 0)
    outdated = dict.fromkeys(campaign.languages, 0)
    rows = Translation.objects.filter(campaign=campaign, language__in=campaign.languages)
    for tag, kind, number, field, original in rows.values_list(
        "language", "kind", "object_id", "field", "original"
    ):
        name = name_of(kind, number, field)
        if name in originals:
            (done if originals[name] == original else outdated)[tag] += 1
    return [
        Progress(one, len(originals), done[one.tag], outdated[one.tag])
        for one in listed(set(campaign.languages))
    ]
