"""Data that can accompany contributions: comments, replies of the city, opinions by day.

As tables of their own, and as attributes of a contribution for formats that have one table only. Both go through the
gate: public selections get only what is published on public contributions; staff get published comments, all
replies and opinions on the contributions that they selected. The identity of supporters is never included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, DateField, F, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, JSONObject, TruncDate
from django.utils.translation import gettext_lazy as _

from mapping.exports.fields import EXTRA_FIELDS, Choice, Field
from mapping.exports.registry import EXTRAS, Extra
from mapping.exports.selection import Selection
from mapping.exports.sources import Source, contributions_source
from mapping.exports.values import Second
from mapping.models import Comment, Reply, ReplyStatus, Support

_CONTRIBUTION: Final = Field("contribution", _("Id of the contribution"), "text", is_always_there=True)
_COMMENT: Final = Field("comment", _("Id of the comment"), "text", is_always_there=True)
_PARENT: Final = Field("parent", _("Id of the comment that it answers"), "text", is_always_there=True)
_CREATED: Final = Field("created", _("Sent"), "datetime", is_always_there=True)
_TEXT: Final = Field("text", _("Text"), "text", is_always_there=True)
_REPLY_STATUS: Final = Field(
    "status",
    _("Status of the city's reply"),
    "text",
    choices=tuple(Choice(str(value), title) for value, title in ReplyStatus.choices),
    is_always_there=True,
)
_DAY: Final = Field("day", _("Day"), "text", is_always_there=True)
_SUPPORT: Final = Field("support", _("Support"), "integer", minimum=0, is_always_there=True)
_FAVOUR: Final = Field("support", _("In favour"), "integer", minimum=0, is_always_there=True)
_AGAINST: Final = Field("opposition", _("Against"), "integer", minimum=0, is_always_there=True)


def extra_source(extra: Extra, selection: Selection) -> Source:
    """One table of accompanying data of a selection, in chronological order."""
    rows = _rows(extra, selection).filter(contribution__in=selection.contributions().order_by().values("pk"))
    return _SOURCES[extra](rows)


def with_extras(selection: Selection, photo_base: str, include: Iterable[Extra]) -> Source:
    """The contributions of a selection, with accompanying data as lists of objects in further attributes."""
    source = contributions_source(selection, photo_base, is_whole=True)
    chosen = [extra for extra in EXTRAS if extra in include]
    return replace(
        source,
        fields=(*source.fields, *(EXTRA_FIELDS[extra] for extra in chosen)),
        values={**source.values, **{EXTRA_FIELDS[one].name: _objects(one, selection) for one in chosen}},
    )


def _rows(extra: Extra, selection: Selection) -> QuerySet[Any, Any]:
    is_public = selection.statuses is None
    if extra == "comments":
        comments = Comment.objects.all()
        return comments.published() if is_public else comments.accepted()
    if extra == "replies":
        replies = Reply.objects.all()
        return replies.published() if is_public else replies
    opinions = Support.objects.all()
    return opinions.published() if is_public else opinions


def _comments(rows: QuerySet[Any, Any]) -> Source:
    return Source(
        rows=rows.order_by("created_at", "pk"),
        fields=_FIELDS["comments"],
        values={"contribution": F("contribution_id"), **_COMMENT_VALUES},
        identifier="id",
        place="",
        order=(),
    )


def _replies(rows: QuerySet[Any, Any]) -> Source:
    return Source(
        rows=rows.order_by("created_at", "pk"),
        fields=_FIELDS["replies"],
        values={
            "contribution": F("contribution_id"),
            "created": Second("created_at"),
            "status": F("status"),
            "text": F("text"),
        },
        identifier="id",
        place="",
        order=(),
    )


def _opinions(rows: QuerySet[Any, Any]) -> Source:
    counted = _by_day(rows).order_by("contribution_id", "on_day")
    return Source(
        rows=counted,
        fields=_FIELDS["support"],
        values={
            "contribution": F("contribution_id"),
            "day": Cast("on_day", TextField()),
            "support": F("in_favour"),
            "opposition": F("against"),
        },
        identifier="",
        place="",
        order=(),
    )


def _by_day(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """Opinions counted by contribution and local day."""
    counted: QuerySet[Any, Any] = (
        rows.annotate(on_day=TruncDate("created_at", output_field=DateField()))
        .order_by()
        .values("contribution_id", "on_day")
        .annotate(
            in_favour=Count("pk", filter=Q(value__gt=0)),
            against=Count("pk", filter=Q(value__lt=0)),
        )
    )
    return counted


def _objects(extra: Extra, selection: Selection) -> ArraySubquery:
    rows = _rows(extra, selection).filter(contribution=OuterRef("pk"))
    if extra == "support":
        counted = _by_day(rows).annotate(
            object=JSONObject(
                day=Cast("on_day", CharField()), support=F("in_favour"), opposition=F("against")
            )
        )
        return ArraySubquery(counted.order_by("on_day").values("object"))
    members: dict[str, Any] = {"created": Second("created_at"), "text": F("text")}
    if extra == "replies":
        members["status"] = F("status")
    else:
        members = dict(_COMMENT_VALUES)
    return ArraySubquery(rows.order_by("created_at", "pk").values(object=JSONObject(**members)))


_COMMENT_VALUES: Final[Mapping[str, Any]] = {
    "comment": Cast("public_id", TextField()),
    # Of a comment that is not public (any more) nothing is shown, not even its id.
    "parent": Cast(
        Subquery(Comment.objects.accepted().filter(pk=OuterRef("parent")).values("public_id")[:1]),
        TextField(),
    ),
    "created": Second("created_at"),
    "text": F("text"),
    "support": F("support_count"),
}
_FIELDS: Final[Mapping[Extra, tuple[Field, ...]]] = {
    "comments": (_CONTRIBUTION, _COMMENT, _PARENT, _CREATED, _TEXT, _SUPPORT),
    "replies": (_CONTRIBUTION, _CREATED, _REPLY_STATUS, _TEXT),
    "support": (_CONTRIBUTION, _DAY, _FAVOUR, _AGAINST),
}
_SOURCES: Final[Mapping[Extra, Callable[[QuerySet[Any, Any]], Source]]] = {
    "comments": _comments,
    "replies": _replies,
    "support": _opinions,
}
