"""The audit log as a file: CSV for spreadsheets, lines of JSON for log systems. Times are in UTC."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import UTC
from typing import Final

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override
from django.views.decorators.http import require_safe

from accounts.models import User
from audit.models import Entry
from audit.recording import Action, record
from doors.signin.again import fresh
from mapping.geo.formulas import guarded
from mapping.planning.audit.page import auditors_only
from mapping.planning.audit.searching import SearchForm, all_of
from mapping.planning.ways import sections_for

COLUMNS: Final = (
    *("at", "user", "email", "action", "words", "result", "campaign", "campaign_id"),
    *("kind", "key", "view", "way", "through", "details"),
)
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "ndjson": "application/x-ndjson"}


class _Line:
    """A file for `csv.writer` that returns what is written."""

    def write(self, line: str) -> str:
        return line


@require_safe
@auditors_only
@fresh
def file(request: HttpRequest, auditor: User, ending: str) -> HttpResponseBase:
    """All entries that the page's form finds; each download is recorded."""
    form = SearchForm(request.GET)
    if not form.is_valid():
        context = {"form": form, "sections": sections_for(auditor, "audit")}
        return render(request, "planning/audit.html", context, status=422)
    record(auditor, Action.LOG_EXPORTED, format=ending)
    entries = all_of(form.entries())
    answer = StreamingHttpResponse(
        _csv(entries) if ending == "csv" else _lines(entries), content_type=_TYPES[ending]
    )
    day = timezone.localdate().isoformat()
    answer.headers["Content-Disposition"] = f'attachment; filename="audit-{day}.{ending}"'
    return answer


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    """RFC 4180 with a mark of the order of bytes, for spreadsheets; formulas are escaped."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(COLUMNS)
    for entry in entries:
        found = _values(entry)
        found["details"] = json.dumps(found["details"], ensure_ascii=False) if found["details"] else ""
        yield writer.writerow([guarded("" if found[name] is None else str(found[name])) for name in COLUMNS])


def _lines(entries: Iterator[Entry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(_values(entry), ensure_ascii=False) + "\n"


def _values(entry: Entry) -> dict[str, object]:
    """An entry by column; sentences in English, as files are read by programs."""
    with override("en"):
        words = entry.sentence
    campaign = entry.campaign_id and _slug(entry)
    return {
        "at": entry.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "user": entry.user_id,
        "email": entry.user.email if entry.user is not None else "",
        "action": entry.action,
        "words": words,
        "result": entry.result,
        "campaign": campaign or "",
        "campaign_id": entry.campaign_id,
        "kind": entry.kind,
        "key": entry.key,
        "view": entry.view,
        "way": entry.way,
        "through": entry.through,
        "details": entry.details,
    }


def _slug(entry: Entry) -> str:
    """The short name of a campaign, or nothing where it was deleted."""
    return entry.campaign.slug if entry.campaign is not None else ""
