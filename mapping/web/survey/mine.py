"""The private page of a response: thanks, what happens next, the answers, to change or withdraw from any device."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from doors.visitors import CHANGE
from mapping import rules
from mapping.exports.documents import qr
from mapping.forms.answers import answers_in_words
from mapping.forms.survey import SurveyForm
from mapping.models import Audience, CampaignStatus, Question, Response
from mapping.models.question import ResultsShown
from mapping.services.checking.gates import why_not_open
from mapping.services.errors import DomainError
from mapping.services.identity import response_of_token
from mapping.services.messages import sentence
from mapping.services.surveys.responses import change, questions_of, withdraw_response
from mapping.translated.reading import Reading
from mapping.visitor import admit
from mapping.web.languages import reading_of, switch_of
from mapping.web.mine.private import private
from mapping.web.phases import phases_of
from mapping.web.refusals import refused
from mapping.web.survey.sending import form_page


@require_safe
@private(response_of_token)
def my_response(request: HttpRequest, response: Response, *, token: str) -> HttpResponse:
    """Thanks, what happens next, and the answers in words."""
    reading = reading_of(request, response.campaign)
    questions = reading.all(questions_of(response.campaign))
    may_change = rules.may_answer(response.campaign, timezone.now())
    context = _context(request, response, token, reading, questions) | {
        "answers": answers_in_words(questions, response.all_answers),
        "may_change": may_change,
        "why_no_change": "" if may_change else _sentence(why_not_open(response.campaign, timezone.now())),
    }
    return render(request, "mapping/my_response.html", context)


@require_safe
@private(response_of_token)
def response_thanks(request: HttpRequest, response: Response, *, token: str) -> HttpResponse:
    """The page after sending: thanks, the private link to copy and to scan, what happens next, and ways on."""
    if response.completed_at is None:
        return redirect("my-response", token)
    reading = reading_of(request, response.campaign)
    context = _context(request, response, token, reading, questions_of(response.campaign))
    context["may_change"] = rules.may_answer(response.campaign, timezone.now())
    return render(request, "mapping/mine/response_thanks.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private(response_of_token)
def change_mine(request: HttpRequest, response: Response, *, token: str) -> HttpResponse:
    """The form with the answers; POST stores the change."""
    campaign = response.campaign
    reading = reading_of(request, campaign)
    questions = reading.all(questions_of(campaign))
    context = {
        "campaign": reading.campaign,
        "languages": switch_of(request, reading),
        "own": response,
        "action": reverse("change-response", args=(token,)),
        "own_page": reverse("my-response", args=(token,)),
    }
    if request.method != "POST":
        if not rules.may_answer(campaign, timezone.now()):
            return redirect("my-response", token)
        return form_page(request, SurveyForm(questions, response=response), context)
    form = SurveyForm(questions, request.POST, response=response)
    form.full_clean()
    try:
        admit(request, CHANGE)
        change(response, form.sheet())
    except DomainError as error:
        form.take(error)
        return refused(form_page(request, form, context), error)
    return HttpResponseRedirect(reverse("my-response", args=(token,)), status=303)


@require_http_methods(["GET", "HEAD", "POST"])
@private(response_of_token)
def withdraw_mine(request: HttpRequest, response: Response, *, token: str) -> HttpResponse:
    """Confirmation, then deletion of the response."""
    campaign = response.campaign
    if request.method == "POST":
        withdraw_response(response)
        messages.success(request, gettext("Your answers are deleted."))
        return redirect(campaign)
    return render(
        request,
        "mapping/withdraw_response.html",
        {"campaign": reading_of(request, campaign).campaign, "token": token},
    )


def _context(
    request: HttpRequest, response: Response, token: str, reading: Reading, questions: Sequence[Question]
) -> dict[str, object]:
    """What both pages show: the link, and what becomes of the answers."""
    campaign = reading.original
    now = timezone.now()
    results = results_shown(questions)
    is_over = campaign.status_at(now) == CampaignStatus.CLOSED
    link = request.build_absolute_uri(reverse("my-response", args=(token,)))
    return {
        "response": response,
        "campaign": reading.campaign,
        "languages": switch_of(request, reading),
        "token": token,
        "link": link,
        "qr": qr.as_svg(link),
        "has_staff_answers": any(question.audience == Audience.STAFF for question in questions),
        "results": results,
        "shows_results": results == ResultsShown.LIVE or (results == ResultsShown.AFTER and is_over),
        "phases": phases_of(reading, now),
        "is_over": is_over,
    }


def results_shown(questions: Sequence[Question]) -> ResultsShown:
    """When the public sees results at the earliest."""
    shown = {question.results for question in questions if question.audience == Audience.PUBLIC}
    return next((one for one in (ResultsShown.LIVE, ResultsShown.AFTER) if one in shown), ResultsShown.NEVER)


def _sentence(error: DomainError) -> str:
    return sentence(error.code, error.params)
