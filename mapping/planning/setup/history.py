"""Who changed what when, and the way back from the last change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Role
from mapping import rules
from mapping.languages import TAGS, language_of
from mapping.models import Action, Campaign, CampaignChange
from mapping.models.setup.history import SetupChange, for_lists, listed
from mapping.planning.access import member, planners_only
from mapping.planning.setup.asking import history as asking
from mapping.planning.setup.frame import STEPS, setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup import changes, translating, undoing
from mapping.services.setup.changes import TRANSLATIONS
from mapping.services.setup.templates import template_named
from mapping.services.surveys import comparing
from mapping.wording import in_words_end, in_words_moment

ON_A_PAGE: Final = 50
LONGEST: Final = 160
"""Characters of a value."""
_TITLES: Final[dict[str, str | Promise]] = {
    "new": gettext_lazy("Made"),
    "picture": gettext_lazy("Texts and picture"),
    comparing.STEP: gettext_lazy("Comparison"),
    translating.STEP: gettext_lazy("Translations"),
}
_NAMES: Final[dict[str, str | Promise]] = {
    "template": gettext_lazy("template"),
    "copy_of": gettext_lazy("copy of"),
    "alt": gettext_lazy("alternative text"),
    "member": gettext_lazy("person"),
    "role": gettext_lazy("role"),
    "invitation": gettext_lazy("invitation link"),
    "invited_by": gettext_lazy("invited by"),
    "question": gettext_lazy("question"),
    "groups": gettext_lazy("groups"),
    "choices": gettext_lazy("choices of the groups"),
    "source": gettext_lazy("source"),
    "is_public_comparison": gettext_lazy("shown beside the public results"),
    changes.PHASES: gettext_lazy("phases"),
}
_LONGEST_NAME: Final = 60
_MOST_TEXTS: Final = 10
"""Translations of one change that are shown."""
_UNNAMED: Final = frozenset({"area", "picture", "district_layer", "choices"})
"""Values that are no words: only that they changed is shown."""


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value in words, before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownChange:
    """A change in words."""

    change: SetupChange
    step: str
    values: list[ShownValue]
    is_undoable: bool


@require_safe
@planners_only(rules.may_manage)
def history(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """All changes, the newest first."""
    found = CampaignChange.objects.filter(campaign=campaign).select_related("actor", "undone_by")
    page = Paginator(for_lists(found), ON_A_PAGE).get_page(request.GET.get("page"))
    last = undoing.undoable(campaign)
    return render(
        request,
        "planning/setup/history.html",
        {
            **setup_frame(request, campaign, ""),
            "page": page,
            "changes": [
                ShownChange(
                    one,
                    _title(one.step),
                    list(_values(one)),
                    is_undoable=last is not None and one.pk == last.pk,
                )
                for one in listed(page)
            ],
        },
    )


@require_POST
@planners_only(rules.may_manage)
def undo(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Take back the change that the form names, if it is still the last one."""
    number = request.POST.get("change", "")
    try:
        undoing.undo(campaign, member(request), int(number) if number.isdecimal() and len(number) < 18 else 0)
    except DomainError as error:
        messages.error(request, sentence(error.code, error.params))
    else:
        messages.success(request, _("The change is taken back."))
    return redirect("planning:setup-history", slug=campaign.slug)


def _title(name: str) -> str:
    step = STEPS.named(name)
    return str(_TITLES.get(name, name) if step is None else step.title)


def _values(change: CampaignChange) -> Iterator[ShownValue]:
    step = STEPS.named(change.step)
    if step is not None and step.changed_values is not None:
        yield from (ShownValue(*words) for words in step.changed_values(change.before, change.after))
        return
    if change.step in asking.STEPS:
        yield from (
            ShownValue(*words) for words in asking.changed_values(change.step, change.before, change.after)
        )
        return
    if change.step == translating.STEP:
        yield from _translations(change)
        return
    for name in dict.fromkeys([*change.before, *change.after]):
        if name == TRANSLATIONS:
            continue
        is_shown = name not in _UNNAMED
        yield ShownValue(
            _name(name),
            _in_words(name, change.before.get(name)) if is_shown else "",
            _in_words(name, change.after.get(name)) if is_shown else "",
        )


def _translations(change: SetupChange) -> Iterator[ShownValue]:
    """The first translations of a change, named by their originals; a file brings hundreds."""
    before, after = change.before["texts"], change.after["texts"]
    language = _language(change.after["language"])
    for name in list(after)[:_MOST_TEXTS]:
        former, now = before.get(name), after[name]
        title = Truncator((now or former or ["", ""])[1]).chars(_LONGEST_NAME)
        texts = (Truncator(pair[0] if pair else "").chars(LONGEST) for pair in (former, now))
        yield ShownValue(f"{language}, “{title}”", *texts)
    if (more := len(after) - _MOST_TEXTS) > 0:
        words = ngettext("%(number)s more text", "%(number)s more texts", more) % {"number": more}
        yield ShownValue(f"{language}, {words}", "", "")


def _language(tag: object) -> str:
    return str(language_of(str(tag)).name) if tag in TAGS else str(tag)


def _name(name: str) -> str:
    if name in _NAMES:
        return str(_NAMES[name])
    names = {field.name: field.verbose_name for field in Campaign._meta.fields}  # noqa: SLF001 - documented
    return str(names.get(name, name))


def _in_words(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name in {"language", "languages"}:
        return ", ".join(_language(one) for one in (value if isinstance(value, list) else [value]))
    if name == "embed_origins" and isinstance(value, list):
        value = ", ".join(value)
    if name in {"role", "invitation"}:
        return str(Role(value).label) if value in Role.values else str(value)
    if name == changes.PHASES and isinstance(value, list):
        return "; ".join(_phase(one) for one in value)
    if name in {"opens_at", "closes_at"}:
        moment = parse_datetime(str(value))
        return _moment(name, moment)
    if name == "template":
        found = template_named(str(value))
        return str(value if found is None else found.title)
    field = next((one for one in Campaign._meta.fields if one.name == name), None)  # noqa: SLF001 - documented
    choices = dict(field.flatchoices) if field is not None and field.choices else {}
    return Truncator(str(choices.get(value, value))).chars(LONGEST)


def _moment(name: str, moment: datetime | None) -> str:
    if moment is None:
        return ""
    return in_words_end(moment) if name == "closes_at" else in_words_moment(moment)


def _phase(value: dict[str, Any]) -> str:
    names = ("opens_at", "closes_at")
    span = " – ".join(_moment(name, parse_datetime(str(value.get(name, "")))) for name in names)
    may = ", ".join(str(Action(one).label) for one in value.get("allows", []) if one in Action.values)
    return f"{value.get('title', '')} ({span}{': ' if may else ''}{may})"
