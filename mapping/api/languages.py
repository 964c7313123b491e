"""In which language texts of campaigns are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from drf_spectacular.utils import OpenApiParameter

from mapping.http.parameters.reading import Parameters
from mapping.languages import TAGS
from mapping.models import Campaign
from mapping.translated.reading import Reading, in_language, in_languages, tags_of

NAME: Final = "language"
LANGUAGE: Final = OpenApiParameter(
    NAME,
    str,
    OpenApiParameter.QUERY,
    enum=TAGS,
    description="The language of the texts (BCP 47), one of the campaign's `languages`. Without it, and for texts that "
    "are not translated: the language in which they were written. Values and short names are the same in all.",
)
LANGUAGE_HELP: Final = "The language of the texts (BCP 47), as far as they are translated."
LANGUAGES_HELP: Final = "The languages in which texts can be read, that in which they were written first."


def read_in(parameters: Parameters, campaign: Campaign) -> Reading:
    """A campaign in the requested language; another than its own ones is a problem of the parameters."""
    tag = parameters.choice(NAME, tags_of(campaign), campaign.language)
    parameters.done()
    return in_language(campaign, tag)


def read_all_in(parameters: Parameters, campaigns: Sequence[Campaign]) -> list[Reading]:
    """Campaigns, each in the requested language if it is offered in it, else in its own one."""
    tag = parameters.text(NAME)
    if tag:
        parameters.choice(NAME, TAGS, TAGS[0])
    parameters.done()
    return in_languages(campaigns, {one.pk: tag for one in campaigns})
