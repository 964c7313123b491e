"""Composition of GeoJSON texts from finished features."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from rest_framework.request import Request

from mapping.forms.headings import heading_of
from mapping.models import Campaign, Contribution
from mapping.places.words import name_places
from mapping.services import identity


def collection_text(features: Sequence[str], matched: int | None, links: list[dict[str, str]]) -> bytes:
    """A FeatureCollection with the members of OGC API - Features for counts and links.

    `numberMatched` is left out if unknown (OGC 17-069r4, /req/core/fc-numberMatched B allows that).
    """
    counts = {} if matched is None else {"numberMatched": matched}
    tail = json.dumps({**counts, "numberReturned": len(features), "links": links})
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}],{tail[1:]}'.encode()


def author_feature(request: Request, text: str, contribution_id: uuid.UUID) -> str:
    """The feature for its author: marked `own`, with the private link."""
    from mapping.http.views import absolute

    edit_url = absolute(request, "my-contribution", identity.edit_token(contribution_id))
    # A feature's text ends with the braces of `properties` and of the feature itself (`exports.features`).
    return f'{text[:-2]},"own":true}},"edit_url":{json.dumps(edit_url)}}}'


def in_words(features: Sequence[str], ids: Sequence[str], campaign: Campaign) -> list[str]:
    """Features of a campaign with `heading` and `place_words` in the active language. Four queries for all of them.

    Callers have read the features through the gate.
    """
    found = Contribution.objects.filter(campaign=campaign, pk__in=ids).select_related("category")
    rows = {str(one.pk): one for one in found.prefetch_related("category__questions").defer("staff_answers")}
    name_places(rows.values(), campaign)
    return [_in_words(text, rows.get(key)) for text, key in zip(features, ids, strict=True)]


def _in_words(text: str, contribution: Contribution | None) -> str:
    """A feature with its words; as it is where the contribution is gone."""
    if contribution is None:
        return text
    words = {"heading": heading_of(contribution), "place_words": str(contribution.place_words)}  # type: ignore[attr-defined]
    # As in `author_feature`: the text ends with the braces of `properties` and of the feature.
    return f"{text[:-2]},{json.dumps(words, ensure_ascii=False)[1:]}}}"
