"""Composition of GeoJSON texts from finished features."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence

from rest_framework.request import Request

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
