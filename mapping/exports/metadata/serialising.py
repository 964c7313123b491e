"""RDF graphs as text: Turtle, JSON-LD and RDF/XML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rdflib import Graph

from mapping.exports.metadata.vocabulary import PREFIXES


@dataclass(frozen=True)
class Serialisation:
    """One way to write RDF: how rdflib calls it, and its media type."""

    rdflib_name: str
    media_type: str


SERIALISATIONS: Final[Mapping[str, Serialisation]] = {
    "ttl": Serialisation("turtle", "text/turtle"),
    "jsonld": Serialisation("json-ld", "application/ld+json"),
    "rdf": Serialisation("xml", "application/rdf+xml"),
}
"""By the end of a file's name."""


def serialised(graph: Graph, ending: str) -> bytes:
    """A whole graph as text in UTF-8; raises KeyError for an ending that is none of `SERIALISATIONS`."""
    known = SERIALISATIONS[ending]
    if ending == "jsonld":
        text: str = graph.serialize(
            format=known.rdflib_name, context=dict(PREFIXES), indent=None, sort_keys=True
        )
        return json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":")).encode()
    return graph.serialize(format=known.rdflib_name, encoding="utf-8")
