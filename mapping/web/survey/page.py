"""The page of a campaign's survey: all questions, and who answered before gets the answers to change.

Without JavaScript it is one page with sections; `js/survey.js` shows one question a time on phones.
"""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from mapping.forms.survey import SurveyForm
from mapping.models import Action
from mapping.services.errors import DomainError
from mapping.services.identity import edit_token, existing_participant
from mapping.services.surveys.responses import own_response, questions_of
from mapping.visitor import known_participant, promise, remember, visitor_of_form
from mapping.web.languages import reading_of, switch_of
from mapping.web.lookup import campaign_or_404
from mapping.web.phases import invites_to, phases_of
from mapping.web.refusals import refused
from mapping.web.signing_in.call import call_of
from mapping.web.survey.sending import form_page, is_used_up, store


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def survey_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The questions of a campaign's survey; POST stores the person's response, or changes the one that they sent."""
    campaign = campaign_or_404(request, slug)
    reading = reading_of(request, campaign)
    questions = reading.all(questions_of(campaign))
    if not questions:
        raise Http404
    context: dict[str, object] = {"campaign": reading.campaign, "action": reverse("survey", args=(slug,))}
    if request.method == "POST":
        visitor = visitor_of_form(request, campaign)
        own = own_response(campaign, existing_participant(campaign, visitor.secret))
        form = SurveyForm(questions, request.POST, response=own)
        form.full_clean()
        try:
            stored = store(request, campaign, form.sheet(), visitor.secret, own)
        except DomainError as error:
            if is_used_up(error):
                form.renew()
            form.take(error)
            return refused(form_page(request, form, context | {"own": own}), error)
        answer = HttpResponseRedirect(reverse("response-thanks", args=(edit_token(stored.pk),)), status=303)
        remember(answer, visitor)
        return answer
    now = timezone.now()
    own = own_response(campaign, known_participant(request, campaign))
    context |= {"own": own, "languages": switch_of(request, reading)}
    sign_in = call_of(request, campaign)
    is_open = invites_to(campaign, Action.ANSWER, now)
    if not is_open or (sign_in is not None and sign_in.is_needed):
        more = {
            "sign_in": sign_in if is_open else None,
            "status": campaign.status_at(now),
            "phases": phases_of(reading, now),
            "own_page": "" if own is None else reverse("my-response", args=(edit_token(own.pk),)),
        }
        return render(request, "mapping/survey_closed.html", context | more)
    return form_page(request, SurveyForm(questions, response=own, visitor=promise(request)), context)
