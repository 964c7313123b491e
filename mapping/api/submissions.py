"""Conversion of a received GeoJSON Feature to a submission for the services."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from typing import Final, cast

from mapping.services.checking.content import Collected, Submission
from mapping.services.errors import Invalid, invalid

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_TYPES: Final[Mapping[str, tuple[type, str]]] = {
    "category": (str, "not_a_text"),
    "text": (str, "not_a_text"),
    "answers": (dict, "not_an_object_of_answers"),
    "zoom": (int, "wrong_type"),
}


def submission_of(body: object) -> Submission:
    """Parse a Feature (RFC 7946 section 3.2), to be validated by the services; raises Invalid.

    Only the types of the members are checked here. Unknown members and properties are ignored.
    """
    if not isinstance(body, dict):
        raise invalid("body", "not_a_feature")
    if body.get("type") != "Feature":
        raise invalid("type", "not_a_feature")
    properties = body.get("properties")
    if not isinstance(properties, dict):
        raise invalid("properties", "wrong_type")
    problems = Collected()
    if "crs" in body:
        problems.add("crs", "crs_member_not_supported")
    if properties.get("category") is None:
        problems.add("category", "value_required")
    for name, (kind, problem) in _TYPES.items():
        value = properties.get(name)
        # bool is a subclass of int, but `true` is no number in JSON.
        if value is not None and (isinstance(value, bool) or not isinstance(value, kind)):
            problems.add(name, problem)
    pk = read_id(body.get("id"), problems)
    if problems.fields:
        raise Invalid(problems.fields)
    return Submission(
        category=cast(str, properties["category"]),
        geometry=body.get("geometry"),
        text=cast(str, properties.get("text") or ""),
        answers=cast(Mapping[str, object], properties.get("answers") or {}),
        id=pk,
        zoom=cast(int | None, properties.get("zoom")),
    )


def read_id(value: object, problems: Collected) -> uuid.UUID | None:
    """The id that a client made, None where it made none; adds a problem for anything but a UUID."""
    if value is None:
        return None
    found = uuid_of(value)
    if found is None:
        problems.add("id", "not_a_uuid")
    return found


def uuid_of(value: object) -> uuid.UUID | None:
    """A UUID in its usual form; None for anything else."""
    return uuid.UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None
