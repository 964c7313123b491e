"""The values of attributes in SQL, typed: for filters, for sorting and for the columns of tables."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from django.contrib.postgres.fields import ArrayField
from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    Expression,
    F,
    FloatField,
    Func,
    OuterRef,
    Subquery,
    TextField,
    Value,
)
from django.db.models import (
    Field as ModelField,
)

from mapping.exports.fields import Field, Kind
from mapping.models import Reply

# An answer of another kind than its question's (the question was changed later) has no value.
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
"""Django's field of each kind."""

_COLUMNS: Final = {
    "category": "category__slug",
    "text": "text",
    "status": "status",
    "source": "source",
    "support": "support_count",
    "opposition": "opposition_count",
    "comments": "comment_count",
}


class Answer(Func):
    """The answer to a question as a value of its kind; NULL where it was not given."""

    arity = 2

    def __init__(self, question: str, kind: Kind) -> None:
        self.kind = kind
        super().__init__(F("answers"), Value(question), output_field=OUTPUT[kind]())

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Name the answer as often as the template does, its slug each time as a parameter."""
        answers, slug = self.get_source_expressions()
        column, _none = compiler.compile(answers)
        if self.kind == "text":
            return f"({column} ->> %s)", [slug.value]
        template = _TEMPLATES[self.kind].format(f"{column} -> %s")
        return template, [slug.value] * template.count("%s")


class PhotoAddresses(Func):
    """The addresses of a contribution's photos as an array of texts, in their order; empty where there are none.

    `photo_base` goes before a photo's number.
    """

    def __init__(self, photo_base: str) -> None:
        self.photo_base = photo_base
        super().__init__(F("id"), output_field=ArrayField(TextField()))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override] # noqa: ARG002
        """Write the address of each photo."""
        [contribution] = self.get_source_expressions()
        column, _none = compiler.compile(contribution)
        return (
            "ARRAY(SELECT %s::text || photo.id || '.jpg' FROM mapping_photo photo"
            f" WHERE photo.contribution_id = {column} ORDER BY photo.position)"
        ), [self.photo_base]


def value_of(field: Field, photo_base: str = "") -> Expression | F | Subquery:
    """Return the typed value of an attribute, to be used in a QuerySet of contributions."""
    if field.question:
        return Answer(field.question, field.kind)
    if field.name == "photos":
        return PhotoAddresses(photo_base)
    if field.name == "created":
        return Second("created_at")
    if field.name in _REPLIES:
        return _of_newest_reply(field.name, field.kind)
    return F(_COLUMNS[field.name])


class Second(Func):
    """A moment without its fraction of a second, as all formats write it."""

    template = "date_trunc('second', %(expressions)s)"
    output_field = DateTimeField()


class NewestReply(Subquery):
    """What `column`, an expression on replies, says of a contribution's newest one; NULL where there is none."""

    def __init__(self, column: Expression | F, output_field: ModelField[Any, Any]) -> None:
        self.column = column
        newest = Reply.objects.filter(contribution=OuterRef("pk")).order_by("-created_at", "-pk")
        super().__init__(newest.values(value=column)[:1], output_field=output_field)


_REPLIES: Final[dict[str, Expression | F]] = {
    "reply_status": F("status"),
    "reply_text": F("text"),
    "reply_created": Second("created_at"),
}


@cache
def _of_newest_reply(name: str, kind: Kind) -> NewestReply:
    """The same expression for every campaign and request: making one takes longer than a small query."""
    return NewestReply(_REPLIES[name], OUTPUT[kind]())
