"""What the site says about data protection, kept version by version: which one held follows from the time.

Texts stand in templates and on the city's page. A job compares them with the newest version and keeps what changed, so
that nothing has to be stored with people. Apps above enter their texts in `WORDINGS`.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.html import strip_tags

from doors.providers.openid import citizens_provider
from mapping.models import Campaign, Moderation, Publication, Wording, WordingKind
from mapping.models.setup.profile import current_city
from mapping.registry import Registry

_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n\s*")


@dataclass(frozen=True, eq=False)
class WordingSource:
    """A text of the site; `text` makes it in the active language, without markup. `name` is a `WordingKind`."""

    name: str
    text: Callable[[], str]


@dataclass(frozen=True, slots=True)
class Versions:
    """A kind of text with its versions, the newest first."""

    title: str
    versions: list[Wording]


WORDINGS: Final[Registry[WordingSource]] = Registry("wording")


def rendered(template: str, **context: object) -> str:
    """A template as plain text: one line for each block."""
    text = html.unescape(strip_tags(render_to_string(template, context)))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()


def note_wordings(at: datetime | None = None) -> int:
    """Keep each text that differs from its newest version; returns their number. Idempotent."""
    number = 0
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            number += sum(_note(source, language, at or timezone.now()) for source in WORDINGS)
    return number


def wording_at(kind: str, language: str, moment: datetime) -> Wording | None:
    """The version that held at a moment; None before the first one."""
    found = Wording.objects.filter(kind=kind, language=language, since__lte=moment)
    return found.order_by("-number").first()


def versions(language: str) -> list[Versions]:
    """All versions of all kinds in a language, the newest first. One query."""
    found = list(Wording.objects.filter(language=language).order_by("-number"))
    return [
        Versions(str(kind.label), [one for one in found if one.kind == kind.value]) for kind in WordingKind
    ]


def _note(source: WordingSource, language: str, at: datetime) -> bool:
    text = source.text()
    digest = hashlib.sha256(text.encode()).digest()
    newest = Wording.objects.filter(kind=source.name, language=language).order_by("-number").first()
    if newest is not None and bytes(newest.digest) == digest:
        return False
    number = 1 if newest is None else newest.number + 1
    try:
        with transaction.atomic():
            Wording.objects.create(
                kind=source.name, language=language, number=number, text=text, digest=digest, since=at
            )
    except IntegrityError:
        return False  # another worker kept it in the same moment
    return True


def privacy_values() -> dict[str, object]:
    """What the text about privacy says of this site's settings."""
    provider = citizens_provider()
    return {
        "cookie_days": settings.PARTICIPANT_COOKIE_DAYS,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "session_cookie": settings.SESSION_COOKIE_NAME,
        "hours": settings.CITIZEN_SIGN_IN_HOURS,
        "provider": None if provider is None else provider.name,
        "has_replicas": bool(settings.REPLICAS),
    }


def _privacy() -> str:
    city = current_city()
    return rendered(
        "pages/privacy_text.html",
        city=city,
        city_name=city.name,
        city_contact=city.contact,
        **privacy_values(),
    )


def _sending() -> str:
    """The sentences of all kinds of campaigns, one after the other, and that of surveys."""
    kinds = (
        Campaign(publication=Publication.CELLS),
        Campaign(publication=Publication.POINTS, moderation=Moderation.PRE),
        Campaign(publication=Publication.POINTS, moderation=Moderation.POST),
    )
    sentences = [rendered("mapping/campaign/sending.html", campaign=one) for one in kinds]
    return "\n".join([*sentences, rendered("mapping/survey/sending.html")])


OWN: Final = (
    WordingSource(WordingKind.PRIVACY.value, _privacy),
    WordingSource(WordingKind.SENDING.value, _sending),
)
