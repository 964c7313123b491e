"""The step of votes in the setup of campaigns, and its changes in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from mapping.planning.setup.frame import Step, Values
from voting.models import Vote
from voting.services.setup.votes import STEP

_LONGEST: Final = 160
Words = tuple[str, str, str]
"""Name, former and new value."""


def _changed_values(before: Values, after: Values) -> Iterator[Words]:
    for key in dict.fromkeys([*before, *after]):
        kind, _space, title = key.partition(" ")
        former, now = before.get(key), after.get(key)
        if kind == "merged":
            yield _("“%(title)s”, merged into") % {"title": title}, str(former or ""), str(now or "")
        elif isinstance(former, Mapping) and isinstance(now, Mapping):
            words = _of_vote if kind == "vote" else _of_option
            for name in now:
                if former.get(name) != now[name] and name not in _NO_WORDS:
                    label, value = words(name, former.get(name)), words(name, now[name])
                    yield f"“{now.get('title', title)}”, {label[0]}", label[1], value[1]
        else:
            named = _("Voting") if kind == "vote" else _("Proposal")
            yield named, _title(former, title), _title(now, title)


_NO_WORDS: Final = frozenset({"id", "category"})


def _title(values: object, title: str) -> str:
    return "" if values is None else title


def _of_vote(name: str, value: Any) -> tuple[str, str]:
    """The name of a value of a vote, and the value in words."""
    if name == "title":
        return _("title"), str(value)
    field = next(one for one in Vote._meta.fields if one.name == name)  # noqa: SLF001 - documented
    if isinstance(value, bool):
        return str(field.verbose_name), _("yes") if value else _("no")
    choices = dict(field.flatchoices) if field.choices else {}
    return str(field.verbose_name), _short(choices.get(value, value))


def _of_option(name: str, value: Any) -> tuple[str, str]:
    names = {"title": _("title"), "text": _("text"), "cost": _("cost in euros"), "withdrawn": _("withdrawn")}
    return names.get(name, name), _short(value)


def _short(value: object) -> str:
    return "" if value is None else Truncator(capfirst(str(value))).chars(_LONGEST)


VOTES: Final = Step(STEP, 45, pgettext_lazy("step", "Votes"), "voting-planning:setup", _changed_values)
