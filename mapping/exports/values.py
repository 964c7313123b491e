"""The values of attributes in SQL, typed: for filters, for sorting and for the columns of tables."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    OuterRef,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models import (
    Field as ModelField,
)

from mapping.exports.fields import Field, Kind
from mapping.models import Contribution, Reply

# An answer whose type differs from its question's (the question was changed later) has no value.
_TEMPLATES: Final[dict[Kind, str]] = {
    "text": "(%(expressions)s)",
    "integer": "(CASE jsonb_typeof({0}) WHEN 'number' THEN trunc(({0})::numeric)::bigint END)",
    "number": "(CASE jsonb_typeof({0}) WHEN 'number' THEN ({0})::double precision END)",
    "boolean": "(CASE jsonb_typeof({0}) WHEN 'boolean' THEN ({0})::boolean END)",
    "texts": "(CASE jsonb_typeof({0}) WHEN 'array' THEN ARRAY(SELECT jsonb_array_elements_text({0})) END)",
}
OUTPUT: Final[dict[Kind, Any]] = {
    "text": TextField,
    "integer": BigIntegerField,
    "number": FloatField,
    "boolean": BooleanField,
    "datetime": DateTimeField,
    "texts": lambda: ArrayField(TextField()),
}
"""The Django field of each kind."""

_COLUMNS: Final = {
    "category": "category__slug",
    "text": "text",
    "status": "status",
    "source": "source",
    "support": "support_count",
    "opposition": "opposition_count",
    "comments": "comment_count",
    "title": "title",
    "position": "position",
    "paper_batch": "participant__map_sheet__batch__name",
    "paper_sheet": "participant__map_sheet__number",
}


class Answer(Func):
    """The answer to a question as a typed value; NULL where there is none.

    With `for_staff` also one that only staff may read.
    """

    def __init__(self, question: str, kind: Kind, *, for_staff: bool = False) -> None:
        self.kind = kind
        held = [F("answers"), F("staff_answers")] if for_staff else [F("answers")]
        super().__init__(*held, Value(question), output_field=OUTPUT[kind]())

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Repeat the slug as a parameter for each occurrence in the template."""
        *held, slug = self.get_source_expressions()
        column = " || ".join(compiler.compile(one)[0] for one in held)
        if len(held) > 1:
            column = f"({column})"
        if self.kind == "text":
            return f"({column} ->> %s)", [slug.value]
        template = _TEMPLATES[self.kind].format(f"{column} -> %s")
        return template, [slug.value] * template.count("%s")


class PhotoAddresses(Func):
    """The addresses of a contribution's photos as an array of texts, in their order; empty where there are none.

    `photo_base` is the URL prefix of photos. With `is_whole`, optimised for reading very many rows: see `_WHERE_ANY`.
    """

    def __init__(self, photo_base: str, *, is_whole: bool = False) -> None:
        self.photo_base = photo_base
        self.is_whole = is_whole
        super().__init__(F("id"), output_field=ArrayField(TextField()))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Write the address of each photo."""
        [contribution] = self.get_source_expressions()
        column, _none = compiler.compile(contribution)
        addresses = (
            "ARRAY(SELECT %s::text || photo.id::text || '.jpg' FROM mapping_photo photo"
            f" WHERE photo.contribution_id = {column} ORDER BY photo.position)"
        )
        if self.is_whole:
            addresses = _WHERE_ANY.format(
                table="mapping_photo", column=column, value=addresses, none="'{}'::text[]"
            )
        return addresses, [self.photo_base]


_WHERE_ANY: Final = """
    CASE WHEN EXISTS (SELECT FROM {table} one WHERE one.contribution_id = {column}) THEN {value} ELSE {none} END
"""
"""Few contributions have photos or replies. Where very many rows are read, PostgreSQL probes a hash table of those that
have some, built once, instead of an index each time; for a page this table would cost more than the page."""


def value_of(field: Field, photo_base: str = "", *, is_whole: bool = False) -> Expression | F | Subquery:
    """Return the typed value of an attribute, to be used in a QuerySet of contributions.

    `is_whole` is for reading very many of them.
    """
    if field.question:
        answer = Answer(field.question, field.kind, for_staff=field.is_for_staff)
        # Where another category has given the same short name to the staff, its contributions have no value here.
        return Case(When(category__in=field.asked_by, then=answer)) if field.asked_by else answer
    if field.name == "photos":
        return PhotoAddresses(photo_base, is_whole=is_whole)
    if field.name == "created":
        return Second("created_at")
    if field.name in _REPLIES:
        return _of_newest_reply(field.name, field.kind, is_whole=is_whole)
    if field.name == "balance":
        return ExpressionWrapper(F("support_count") - F("opposition_count"), output_field=BigIntegerField())
    return F(_COLUMNS[field.name])


class Second(Func):
    """A moment without its fraction of a second, as all formats write it."""

    template = "date_trunc('second', %(expressions)s)"
    output_field = DateTimeField()


class NewestReply(Subquery):
    """The value of `column`, an expression on replies, for a contribution's newest reply; NULL where there is none.

    With `is_whole`, optimised for reading very many rows: see `_WHERE_ANY`.
    """

    def __init__(
        self, column: Expression | F, output_field: ModelField[Any, Any], *, is_whole: bool = False
    ) -> None:
        self.column = column
        self.is_whole = is_whole
        newest = Reply.objects.filter(contribution=OuterRef("pk")).order_by("-created_at", "-pk")
        super().__init__(newest.values(value=column)[:1], output_field=output_field)

    def as_sql(self, compiler: Any, connection: Any, *arguments: Any, **context: Any) -> tuple[str, Any]:
        """Test for existence of a reply first, where that is cheaper."""
        sql, params = super().as_sql(compiler, connection, *arguments, **context)
        if not self.is_whole:
            return sql, params
        column = f"{connection.ops.quote_name(Contribution._meta.db_table)}.id"  # noqa: SLF001 - Django's own way
        return _WHERE_ANY.format(table="mapping_reply", column=column, value=sql, none="NULL"), params


_REPLIES: Final[dict[str, Expression | F]] = {
    "reply_status": F("status"),
    "reply_text": F("text"),
    "reply_created": Second("created_at"),
}


@cache
def _of_newest_reply(name: str, kind: Kind, *, is_whole: bool) -> NewestReply:
    """Build the expression once, shared by campaigns and requests: building takes longer than a small query."""
    return NewestReply(_REPLIES[name], OUTPUT[kind](), is_whole=is_whole)
