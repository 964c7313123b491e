"""What the pages of a text share: the campaign as it is read, the version, and what people may do at the moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from mapping import rules
from mapping.languages import language_of
from mapping.models import Contribution
from mapping.translated.reading import LanguageText
from mapping.web.languages import switch_of
from mapping.web.phases import phases_of
from mapping.web.signing_in.call import call_of
from texts.rules import may_read_waiting_comments
from texts.web.lookup import ReadText


@dataclass(frozen=True, slots=True)
class Allowed:
    """What people may do with the sections of a text at a moment."""

    comment: bool
    support: bool
    oppose: bool


def allowed_in(read: ReadText, at: datetime) -> Allowed:
    """The same for all sections: each is public, or none is. Earlier versions and drafts are only read."""
    sections = read.shown.sections
    sample: Contribution | None = sections[0].contribution if sections else None
    if sample is None or not read.shown.is_newest:
        return Allowed(comment=False, support=False, oppose=False)
    return Allowed(
        comment=rules.may_comment(sample, at),
        support=rules.may_support(sample, at),
        oppose=rules.may_support(sample, at, -1),
    )


def frame_of(request: HttpRequest, read: ReadText) -> Mapping[str, Any]:
    """The context of every page of a text."""
    now = timezone.now()
    sign_in = call_of(request, read.campaign)
    may = allowed_in(read, now)
    if sign_in is not None and sign_in.is_needed:
        may = Allowed(comment=False, support=False, oppose=False)
    return {
        "campaign": read.reading.campaign,
        "languages": switch_of(request, read.reading),
        "category": read.category,
        "shown": read.shown,
        "language": LanguageText(read.campaign.language, language_of(read.campaign.language)),
        "may": may,
        "sign_in": sign_in,
        "phases": phases_of(read.reading, now) if read.shown.is_newest else None,
        "status": read.campaign.status_at(now),
        "may_read_waiting": may_read_waiting_comments(request.user, read.campaign),
    }
