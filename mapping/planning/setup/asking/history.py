"""Changes of categories and questions in words, for the history of a campaign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _

from mapping.models import Category, Question
from mapping.models.campaign import PlaceType
from mapping.questions import conditions
from mapping.services.setup import categories
from mapping.services.setup.asking import drafts
from mapping.services.setup.asking.rows import CHOICES, ROWS, stored_rows
from mapping.services.setup.changes import TRANSLATIONS

STEPS: Final[Mapping[str, type[models.Model]]] = {categories.STEP: Category, drafts.STEP: Question}
"""The steps whose changes are told here, and what they change."""
_LONGEST: Final = 160
_NO_WORDS: Final = frozenset({"slug", "position"})


def changed_values(
    step: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """Name, former and new value of each thing that a change of one of `STEPS` concerned."""
    model = STEPS[step]
    for name in dict.fromkeys([*before, *after]):
        if name in ("of", TRANSLATIONS):
            continue
        former, now = before.get(name), after.get(name)
        if name == "order":
            yield _("order"), _listed(former), _listed(now)
        elif isinstance(former, Mapping) and isinstance(now, Mapping):
            for field in now:
                if field not in _NO_WORDS and former.get(field) != now[field]:
                    title = f"“{now['title']}”, {_column(model, field).verbose_name}"
                    yield title, _words(model, field, former.get(field)), _words(model, field, now[field])
        else:
            named = model._meta.verbose_name  # noqa: SLF001 - documented
            name_in_words = _("deleted answers") if name == "removed_answers" else capfirst(str(named))
            yield name_in_words, _title(former), _title(now)


def _column(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    column = model._meta.get_field(name)  # noqa: SLF001 - documented
    assert isinstance(column, models.Field)  # noqa: S101 - for the type checker: no relation from elsewhere is noted
    return column


def _title(value: object) -> str:
    return str(value.get("title", "")) if isinstance(value, Mapping) else str(value or "")


def _listed(value: object) -> str:
    return _short(", ".join(str(title) for _name, title in value)) if isinstance(value, list) else ""


def _words(model: type[models.Model], field: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if field == "show_if":
        return _short(conditions.in_words(value or {}, {}))
    if field == "options" and isinstance(value, Mapping):
        return _short("; ".join(_options(value)))
    if field == "geometry_types" and isinstance(value, list):
        return ", ".join(str(PlaceType(one).label) for one in value if one in PlaceType.values)
    choices = dict(getattr(_column(model, field), "flatchoices", ()) or ())
    return _short(str(choices.get(value, value)))


def _options(options: Mapping[str, Any]) -> Iterator[str]:
    for which in (ROWS, CHOICES):
        titles = ", ".join(row.title for row in stored_rows(options, which))
        if titles:
            yield titles
    for name in ("minimum", "maximum", "minimum_title", "maximum_title", "unit"):
        if options.get(name) not in (None, ""):
            yield str(options[name])


def _short(words: str) -> str:
    return Truncator(words).chars(_LONGEST)
