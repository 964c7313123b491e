"""A survey from an XLSForm and as one: upload, preview with all faults by row, confirmation, download."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mapping import rules
from mapping.forms.files import lost_upload, takes_files
from mapping.imports.messages import file_sentence
from mapping.imports.problems import TableProblem
from mapping.imports.reading import uploads
from mapping.imports.reading.uploads import FORM, Upload
from mapping.imports.xlsform.form import Form, FormQuestion
from mapping.imports.xlsform.messages import sentence as form_sentence
from mapping.imports.xlsform.reading import read_xlsform
from mapping.imports.xlsform.sheets import MOST_BYTES
from mapping.imports.xlsform.storing import FormRefused, import_xlsform, problems_of
from mapping.imports.xlsform.writing import write_xlsform
from mapping.models import Audience, Campaign, Question, QuestionKind, Response
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.setup.frame import setup_frame
from mapping.questions.conditions import in_words
from mapping.questions.registry import KINDS
from mapping.services.errors import Conflict, NotStored
from mapping.services.messages import sentence

_MEGABYTES: Final = MOST_BYTES // 2**20
_MOST_SHOWN: Final = 200
"""Most faults on one page."""
_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question of the preview, in words."""

    question: FormQuestion
    kind: str
    choices: str
    condition: str
    is_for_staff: bool


def largest_form() -> int:
    """Twice the allowed size is still read, so that the page can report the limit."""
    return 2 * MOST_BYTES + settings.DATA_UPLOAD_MAX_MEMORY_SIZE


@takes_files(largest_form, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def start(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Choose a file, or take the survey home as one."""
    wrong = ""
    if request.method == "POST":
        lost, file = lost_upload(request), request.FILES.get("file")
        if lost is not None:
            wrong = sentence(lost.code, lost.params)
        else:
            try:
                upload = _keep(request, campaign, file)
            except TableProblem as problem:
                wrong = file_sentence(problem.code, problem.params)
            except NotStored as problem:
                wrong = sentence(problem.code, problem.params)
            else:
                return redirect("planning:setup-xlsform-check", slug=campaign.slug, upload=upload.id)
    context = {
        **setup_frame(request, campaign, "questions"),
        "wrong": wrong,
        "number": Question.objects.of_survey(campaign.pk).count(),
        "megabytes": _MEGABYTES,
    }
    return render(request, "planning/setup/xlsform.html", context, status=422 if wrong else 200)


@require_safe
@planners_only(rules.may_manage)
def download(request: HttpRequest, campaign: Campaign) -> HttpResponse:  # noqa: ARG001
    """The survey as a workbook."""
    response = HttpResponse(write_xlsform(campaign), content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{campaign.slug}.xlsx"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def check(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """The preview; POST stores the questions."""
    found = uploads.find(upload, member(request), campaign, form=True)
    if found is None:
        messages.warning(request, file_sentence("file_missing", {}))
        return redirect("planning:setup-xlsform", slug=campaign.slug)
    refused = ""
    try:
        form = read_xlsform(found.path.read_bytes(), campaign.language)
    except (TableProblem, OSError) as problem:
        code, params = (
            (problem.code, problem.params) if isinstance(problem, TableProblem) else ("file_missing", {})
        )
        return _preview(request, campaign, found, None, file_sentence(code, params))
    if request.method == "POST":
        try:
            stored = import_xlsform(campaign, form, member(request), replace="replace" in request.POST)
        except FormRefused as problem:
            refused = form_sentence(problem.code, problem.params)
        except Conflict as problem:
            refused = form_sentence(problem.code, problem.params)
        else:
            uploads.forget(found)
            number = len(stored)
            messages.success(
                request,
                ngettext("%(number)s question was added.", "%(number)s questions were added.", number)
                % {"number": number},
            )
            return redirect("planning:setup-questions", slug=campaign.slug)
    return _preview(request, campaign, found, form, refused)


@require_POST
@planners_only(rules.may_manage)
def discard(request: HttpRequest, campaign: Campaign, upload: UUID) -> HttpResponse:
    """Delete an uploaded form without storing its questions."""
    found = uploads.find(upload, member(request), campaign, form=True)
    if found is not None:
        uploads.forget(found)
    return redirect("planning:setup-xlsform", slug=campaign.slug)


def _keep(request: HttpRequest, campaign: Campaign, file: UploadedFile[bytes] | None) -> Upload:
    if file is None:
        raise TableProblem("No file was chosen.", "upload_missing")
    if PurePath(str(file.name or "")).suffix.lower() != ".xlsx":
        raise TableProblem("The file is no workbook.", "file_unknown_ending", known=".xlsx")
    if (file.size or 0) > MOST_BYTES:
        raise TableProblem("The file is too large.", "upload_too_large", megabytes=_MEGABYTES)
    return uploads.keep(file, FORM, member(request), campaign)


def _preview(
    request: HttpRequest, campaign: Campaign, upload: Upload, form: Form | None, refused: str
) -> HttpResponse:
    problems = () if form is None else problems_of(campaign, form)
    number = Question.objects.of_survey(campaign.pk).count()
    context = {
        **setup_frame(request, campaign, "questions"),
        "upload": upload,
        "form": form,
        "refused": refused,
        "problems": problems[:_MOST_SHOWN],
        "more_problems": max(0, len(problems) - _MOST_SHOWN),
        "notes": () if form is None else form.notes[:_MOST_SHOWN],
        "questions": list(_shown(form)) if form is not None and not problems else [],
        "number": number,
        "is_answered": bool(number) and Response.objects.of(campaign).exists(),
        "page_title": _("Preview of the form"),
    }
    is_wrong = form is None or refused
    return render(request, "planning/setup/xlsform_check.html", context, status=422 if is_wrong else 200)


def _shown(form: Form) -> Iterator[ShownQuestion]:
    known = {question.slug: question for question in form.questions}
    for question in form.questions:
        titles = [title for _value, title in KINDS[question.kind].choices(question.options)]
        is_listed = KINDS[question.kind].lists_choices or question.kind == QuestionKind.SCALE
        yield ShownQuestion(
            question=question,
            kind=str(QuestionKind(question.kind).label),
            choices=" · ".join(titles) if is_listed else "",
            condition=in_words(question.show_if, known) if question.show_if else "",
            is_for_staff=question.audience == Audience.STAFF,
        )
