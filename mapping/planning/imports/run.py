"""The import page, steps three and four: dry run and import with progress, and their results.

Each is one request that streams its response: as lines of JSON for the page's script, which shows a bar, or as
a page that grows and continues by itself. There is no silence, so that no proxy times out; closing the page stops the
import between two batches, and importing the same file again continues where it stopped.
"""

import csv
import json
import logging
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, Self, TextIO
from uuid import UUID

from django.db import DatabaseError
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from audit.actions import Action, Result
from audit.recording import record
from audit.ways import Through, current_way
from mapping import rules
from mapping.geo.formulas import guarded, guarded_unless_number
from mapping.imports.messages import field_in_words, file_sentence, note_sentence, row_sentence
from mapping.imports.problems import TableProblem
from mapping.imports.reading import uploads
from mapping.imports.reading.rows import Table
from mapping.imports.reading.uploads import Upload
from mapping.imports.rejections import ImportReport, RejectedRow, by_reason
from mapping.models import Campaign
from mapping.planning.access import frame, member, planners_only
from mapping.planning.imports.contributions import KINDS
from mapping.planning.imports.form import Given
from mapping.planning.imports.kinds import Job
from mapping.planning.imports.page import given_in, gone, mapping_page
from mapping.services.errors import DomainError, Invalid
from mapping.services.files.disks import disk_problem
from mapping.services.record import record_download
from mapping.wording import in_words_number

LINES: Final = "application/x-ndjson"
MOST_SHOWN: Final = 50
"""Most rejected rows on the page; all of them are in the table to download."""

_PLACE_FOR_STEPS: Final = "<!-- steps -->"
_log = logging.getLogger(__name__)

Event = Mapping[str, object]


@require_POST
@planners_only(rules.may_import)
def check(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponseBase:
    """Step three, the dry run: everything is validated as in the import, nothing is stored."""
    found = uploads.find(upload, member(request), campaign)
    if found is None or found.is_done:
        return gone(request, campaign)
    return _run(request, campaign, found, given_in(request.POST), dry_run=True)


@require_POST
@planners_only(rules.may_import)
def store(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponseBase:
    """Step four: the import with the values of the dry run."""
    found = uploads.find(upload, member(request), campaign)
    if found is None:
        return gone(request, campaign)
    if found.is_done or not found.outcome:
        return redirect("planning:import", slug=campaign.slug, upload=found.id)
    return _run(request, campaign, found, Given(found.given), dry_run=False)


@require_safe
@planners_only(rules.may_import)
def result(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """The result of a dry run, with the button to import; or the result of an import."""
    found = uploads.find(upload, member(request), campaign)
    if found is None:
        return gone(request, campaign)
    if not found.outcome:
        return redirect("planning:import", slug=campaign.slug, upload=found.id)
    outcome = found.outcome
    problem = outcome.get("problem")
    context = {
        **frame(request, campaign, "imports"),
        "kind": KINDS[found.kind],
        "upload": found,
        "outcome": outcome,
        "problem": _problem_in_words(problem) if isinstance(problem, list) else "",
        "notes": [(note_sentence(str(one["code"])), one["count"]) for one in _dicts(outcome.get("notes"))],
        "reasons": [(_words(one), one["count"]) for one in _dicts(outcome.get("reasons"))],
        "rows": _first_rejected(outcome),
        "may_store": not problem and bool(outcome.get("stored")) and not found.is_done,
        "has_table": found.rejected.is_file(),
        "step": 4 if found.is_done else 3,
    }
    return render(request, "planning/import_result.html", context)


@require_safe
@planners_only(rules.may_import)
def rejected(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponseBase:
    """The rejected rows with their reasons as CSV; formulas are escaped."""
    found = uploads.find(upload, member(request), campaign)
    if found is None:
        return gone(request, campaign)
    if not found.rejected.is_file():
        return redirect("planning:import", slug=campaign.slug, upload=found.id)
    record_download(request.user, campaign, "import-rejected")
    name = f"{campaign.slug}-rejected.csv"
    return FileResponse(
        found.rejected.open("rb"), as_attachment=True, filename=name, content_type="text/csv; charset=utf-8"
    )


def _run(
    request: HttpRequest, campaign: Campaign, upload: Upload, given: Given, *, dry_run: bool
) -> HttpResponseBase:
    """Run if the form has no errors; otherwise show the form again."""
    wrong = _errors(upload, campaign, member(request), given)
    if wrong:
        return mapping_page(request, campaign, upload, given, wrong)
    return _told(request, campaign, upload, given, dry_run=dry_run)


def _errors(upload: Upload, campaign: Campaign, user: User, given: Given) -> Mapping[str, str]:
    wrong = KINDS[upload.kind].errors(campaign, user, given)
    try:
        given.crs()
    except TableProblem as problem:
        wrong["crs"] = file_sentence(problem.code, problem.params)
    if bool(given.text("lon")) != bool(given.text("lat")):
        wrong["lon"] = _("Please choose both fields of the coordinates, or none.")
    return wrong


def _told(
    request: HttpRequest, campaign: Campaign, upload: Upload, given: Given, *, dry_run: bool
) -> StreamingHttpResponse:
    """Run and stream the progress."""
    language = get_language() or "de"
    events = _events(campaign, member(request), upload, given, dry_run=dry_run)
    if not dry_run:
        events = _recorded(events, campaign, member(request), upload, current_way())
    as_lines = LINES in request.headers.get("Accept", "")
    address = reverse("planning:import-result", args=(campaign.slug, upload.id))
    if as_lines:
        body: Iterator[str] = _lines(events, address)
    else:
        page = render_to_string(
            "planning/import_running.html",
            {**frame(request, campaign, "imports"), "upload": upload, "dry_run": dry_run},
            request,
        )
        body = _growing(events, page, address)
    response = StreamingHttpResponse(
        _in_language(body, language), content_type=LINES if as_lines else "text/html; charset=utf-8"
    )
    # No buffering: a proxy that collects the response would hold it until the end.
    response["X-Accel-Buffering"] = "no"
    return response


def _recorded(
    events: Iterator[Event], campaign: Campaign, user: User, upload: Upload, way: Through
) -> Iterator[Event]:
    """Record the import, whatever ends it: a page that is closed stops it between two batches.

    The body is made after the middleware has reset the way.
    """
    done = 0
    is_whole = False
    try:
        for event in events:
            done = int(str(event.get("done", done)))
            is_whole = is_whole or "end" in event
            yield event
    finally:
        record(
            *(user, Action.IMPORTED),
            campaign=campaign,
            view=upload.kind,
            result=Result.DONE if is_whole and upload.is_done else Result.FAILED,
            through=way,
            rows=done,
        )


def _in_language(body: Iterator[str], language: str) -> Iterator[str]:
    """Activate the language: the body is made after the middleware has reset it."""
    while True:
        with override(language):
            piece = next(body, None)
        if piece is None:
            return
        yield piece


def _events(
    campaign: Campaign, user: User, upload: Upload, given: Given, *, dry_run: bool
) -> Iterator[Event]:
    """Yield the number of processed rows, and at the end the stored result of the run."""
    report = ImportReport()
    job = Job(user, campaign, given, report, dry_run)
    problem: list[object] | None = None
    done = 0
    try:
        with upload.opened(given.reading()) as table:
            yield {"done": 0, "total": table.count}
            _require_rows(table)
            with Rejections(upload.rejected, table.fields) as rejections:
                report.sink = rejections.write
                for rows in KINDS[upload.kind].run(job, table):
                    done += rows
                    yield {"done": done, "total": table.count}
    except TableProblem as refused:
        problem = [refused.code, _json_safe(refused.params)]
    except Invalid as refused:
        sentences = [
            str(one.params.get("message", one.code)) for found in refused.fields.values() for one in found
        ]
        problem = ["refused", {"message": " ".join(sentences)}]
    except DomainError as refused:
        problem = [refused.code, _json_safe(refused.params)]
    except OSError as error:
        refused_by = disk_problem(error)
        if refused_by is None:
            raise
        _log.exception("import of kind %s", upload.kind)
        problem = [refused_by.code, {}]
    except DatabaseError:
        # Every row was validated; an error of the database is a bug of ours and belongs in the log.
        _log.exception("import of kind %s", upload.kind)
        problem = ["file_refused", {}]
    outcome = _outcome(job, problem)
    is_done = not dry_run and problem is None
    uploads.remember(
        upload,
        given={name: list(one) for name, one in given.values.items()},
        outcome=outcome,
        is_done=is_done,
    )
    yield {"end": True}


def _require_rows(table: Table) -> None:
    if not table.count:
        raise TableProblem("The file has no rows.", "file_without_rows")


def _outcome(job: Job, problem: list[object] | None) -> dict[str, object]:
    report = job.report
    codes = {(row.field, row.code): row.params for row in report.rejected}
    return {
        "dry_run": job.dry_run,
        "stored": report.stored,
        "known": report.known,
        "rejected": len(report.rejected),
        "categories": [
            [title, count, title in report.made] for title, count in report.categories.most_common()
        ],
        "reasons": [
            {"field": name, "code": code, "count": count, "params": _json_safe(codes[name, code])}
            for name, code, count in by_reason(report.rejected)
        ],
        "first": [
            {"number": row.number, "field": row.field, "code": row.code, "params": _json_safe(row.params)}
            for row in report.rejected[:MOST_SHOWN]
        ],
        "notes": [{"code": code, "count": count} for code, count in report.notes.most_common()],
        "facts": job.facts,
        "problem": problem,
    }


class Rejections:
    """Writes rejected rows with their fields as they occur; without any there is no table."""

    def __init__(self, path: Path, fields: tuple[str, ...]) -> None:
        self._path, self._fields = path, fields
        self._file: TextIO | None = None
        path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self._file is not None:
            self._file.close()

    def write(self, row: RejectedRow, fields: Mapping[str, object]) -> None:
        """Write one row; its message is in the language of the page."""
        if self._file is None:
            # The byte order mark makes spreadsheets read UTF-8.
            self._file = self._path.open("w", newline="", encoding="utf-8-sig")
            names = (_("Row of the file"), _("Field"), _("Reason"), _("What is wrong"))
            csv.writer(self._file).writerow([*names, *map(guarded, self._fields)])
        words = row_sentence(row.field, row.code, row.params)
        about = (row.number, guarded(row.field), row.code, guarded(words))
        csv.writer(self._file).writerow(
            [*about, *(guarded_unless_number(fields.get(name)) for name in self._fields)]
        )


def _lines(events: Iterator[Event], address: str) -> Iterator[str]:
    for event in events:
        yield json.dumps({"url": address} if "end" in event else dict(event)) + "\n"


def _growing(events: Iterator[Event], page: str, address: str) -> Iterator[str]:
    """A page that grows by a line per step and links to the result at its end, with an automatic redirect."""
    head, tail = page.split(_PLACE_FOR_STEPS)
    yield head
    for event in events:
        if "end" in event:
            yield format_html(
                '<p class="actions"><a class="button button--primary" href="{}">{}</a></p>'
                '<meta http-equiv="refresh" content="0; url={}">',
                address,
                _("See the result"),
                address,
            )
        else:
            words = _("%(done)s of %(total)s rows")
            numbers = {name: in_words_number(int(str(event[name]))) for name in ("done", "total")}
            yield format_html("<p>{}</p>\n", words % numbers)
    yield tail


def _problem_in_words(problem: list[object]) -> str:
    code, params = problem
    return file_sentence(str(code), params if isinstance(params, Mapping) else {})


def _first_rejected(outcome: Mapping[str, object]) -> list[tuple[int, str, str]]:
    """Row number, field and error message, in the order of the file."""
    return sorted(
        (int(str(one["number"])), field_in_words(str(one["field"])), _words(one))
        for one in _dicts(outcome.get("first"))
    )


def _words(one: Mapping[str, object]) -> str:
    params = one.get("params")
    return row_sentence(str(one["field"]), str(one["code"]), params if isinstance(params, Mapping) else {})


def _dicts(found: object) -> list[Mapping[str, object]]:
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _json_safe(params: Mapping[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | int | float) else str(value) for name, value in params.items()
    }
