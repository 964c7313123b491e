"""One contribution as the text of a GeoJSON feature (RFC 7946 section 3.2), built by PostgreSQL.

The expressions annotate an ordinary QuerySet, which brings the gate (`.published()`) and every filter, so that
nothing about publication is repeated in SQL.
"""

from __future__ import annotations

from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, JSONField, TextField
from django.db.models.sql.compiler import SQLCompiler

# Answers to questions that were deleted or renamed since are no longer readable by anybody. One to a question for staff
# may lie here, too: it was sent at the moment in which the question was given to the staff.
_ASKED: Final = """\
CASE %(answers)s WHEN '{}'::jsonb THEN %(answers)s ELSE (
    SELECT coalesce(jsonb_object_agg(one.key, one.value), '{}'::jsonb)
    FROM jsonb_each(%(answers)s) one
    JOIN mapping_question question
        ON question.slug = one.key AND question.category_id = %(category_id)s AND question.audience = 'public') END"""

# 7 decimals of a degree are about 1 cm, and what `mapping.geo` keeps.
_HEAD: Final = """\
'{"type":"Feature","id":"' || %(id)s || '","geometry":' || coalesce(ST_AsGeoJSON(%(geom)s, 7), 'null')
|| ',"properties":{"category":' || to_json(%(category__slug)s)
|| ',"title":' || to_json(%(title)s)
|| ',"text":' || to_json(%(text)s)
|| ',"answers":' || (@asked)
|| ',"created":' || to_json(date_trunc('second', %(created_at)s))
|| ',"status":"' || %(status)s
|| '","support":' || %(support_count)s
|| ',"opposition":' || %(opposition_count)s
|| ',"balance":' || %(support_count)s - %(opposition_count)s
|| ',"comments":' || %(comment_count)s
|| ',"source":"' || %(source)s
|| '","position":' || coalesce(%(position)s::text, 'null')
|| ',"photos":' || coalesce(
    (SELECT json_agg(@photo || photo.id::text || '.jpg' ORDER BY photo.position)
     FROM mapping_photo photo WHERE photo.contribution_id = %(id)s)::text, '[]')
|| ',"reply":' || coalesce(
    (SELECT json_build_object(
        'status', reply.status, 'text', reply.text, 'created', date_trunc('second', reply.created_at))
     FROM mapping_reply reply WHERE reply.contribution_id = %(id)s
     ORDER BY reply.created_at DESC, reply.id DESC LIMIT 1)::text, 'null')"""

_TAIL: Final = "\n|| '}}'"

_FIELDS: Final = (
    "id",
    "geom",
    "category__slug",
    "title",
    "text",
    "answers",
    "category_id",
    "created_at",
    "status",
    "support_count",
    "opposition_count",
    "comment_count",
    "source",
    "position",
)


class AskedAnswers(Func):
    """The answers of a contribution to its category's current questions, as an object keyed by short name."""

    output_field = JSONField()

    def __init__(self) -> None:
        super().__init__(F("answers"), F("category_id"))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Put the compiled columns into the template."""
        answers, category = (compiler.compile(one)[0] for one in self.get_source_expressions())
        return "(" + _ASKED % {"answers": answers, "category_id": category} + ")", []


class FeatureText(Func):
    """The feature of a contribution: `id`, `geometry` and the properties that `docs/developers/api.md` lists.

    `photo_base` is the URL prefix of photos. The flat form for GIS programs is made by `flat`.
    """

    output_field = TextField()

    def __init__(self, photo_base: str) -> None:
        super().__init__(*(F(name) for name in _FIELDS))
        self.photo_base = photo_base

    def as_sql(  # type: ignore[override]
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,  # noqa: ARG002 - the interface
        **_context: Any,
    ) -> tuple[str, list[Any]]:
        """Put the compiled columns into the template; plain columns bring no parameters of their own."""
        columns: dict[str, str] = {}
        for name, expression in zip(_FIELDS, self.get_source_expressions(), strict=True):
            column, params = compiler.compile(expression)
            assert not params  # noqa: S101 - a column, never a value
            columns[name] = column
        template = (_HEAD + _TAIL).replace("@asked", _ASKED)
        return "(" + (template % columns).replace("@photo", "%s::text") + ")", [self.photo_base]
