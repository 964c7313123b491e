"""Pages that are kept for visitors whom nothing tells apart, as long as the database has not changed at all.

A page is kept under the snapshot that PostgreSQL reads from: its text names all transactions that are visible, hence
two equal ones read the same rows. Any committed write gives another one, so that no list of tables can be incomplete.
A page ends with the next moment at which the clock changes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Final, TypeAlias

from cachetools import LRUCache
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from mapping.http.answers import encode, entity_tag, unless_known
from mapping.http.compression import chosen_coding
from mapping.http.kept import kept_answers
from mapping.models import Change
from mapping.web.languages import COOKIE as CONTENT_LANGUAGE

LONGEST: Final = timedelta(seconds=15)
"""A page is made anew at the latest after this time: for numbers that are counted once a minute, and for moments of the
clock that no section names."""
_LONGEST_QUERY: Final = 100
_MOST_TURNS: Final = 64

NextChange: TypeAlias = Callable[[datetime], datetime | None]
"""The first moment after another one at which the clock changes a page."""
_View: TypeAlias = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True, slots=True)
class _Made:
    body: bytes
    headers: dict[str, str]


class _Turn:
    """One page at a time is made; who waits takes the one that was begun after the waiting began."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begun = 0.0
        self._made: _Made | None = None

    def take(self, arrived: float, make: Callable[[], HttpResponse]) -> HttpResponse:
        with self._lock:
            if self._made is not None and self._begun >= arrived:
                return HttpResponse(self._made.body, headers=self._made.headers)
            begun = monotonic()
            response = make()
            if response.status_code == 200:
                self._begun, self._made = begun, _Made(response.content, dict(response.headers))
            return response


_turns: Final[LRUCache[tuple[object, ...], _Turn]] = LRUCache(_MOST_TURNS)
_ends: Final[LRUCache[tuple[object, ...], datetime]] = LRUCache(_MOST_TURNS)
_lock: Final = Lock()


def kept_page(
    changes: NextChange, parameters: Iterable[str] = ()
) -> Callable[[_View], Callable[..., HttpResponseBase]]:
    """Keep a view's page for everybody who has none of the cookies that change pages, and answer 304 where it is known.

    The address may have only the named query parameters. The view must not read anything of the request but these, the
    language, the host, and what tells staff and kiosks from others.
    """
    known = frozenset(parameters)

    def keep(view: _View) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def answer(request: HttpRequest) -> HttpResponseBase:
            if not _is_for_everybody(request, known):
                return view(request)
            state = _state(view.__name__, changes)
            if state is None:
                return view(request)
            # After the state was read: a page that was begun from now on holds all that this state does.
            arrived = monotonic()
            coding = chosen_coding(request.headers.get("Accept-Encoding", ""))
            variant = (
                "page",
                request.get_full_path(),
                request.get_host(),
                request.scheme,
                getattr(request, "LANGUAGE_CODE", ""),
                coding,
            )
            turn = _turn(variant)
            response = kept_answers.answer(
                (*variant, *state), lambda: turn.take(arrived, lambda: _shared(view(request), coding))
            )
            return unless_known(request, response)

        return answer

    return keep


def forget() -> None:
    """Forget which pages were made, for tests."""
    with _lock:
        _turns.clear()
        _ends.clear()


def _is_for_everybody(request: HttpRequest, parameters: frozenset[str]) -> bool:
    # A list of what is harmless: a session may be of staff, a kiosk has other pages, messages are for one person.
    harmless = {
        settings.LANGUAGE_COOKIE_NAME,
        settings.PARTICIPANT_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
        settings.POSITION_COOKIE_NAME,
        CONTENT_LANGUAGE,
    }
    query = request.META.get("QUERY_STRING", "")
    return (
        request.COOKIES.keys() <= harmless and len(query) <= _LONGEST_QUERY and set(request.GET) <= parameters
    )


def _state(name: str, changes: NextChange) -> tuple[object, ...] | None:
    """What names the rows that are read now, and the moment until which they mean the same; None within a write."""
    rows = Change.objects.snapshot()
    if rows is None:
        return None
    now = timezone.now()
    key = (name, *rows)
    with _lock:
        end = _ends.get(key)
    if end is None or end <= now or end - now > LONGEST:
        step = LONGEST.total_seconds()
        latest = datetime.fromtimestamp((now.timestamp() // step + 1) * step, UTC)
        end = min(latest, changes(now) or latest)
        with _lock:
            _ends[key] = end
    return (*rows, end)


def _turn(variant: tuple[object, ...]) -> _Turn:
    with _lock:
        turn = _turns.get(variant)
        if turn is None:
            turn = _turns[variant] = _Turn()
        return turn


def _shared(response: HttpResponse, coding: str | None) -> HttpResponse:
    """The page with its validator, compressed: it holds nothing that belongs to one person."""
    if response.status_code != 200:
        return response
    encode(response, coding)
    response["ETag"] = entity_tag(response)
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Cookie"])
    return response
