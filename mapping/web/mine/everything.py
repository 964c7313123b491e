"""What a browser's person has in all campaigns, by the cookie alone: listed, and deleted at once or forgotten here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from mapping.services.own.erasing import erase_everything
from mapping.services.own.kinds import OWN_KINDS, Heading, OwnKind, OwnThing
from mapping.services.own.person import person_with
from mapping.visitor import known_secret, sign_out, signed_in_secrets
from mapping.web.mine.private import kept_private
from mapping.web.signing_in.call import campaigns_to_sign_in

SHOWN: Final = 200
"""Rows on the page, the newest ones."""
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Group:
    """What somebody has in one campaign, the newest first."""

    heading: Heading
    things: list[OwnThing] = field(default_factory=list)


@require_safe
def everything_mine(request: HttpRequest) -> HttpResponseBase:
    """The list; whoever has no cookie reads what would stand here."""
    things = list(chain.from_iterable(_things_of(request).values()))
    context = {
        "groups": grouped(things),
        "more": max(0, len(things) - SHOWN),
        "to_sign_in": campaigns_to_sign_in(request),
    }
    return kept_private(render(request, "mapping/mine/everything.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def delete_mine(request: HttpRequest) -> HttpResponseBase:
    """Ask once more; POST deletes everything (`action=delete`), or only forgets it in this browser (`action=forget`).

    The answer empties the browser's drafts by a script; it is no redirect, since a mere link must not do that. Sent
    again, it finds nothing.
    """
    if request.method != "POST":
        counted = [
            (kind.title, sum(one.number for one in things))
            for kind, things in _things_of(request).items()
            if things
        ]
        context = {"counted": counted, "is_known": _is_known(request)}
        return kept_private(render(request, "mapping/mine/delete.html", context))
    action = request.POST.get("action", "")
    if action not in {"delete", "forget"}:
        return kept_private(redirect("delete-mine"))
    if action == "delete" and _is_known(request):
        erase_everything(known_secret(request), signed_in_secrets(request))
    answer = render(request, "mapping/mine/forgotten.html", {"is_deleted": action == "delete"})
    answer.delete_cookie(settings.PARTICIPANT_COOKIE_NAME, samesite="Lax")
    sign_out(request, answer)
    return kept_private(answer)


def grouped(things: Sequence[OwnThing]) -> list[Group]:
    """The newest things under their headings, in the order of what was last done."""
    groups: dict[str, Group] = {}
    newest_first = sorted(things, key=lambda one: one.at or _LONG_AGO, reverse=True)
    for one in newest_first[:SHOWN]:
        groups.setdefault(one.under.address, Group(one.under)).things.append(one)
    return list(groups.values())


def _things_of(request: HttpRequest) -> Mapping[OwnKind, list[OwnThing]]:
    """By kind, in the order of the registry; empty for visitors without a cookie."""
    if not _is_known(request):
        return {}
    person = person_with(known_secret(request), get_language() or "", signed_in_secrets(request))
    return {kind: list(kind.things(person)) for kind in OWN_KINDS}


def _is_known(request: HttpRequest) -> bool:
    """Whether the browser has a cookie of its own, or is signed in anywhere."""
    return known_secret(request) is not None or bool(signed_in_secrets(request))
