"""Values as XML text, escaped by PostgreSQL."""

from __future__ import annotations

from typing import Any, Final
from xml.sax.saxutils import escape

from django.db.models import Func, TextField

from mapping.exports.columns import BETWEEN, Written
from mapping.exports.fields import Kind
from mapping.exports.sources import Readable

# XML 1.0 section 2.2 allows no other control characters than tab, line feed and carriage return.
_CODES: Final = (*range(1, 9), 0xB, 0xC, *range(0xE, 0x20), 0xFFFE, 0xFFFF)
_FORBIDDEN: Final = "".join(f"\\{code:04x}" for code in _CODES)
_DROPPED: Final = dict.fromkeys(_CODES)
# Line ends become character references: so no row of a COPY is ever quoted.
_ESCAPED: Final = (
    "replace(replace(replace(replace(replace(translate({0}, U&'{1}', ''), '&', '&amp;'), '<', '&lt;'),"
    " '>', '&gt;'), E'\\n', '&#10;'), E'\\r', '&#13;')"
)


class XmlText(Written):
    """A value as the text of an element; NULL stays NULL."""

    def __init__(self, value: Readable, kind: Kind) -> None:
        super().__init__(value, kind, between=BETWEEN)

    def as_sql(self, compiler: Any, connection: Any, **context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """Escape texts; numbers, booleans and moments need no escaping."""
        sql, params = super().as_sql(compiler, connection, **context)
        if self.kind in {"text", "texts", "objects"}:
            return _ESCAPED.format(sql, _FORBIDDEN), params
        return f"({sql})::text", params


class Joined(Func):
    """Concatenation of constants and values.

    A value may have a prefix and a suffix, which are left out with it where it is NULL.
    """

    output_field = TextField()

    def __init__(self, *pieces: str | Readable | tuple[str, Readable, str]) -> None:
        self.pieces = pieces
        values = [
            piece[1] if isinstance(piece, tuple) else piece for piece in pieces if piece.__class__ is not str
        ]
        super().__init__(*values)

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Concatenate."""
        compiled = iter(self.get_source_expressions())
        parts: list[str] = []
        params: list[Any] = []
        for piece in self.pieces:
            if isinstance(piece, str):
                parts.append("%s")
                params.append(piece)
                continue
            sql, own = compiler.compile(next(compiled))
            before, after = (piece[0], piece[2]) if isinstance(piece, tuple) else ("", "")
            parts.append(f"coalesce(%s || {sql} || %s, '')")
            params += [before, *own, after]
        return "(" + "\n|| ".join(parts) + ")", params


def text_of(value: object) -> str:
    """A Python value as the text of an element or attribute."""
    return escape(str(value).translate(_DROPPED), {'"': "&quot;"})
