"""The list of the questions of a category or a survey, the editor of one, and its removal."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mapping import rules
from mapping.aggregation.given_answers import Owner, is_answered
from mapping.forms.files import largest_form_with_pictures, lost_upload, takes_files
from mapping.forms.questions import by_slug, condition_of
from mapping.models import Campaign, Category, Question, QuestionKind
from mapping.planning.access import file_door, member, planners_only
from mapping.planning.setup.asking.editor import Editor, editor_of, typed_editor
from mapping.planning.setup.asking.kinds import WHAT_FOR
from mapping.planning.setup.asking.owners import (
    list_address,
    new_address,
    owner_called,
    question_address,
    question_called,
)
from mapping.planning.setup.asking.rules import shown_rules
from mapping.planning.setup.asking.trying import trial_of
from mapping.planning.setup.fields import words_of
from mapping.planning.setup.frame import setup_frame
from mapping.questions.registry import KINDS
from mapping.services.errors import Conflict, DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.setup.asking.drafts import QuestionDraft, draft_of, version_of
from mapping.services.setup.asking.owners import MOST_QUESTIONS, questions_of, removed_from
from mapping.services.setup.asking.removal import (
    Answers,
    Undecided,
    count_of_answers,
    forget_removed,
    remove_question,
    restore_question,
)
from mapping.services.setup.questions import add_question, change_question, place_question

_SAVE: Final = "save"


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question in the list."""

    question: Question
    address: str
    remove_address: str
    condition: str


@dataclass(frozen=True, slots=True)
class ShownKind:
    """A kind of question that can be added, and what it is for."""

    name: str
    title: str
    words: str


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def questions(request: HttpRequest, campaign: Campaign, category: str | None = None) -> HttpResponse:
    """The questions in their order; buttons move them, and restore those that were removed."""
    owner = owner_called(campaign, category)
    if request.method == "POST":
        return _pressed(request, owner)
    found = questions_of(owner)
    known = by_slug(found)
    return render(
        request,
        "planning/setup/asking/questions.html",
        {
            **_frame(request, campaign, owner),
            "questions": [
                ShownQuestion(
                    one,
                    question_address(owner, one),
                    question_address(owner, one, "question-remove"),
                    condition_of(one, known),
                )
                for one in found
            ],
            "removed": removed_from(owner),
            "kinds": _kinds(owner),
            "new_address": new_address(owner),
            "is_full": len(found) >= MOST_QUESTIONS,
            "focus": request.GET.get("focus", ""),
            "categories": campaign.categories.order_by("position", "pk"),
        },
    )


@takes_files(largest_form_with_pictures, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def new_question(request: HttpRequest, campaign: Campaign, category: str | None = None) -> HttpResponse:
    """The editor of another question; `kind` in the address is the kind to begin with."""
    owner = owner_called(campaign, category)
    kind = request.GET.get("kind", "")
    offered = {one.name for one in _kinds(owner)}
    draft = QuestionDraft(title="", kind=kind if kind in offered else QuestionKind.SINGLE_CHOICE)
    return _edited(request, campaign, owner, None, draft)


@takes_files(largest_form_with_pictures, file_door(rules.may_manage))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def question(
    request: HttpRequest, campaign: Campaign, question: str, category: str | None = None
) -> HttpResponse:
    """The editor of a question."""
    owner = owner_called(campaign, category)
    found = question_called(owner, question)
    return _edited(request, campaign, owner, found, draft_of(found))


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def remove(
    request: HttpRequest, campaign: Campaign, question: str, category: str | None = None
) -> HttpResponse:
    """How many answers are touched, and what becomes of them."""
    owner = owner_called(campaign, category)
    found = question_called(owner, question)
    problems: list[str] = []
    if request.method == "POST":
        try:
            remove_question(found, actor=member(request), answers=_decision(request))
        except DomainError as error:
            problems = _sentences(error)
        else:
            messages.success(request, _("“%(title)s” is not asked any more.") % {"title": found.title})
            return HttpResponseRedirect(list_address(owner))
    return render(
        request,
        "planning/setup/asking/question_remove.html",
        {
            **_frame(request, campaign, owner),
            "question": found,
            "number": count_of_answers(found),
            "problems": problems,
        },
        status=422 if problems else 200,
    )


def _frame(request: HttpRequest, campaign: Campaign, owner: Owner) -> dict[str, object]:
    return {
        **setup_frame(request, campaign, "questions"),
        "category": owner if isinstance(owner, Category) else None,
        "list_address": list_address(owner),
    }


def _kinds(owner: Owner) -> list[ShownKind]:
    return [
        ShownKind(name, str(title), str(WHAT_FOR[name]))
        for name, title in QuestionKind.choices
        if isinstance(owner, Campaign) or KINDS[name].for_contributions
    ]


# --- the list ------------------------------------------------------------------------------------------------------


def _pressed(request: HttpRequest, owner: Owner) -> HttpResponse:
    """Move a question (`up:<name>`, `down:<name>`, `place:<name>:<index>`), restore or forget a removed one."""
    what, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, index = rest.partition(":")
    query = ""
    try:
        if what in ("restore", "forget"):
            _change_removed(request, owner, what, name)
        else:
            found = questions_of(owner)
            place = next((number for number, one in enumerate(found) if one.slug == name), None)
            if place is None:
                raise Conflict("gone")
            step = {"up": -1, "down": 1}.get(what, 0)
            target = int(index) if what == "place" and index.isdecimal() and len(index) < 5 else place + step
            place_question(question_called(owner, name), target, actor=member(request))
            query = "?" + urlencode({"focus": f"{what}:{name}"})
    except DomainError as error:
        for words in _sentences(error):
            messages.error(request, words)
    return HttpResponseRedirect(list_address(owner) + query)


def _change_removed(request: HttpRequest, owner: Owner, what: str, name: str) -> None:
    found = next((one for one in removed_from(owner) if one.slug == name), None)
    if found is None:
        raise Conflict("gone")
    if what == "restore":
        restore_question(found, actor=member(request))
        messages.success(
            request, _("“%(title)s” is asked again, as the last question.") % {"title": found.title}
        )
    else:
        forget_removed(found, actor=member(request))
        messages.success(request, _("The answers to “%(title)s” are deleted.") % {"title": found.title})


# --- the editor ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Desk:
    """What the editor works on; `found` is None for a question that is not stored yet."""

    campaign: Campaign
    owner: Owner
    found: Question | None
    earlier: list[Question]


def _edited(
    request: HttpRequest, campaign: Campaign, owner: Owner, found: Question | None, draft: QuestionDraft
) -> HttpResponse:
    is_survey = isinstance(owner, Campaign)
    desk = _Desk(campaign, owner, found, _earlier(owner, found))
    if request.method != "POST":
        return _page(request, desk, editor_of(draft, is_survey=is_survey))
    editor = typed_editor(request, draft, campaign, is_survey=is_survey)
    button = request.POST.get("do", _SAVE)
    if (lost := lost_upload(request)) is not None:
        editor.refuse(lost)
    if button != _SAVE or editor.errors:
        editor.press(button)
        return _page(request, desk, editor, read=request.POST.get("expected", ""))
    try:
        stored = _store(request, desk, editor)
    except Undecided as error:
        editor.refuse(error)
        return _page(request, desk, editor, undecided=error)
    except DomainError as error:
        editor.refuse(error)
        return _page(request, desk, editor)
    messages.success(request, _("“%(title)s” is saved.") % {"title": stored.title})
    again = "another" in request.POST
    return HttpResponseRedirect(new_address(owner) if again else f"{list_address(owner)}#q-{stored.slug}")


def _earlier(owner: Owner, found: Question | None) -> list[Question]:
    """The questions before one, which its condition may test; all for a new one."""
    questions = questions_of(owner)
    if found is None:
        return questions
    return questions[: next(number for number, one in enumerate(questions) if one.pk == found.pk)]


def _store(request: HttpRequest, desk: _Desk, editor: Editor) -> Question:
    draft = editor.draft(desk.earlier)
    if desk.found is None:
        return add_question(desk.owner, draft, actor=member(request))
    return change_question(
        desk.found,
        draft,
        actor=member(request),
        expected=request.POST.get("expected", ""),
        answers=_decision(request),
    )


def _page(
    request: HttpRequest, desk: _Desk, editor: Editor, *, undecided: Undecided | None = None, read: str = ""
) -> HttpResponse:
    """The page of the editor; `read` is the version that the form was made of, where it is not the stored one."""
    owner, found, earlier = desk.owner, desk.found, desk.earlier
    trial = trial_of(owner, _complete(editor, earlier), found, earlier)
    editor.add_first_rows()
    kept = Question(show_if=editor.condition.kept)
    return render(
        request,
        "planning/setup/asking/question.html",
        {
            **_frame(request, desk.campaign, owner),
            "question": found,
            "editor": editor,
            "form": editor.form(),
            "rules": shown_rules(editor.condition.rules, earlier),
            "kept": condition_of(kept, by_slug(earlier)),
            "earlier": [one for one in earlier if KINDS[one.kind].is_answered],
            "is_answered": found is not None and is_answered(owner, found.slug),
            "expected": "" if found is None else read or version_of(found),
            "undecided": undecided,
            "trial": trial,
            "remove_address": "" if found is None else question_address(owner, found, "question-remove"),
        },
        status=422 if editor.errors else 200,
    )


def _complete(editor: Editor, earlier: list[Question]) -> QuestionDraft:
    """The draft for the preview, without taking blank rows out of the form."""
    return replace(editor, lists={name: list(rows) for name, rows in editor.lists.items()}).draft(earlier)


def _decision(request: HttpRequest) -> Answers | None:
    given = request.POST.get("answers", "")
    return Answers(given) if given in list(Answers) else None


def _sentences(error: DomainError) -> list[str]:
    if isinstance(error, Invalid):
        return [words_of(problem) for problems in error.fields.values() for problem in problems]
    return [sentence(error.code, error.params)]
