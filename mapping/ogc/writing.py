"""Parsing of Features sent by GIS programs (OGC API Features Part 4, 20-002r1), before validation.

Writable are the city's own objects: districts, and contributions that the city draws. Attributes are the flat ones of
items; read-only ones (`status`, `created`, counts) are ignored, since programs send back whole features.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, cast

from django.utils.http import parse_etags
from shapely.geometry.base import BaseGeometry

from mapping.exports.fields import Field
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import GEOJSON_TYPES, parse_geometry
from mapping.imports.districts import SentDistrict
from mapping.ogc.campaign_kinds import BY_PLACE_TYPE, CONTRIBUTIONS, DISTRICTS
from mapping.ogc.collections import Collection
from mapping.ogc.crs import CRS84, Crs, crs_of, in_degrees
from mapping.services.checking.content import Collected, Submission
from mapping.services.errors import Invalid, invalid

WRITABLE: Final = BY_PLACE_TYPE | {CONTRIBUTIONS, DISTRICTS}
"""Collections that items can be written to."""
_RECEIVED: Final = frozenset({"category", "title", "text", "code", "name"})
_MOST_VERTICES: Final = 50_000
"""Most vertices of one polygon of a district: official boundaries have thousands."""


def is_receivable(field: Field) -> bool:
    """Whether an attribute is writable."""
    return bool(field.question) or field.name in _RECEIVED


@dataclass(frozen=True)
class Sent:
    """One Feature with its place in longitude and latitude."""

    id: object
    geometry: object
    properties: Mapping[str, object]


def content_crs(header: str | None) -> Crs:
    """The CRS that the header Content-Crs names (OGC 18-058r1, section 6.2); raises Invalid."""
    return crs_of(header.strip().strip("<>"), "Content-Crs") if header else CRS84


def sent_feature(body: object, crs: Crs) -> Sent:
    """Read a Feature (RFC 7946 section 3.2); raises Invalid."""
    if not isinstance(body, dict) or body.get("type") != "Feature":
        raise invalid("type", "not_a_feature")
    if "crs" in body:
        raise invalid("crs", "crs_member_not_supported")
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise invalid("properties", "wrong_type")
    return Sent(body.get("id"), in_degrees(body.get("geometry"), crs), properties)


def merged(stored: object, patch: object) -> object:
    """Apply a JSON Merge Patch to a value (RFC 7396, section 2): null removes, objects are merged."""
    if not isinstance(patch, dict):
        return patch
    found = dict(stored) if isinstance(stored, dict) else {}
    for name, value in patch.items():
        if value is None:
            found.pop(name, None)
        else:
            found[name] = merged(found.get(name), value)
    return found


def submission_of(sent: Sent, collection: Collection, fields: tuple[Field, ...]) -> Submission:
    """Make a submission for the services to validate; raises Invalid."""
    _check_names(sent, fields)
    problems = Collected()
    category, text = sent.properties.get("category"), sent.properties.get("text")
    title = sent.properties.get("title")
    if category is None:
        problems.add("category", "value_required")
    wanted = collection.place_type
    found = sent.geometry.get("type") if isinstance(sent.geometry, dict) else None
    if wanted is not None and found != GEOJSON_TYPES[wanted]:
        problems.add("geometry", "geometry_required" if found is None else "type_not_allowed")
    pk = None
    if sent.id is not None:
        try:
            pk = uuid.UUID(sent.id if isinstance(sent.id, str) else "")
        except ValueError:
            problems.add("id", "not_a_uuid")
    problems.raise_if_any()
    answers = {field.question: sent.properties.get(field.name) for field in fields if field.question}
    return Submission(
        category=cast("str", category),  # of any type: validated by the services
        geometry=sent.geometry,
        title=cast("str", "" if title is None else title),
        text=cast("str", "" if text is None else text),
        answers={name: value for name, value in answers.items() if value is not None},
        id=pk,
    )


def district_of(sent: Sent, fields: tuple[Field, ...], code: str | None = None) -> SentDistrict:
    """Make a district for the services to validate; `code` is that of the address. Raises Invalid."""
    _check_names(sent, fields)
    given = sent.properties.get("code")
    if given is None:
        given = sent.id if code is None else code
    if code is not None and given != code:
        raise invalid("code", "code_differs")
    return SentDistrict(given, sent.properties.get("name"), tuple(_areas(sent.geometry)))


@contextmanager
def named_flat(fields: tuple[Field, ...]) -> Iterator[None]:
    """Rename problems with answers to the attribute's flat name."""
    names = {f"answers.{field.question}": field.name for field in fields if field.question}
    try:
        yield
    except Invalid as error:
        raise Invalid({names.get(name, name): problems for name, problems in error.fields.items()}) from error


def is_current(header: str | None, version: str | None) -> bool:
    """Whether If-Match (RFC 9110 section 13.1.1) matches an item's version; true without the header.

    Tags of any representation are accepted: the part before the hyphen is the version.
    """
    if header is None:
        return True
    if version is None:
        return False
    tags = parse_etags(header)
    return tags == ["*"] or any(tag.strip('"').partition("-")[0] == version for tag in tags)


def _check_names(sent: Sent, fields: tuple[Field, ...]) -> None:
    known = {field.name for field in fields}
    choices = ", ".join(field.name for field in fields if is_receivable(field))
    problems = Collected()
    for name in sent.properties:
        # QGIS and GDAL write the id among the attributes too.
        if name not in known and name not in {"id", "fid", "ogc_fid"}:
            problems.add(str(name)[:80], "unknown_property", choices=choices)
    problems.raise_if_any()


def _areas(geometry: object) -> Iterator[BaseGeometry]:
    if geometry is None:
        raise invalid("geometry", "geometry_required")
    parts: list[object] = [geometry]
    if isinstance(geometry, dict) and geometry.get("type") == "MultiPolygon":
        coordinates = geometry.get("coordinates")
        rings = coordinates if isinstance(coordinates, list) else [coordinates]
        parts = [{"type": "Polygon", "coordinates": one} for one in rings]
    for part in parts:
        try:
            yield parse_geometry(part, allowed=("Polygon",), max_vertices=_MOST_VERTICES)
        except GeometryProblem as problem:
            raise invalid("geometry", problem.code, **problem.params) from problem
