"""Errors of external input as values, which all layers above can translate and show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_SENTENCES: Final[Mapping[str, str]] = {
    # geometry objects
    "bbox_inverted": "The southern edge ({south}) lies north of the northern edge ({north}).",
    "bbox_malformed": "A bounding box is four numbers separated by commas: west,south,east,north.",
    "bbox_not_finite": "A bounding box needs finite numbers.",
    "bbox_out_of_range": "The bounding box leaves the range of longitude (-180 to 180) or latitude (-90 to 90).",
    "crs_member_not_supported": "Coordinates are always WGS 84 longitude and latitude; a crs member is not supported.",
    "crs_transform_failed": "The coordinates cannot be transformed from {source} to {target}.",
    "crs_unknown": "The coordinate reference system {crs} is not known.",
    "empty": "The geometry has no coordinates.",
    "invalid_geometry": "The geometry is not valid: {reason}.",
    "member_not_allowed": "A geometry must not have the member {member}.",
    "missing": "The value {member} is missing.",
    "not_a_list": "Coordinates must be given as a list.",
    "not_a_number": "A coordinate is not a number.",
    "not_an_object": "A geometry must be a JSON object.",
    "not_finite": "A coordinate is not a finite number.",
    "not_two_dimensional": "A position needs exactly two numbers, longitude and latitude, but has {length}.",
    "out_of_range": "The position {lon}, {lat} leaves the range of longitude (-180 to 180) or latitude (-90 to 90).",
    "outside_area": "The geometry lies outside the area.",
    "outside_grid": "The geometry lies outside the European grid.",
    "ring_not_closed": "A ring must end where it starts.",
    "self_intersection": "The area crosses itself at {lon}, {lat}.",
    "several_parts": "The place has several parts; they can be split into single places, or joined.",
    "swapped_axes_suspected": "The position {lon}, {lat} looks as if longitude and latitude were swapped.",
    "too_few_positions": "The geometry has {length} positions, but needs at least {minimum}.",
    "too_large": "The geometry covers more than {limit} cells.",
    "too_long": "The value is longer than {max}.",
    "too_many_vertices": "The geometry has more than {max} positions.",
    "type_not_allowed": "The geometry type {type} is not allowed here.",
    "unknown_type": "The geometry type is not known.",
    "wrong_axis": "“{text}” names the other axis: a latitude where a longitude is expected, or the reverse.",
    # JSON texts
    "duplicate_key": "The JSON text repeats a key within one object, at position {position}.",
    "lone_surrogate": "The JSON text contains half of a character pair, at position {position}.",
    "not_json": "The text is not JSON, at position {position}.",
    "not_utf8": "The text is not UTF-8, at byte {position}.",
    "nul_character": "The JSON text contains a NUL character, at position {position}.",
    "too_deep": "The JSON text is nested too deeply, at position {position}.",
}

# One code has two meanings, depending on where it occurs.
_JSON_SENTENCES: Final[Mapping[str, str]] = {
    "not_finite": "The JSON text contains a number that is not finite, at position {position}.",
}
_TEXT_SENTENCES: Final[Mapping[str, str]] = {
    "too_long": "The text has {length} characters; at most {max} are allowed.",
}


def _sentence(template: str | None, code: str, params: Mapping[str, object]) -> str:
    """Fill a template; fall back to the bare code, because an error message must never raise."""
    if template is None:
        return code
    try:
        return template.format_map(params)
    except (KeyError, IndexError, ValueError):
        return code


class GeometryProblem(ValueError):
    """A geometry, position, bounding box or CRS from outside cannot be accepted.

    `code` is machine-readable and stable, `params` are the values for a (translated) message, `str()` is a plain
    English sentence.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code: str = code
        self.params: dict[str, object] = params
        super().__init__(_sentence(_SENTENCES.get(code), code, params))


class JsonProblem(ValueError):
    """A text is not the strict JSON that we accept.

    `position` counts characters from 0 in the decoded text (bytes, for code "not_utf8"); `params` holds it too.
    """

    def __init__(self, code: str, position: int) -> None:
        self.code: str = code
        self.position: int = position
        self.params: dict[str, object] = {"position": position}
        super().__init__(_sentence(_JSON_SENTENCES.get(code) or _SENTENCES.get(code), code, self.params))


class TextProblem(ValueError):
    """A text typed by a person cannot be accepted; attributes as in `GeometryProblem`."""

    def __init__(self, code: str, **params: object) -> None:
        self.code: str = code
        self.params: dict[str, object] = params
        super().__init__(_sentence(_TEXT_SENTENCES.get(code), code, params))
