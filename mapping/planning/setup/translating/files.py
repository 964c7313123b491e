"""The table of translations as a file for translators, there and back."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from mapping import rules
from mapping.exports.translations import Line, csv_of, workbook_of
from mapping.forms.files import lost_upload, takes_files
from mapping.imports.messages import file_sentence
from mapping.imports.problems import TableProblem
from mapping.imports.translations import ENDINGS, MOST_BYTES, TranslatedTable, read_translations
from mapping.languages import Language
from mapping.models import Campaign
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.setup.frame import setup_frame
from mapping.planning.setup.translating.languages import chosen_language
from mapping.planning.setup.translating.shown import shown_texts
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup import translating

_MOST_SHOWN: Final = 200
"""Most faults on one page."""
_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_NOT_UTF8: Final = _("The file is not in UTF-8. Please save it as a workbook (XLSX), or as CSV in UTF-8.")
STATES: Final = {"missing": _("missing"), "translated": _("translated"), "outdated": _("outdated")}


def largest_table() -> int:
    """Twice the allowed size is still read, so that the page can report the limit."""
    return 2 * MOST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@takes_files(largest_table, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def files(request: HttpRequest, campaign: Campaign, language: str) -> HttpResponse:
    """Take the table home, or read it in again."""
    found = chosen_language(campaign, language)
    wrong, table = "", TranslatedTable()
    if request.method == "POST":
        wrong, table = _read(request, campaign)
        if not wrong and not table.problems:
            wrong = _store(request, campaign, found, table)
            if not wrong and not table.notes:
                return redirect("planning:setup-translations", slug=campaign.slug, language=language)
    problems = table.problems
    return render(
        request,
        "planning/setup/translating/files.html",
        {
            **setup_frame(request, campaign, "languages"),
            "language": found,
            "wrong": wrong,
            "problems": problems[:_MOST_SHOWN],
            "more_problems": max(0, len(problems) - _MOST_SHOWN),
            "notes": [] if problems else table.notes[:_MOST_SHOWN],
            "megabytes": MOST_BYTES // 2**20,
            "endings": ", ".join(ENDINGS),
        },
        status=422 if wrong or problems else 200,
    )


@require_safe
@planners_only(rules.may_manage)
def download(request: HttpRequest, campaign: Campaign, language: str, ending: str) -> HttpResponse:  # noqa: ARG001
    """The table as a file."""
    found = chosen_language(campaign, language)
    if ending not in _TYPES:
        raise Http404
    lines: list[Line] = [
        (
            one.entry.text.name,
            f"{one.heading}: {one.title}",
            one.entry.text.original,
            one.entry.translation,
            str(STATES[one.state]),
            one.entry.text.max_length,
        )
        for one in shown_texts(translating.translations_in(campaign, language))
    ]
    data = csv_of(lines) if ending == "csv" else workbook_of(lines, language, is_rtl=found.is_rtl)
    response = HttpResponse(data, content_type=_TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}-{language}.{ending}"'
    return response


def _read(request: HttpRequest, campaign: Campaign) -> tuple[str, TranslatedTable]:
    """What is wrong with the file as a whole, and what it holds."""
    lost, file = lost_upload(request), request.FILES.get("file")
    if lost is not None:
        return sentence(lost.code, lost.params), TranslatedTable()
    if file is None:
        return file_sentence("upload_missing", {}), TranslatedTable()
    try:
        return "", read_translations(file, translating.texts_to_translate(campaign))
    except TableProblem as problem:
        if problem.code == "file_not_utf8":
            # Other encodings lack the letters of most languages.
            return str(_NOT_UTF8), TranslatedTable()
        return file_sentence(problem.code, problem.params), TranslatedTable()


def _store(request: HttpRequest, campaign: Campaign, language: Language, table: TranslatedTable) -> str:
    """Store the translations; returns why they were refused, empty where they were not."""
    try:
        number = translating.set_translations(
            campaign, member(request), language.tag, table.texts, confirmed=(), originals=table.originals
        )
    except DomainError as error:
        return sentence(error.code, error.params)
    words = ngettext("%(number)s translation was changed.", "%(number)s translations were changed.", number)
    messages.success(request, words % {"number": number})
    return ""
