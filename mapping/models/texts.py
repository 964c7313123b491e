"""Columns for what staff write and everybody reads: no character of it disguises what it says.

Whatever way a text takes (admin, services, imports, `update`), its column takes the unseen characters out. Texts of
citizens are cleaned by the services, which also tell how long they may be (`geo.text`).
"""

from collections.abc import Mapping
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db import models

from mapping.geo.unseen import undisguised

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
else:
    _Field = object


class _Plain(_Field):
    """What the columns share; to migrations each is Django's field that it comes from."""

    stands_for: str

    def to_python(self, value: Any) -> Any:
        """Without unseen characters; for lines and texts also what is compared with the column."""
        return undisguised_within(super().to_python(value))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Let the instance hold what is stored."""
        value = undisguised_within(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        """Django's own field."""
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.stands_for}", args, kwargs


if TYPE_CHECKING:
    # What django-stubs knows of Django's own columns is true of these.
    from django.db.models import CharField as PlainLine
    from django.db.models import JSONField as PlainJSON
    from django.db.models import TextField as PlainText
else:

    class PlainLine(_Plain, models.CharField):
        """A line of text."""

        stands_for = "CharField"

    class PlainText(_Plain, models.TextField):
        """A text of several lines."""

        stands_for = "TextField"

    class PlainJSON(_Plain, models.JSONField):
        """JSON with texts, the names of its members among them."""

        stands_for = "JSONField"


def undisguised_within(value: Any) -> Any:
    """Every text within a value without unseen characters."""
    if isinstance(value, str):
        return undisguised(value)
    if isinstance(value, Mapping):
        return {undisguised(name): undisguised_within(one) for name, one in value.items()}
    if isinstance(value, list):
        return [undisguised_within(one) for one in value]
    return value


def holding_words(words: str, *columns: str) -> models.Q:
    """The condition that some columns contain all of some words, in any case and order; each word in any of them."""
    found = models.Q()
    for word in words.split():
        found &= reduce(or_, (models.Q(**{f"{column}__icontains": word}) for column in columns))
    return found


__all__ = ["PlainJSON", "PlainLine", "PlainText", "holding_words"]
