"""Strict decoding of JSON texts that come from outside."""

from __future__ import annotations

import json
import math
import re
from typing import Final

from mapping.geo.errors import JsonProblem

MAX_DEPTH: Final = 64
"""Arrays and objects within each other; a GeoJSON FeatureCollection of polygons needs 8."""

# A whole string (also an unfinished one, the decoder reports that) or one bracket. Possessive: linear time.
_STRUCTURE: Final = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[\[\]{}]', re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_RAW_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_NUMBER_OR_STRING: Final = re.compile(
    r'"(?:[^"\\]++|\\.)*+"?|-?Infinity|NaN|-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?', re.DOTALL
)
_KEY_OR_BRACKET: Final = re.compile(r'("(?:[^"\\]++|\\.)*+"?)([ \t\r\n]*:)?|[\[\]{}]', re.DOTALL)
_HIGH_SURROGATES: Final = range(0xD800, 0xDC00)
_LOW_SURROGATES: Final = range(0xDC00, 0xE000)
_LONGEST_INTEGER: Final = 310
"""Characters; the largest finite double has 309 digits."""


class _NotFiniteError(ValueError):
    """A number without a finite double; hooks of the decoder do not get its position."""


class _DuplicateKeyError(ValueError):
    """An object has a repeated key."""


def loads_strict(body: bytes | str) -> object:
    """Decode one JSON text (RFC 8259) and refuse what other JSON readers or PostgreSQL would understand differently.

    Beyond the grammar it refuses NaN and Infinity, numbers that overflow a double (1e400), repeated keys (RFC 8259
    section 4: behaviour unpredictable), NUL and lone surrogates in strings (section 8.2; PostgreSQL stores neither),
    nesting deeper than `MAX_DEPTH` and every encoding but UTF-8 (section 8.1; a leading byte order mark is ignored).

    Raises JsonProblem with code "not_utf8", "not_json", "not_finite", "nul_character", "duplicate_key", "too_deep"
    or "lone_surrogate".
    """
    text = _decode(body) if isinstance(body, bytes) else body
    if text.startswith("\ufeff"):
        # The byte order mark counts as a position, so that positions point into what was sent.
        text = " " + text[1:]
    _check_characters(text)
    _check_structure(text)
    try:
        value: object = json.loads(
            text,
            parse_float=_finite_float,
            parse_int=_finite_int,
            parse_constant=_refuse_constant,
            object_pairs_hook=_object_without_duplicates,
        )
    except _NotFiniteError:
        raise JsonProblem("not_finite", _first_not_finite(text)) from None
    except _DuplicateKeyError:
        raise JsonProblem("duplicate_key", _first_duplicate(text)) from None
    except json.JSONDecodeError as error:
        raise JsonProblem("not_json", error.pos) from None
    return value


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonProblem("not_utf8", error.start) from None


def _check_characters(text: str) -> None:
    """Refuse NUL anywhere, and surrogates that a caller smuggled into a str."""
    position = text.find("\0")
    if position >= 0:
        raise JsonProblem("nul_character", position)
    surrogate = _RAW_SURROGATE.search(text)
    if surrogate:
        raise JsonProblem("lone_surrogate", surrogate.start())


def _check_structure(text: str) -> None:
    """Check the nesting before the (recursive) decoder runs, and check escaped strings."""
    depth = 0
    for token in _STRUCTURE.finditer(text):
        found = token.group()
        if found in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise JsonProblem("too_deep", token.start())
        elif found in "]}":
            depth -= 1
        elif "\\u" in found:
            _check_escapes(found, token.start())


def _check_escapes(string: str, start: int) -> None:
    """Refuse escapes of NUL and of unpaired surrogates (U+D800 to U+DFFF) in one JSON string that starts at `start`."""
    high: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(string):
        digits = escape.group(1)
        code = int(digits, 16) if digits else -1
        is_low = code in _LOW_SURROGATES
        if high is not None:
            if not (is_low and high.end() == escape.start()):
                raise JsonProblem("lone_surrogate", start + high.start())
            high = None
        elif is_low:
            raise JsonProblem("lone_surrogate", start + escape.start())
        elif code in _HIGH_SURROGATES:
            high = escape
        elif code == 0:
            raise JsonProblem("nul_character", start + escape.start())
    if high is not None:
        raise JsonProblem("lone_surrogate", start + high.start())


def _finite_float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _NotFiniteError
    return number


def _finite_int(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise _NotFiniteError
    number = int(digits)
    try:
        float(number)
    except OverflowError:
        raise _NotFiniteError from None
    return number


def _refuse_constant(_constant: str) -> object:
    raise _NotFiniteError


def _object_without_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    decoded = dict(pairs)
    if len(decoded) != len(pairs):
        raise _DuplicateKeyError
    return decoded


def _first_not_finite(text: str) -> int:
    """Find the offending number again; only runs once a text is already refused."""
    for token in _NUMBER_OR_STRING.finditer(text):
        found = token.group()
        if not found.startswith('"') and not _is_finite(found):
            return token.start()
    return 0


def _is_finite(digits: str) -> bool:
    # float() of a long integer text gives infinity rather than an error.
    return math.isfinite(float(digits))


def _first_duplicate(text: str) -> int:
    """Find the first key that repeats an earlier one of its object; only runs once a text is already refused."""
    open_objects: list[set[str]] = []
    for token in _KEY_OR_BRACKET.finditer(text):
        found = token.group()
        if found in "[{":
            open_objects.append(set())
        elif found in "]}":
            if open_objects:
                open_objects.pop()
        elif token.group(2) and open_objects:
            key = str(json.loads(token.group(1)))
            if key in open_objects[-1]:
                return token.start()
            open_objects[-1].add(key)
    return 0
