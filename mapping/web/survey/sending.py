"""What the page of a survey and the private page of a response share: the form's page and storing what it sends."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from doors.visitors import CHANGE, CONTRIBUTE
from mapping.forms.survey import SurveyForm
from mapping.models import Campaign, QuestionKind, Response
from mapping.services.errors import Conflict, DomainError
from mapping.services.identity import existing_participant
from mapping.services.surveys.responses import Sheet, change, own_response, respond
from mapping.visitor import admit


def form_page(request: HttpRequest, form: SurveyForm, context: Mapping[str, object]) -> HttpResponse:
    """The page with the form; `context` holds the campaign, the form's address and the stored response, if any."""
    kinds = {question.kind for question in form.questions}
    more = {"form": form, "has_map": QuestionKind.PLACE in kinds}
    return render(request, "mapping/survey.html", {**context, **more})


def store(
    request: HttpRequest, campaign: Campaign, sheet: Sheet, secret: str, own: Response | None
) -> Response:
    """Store a person's first response or change the one that they have, whichever tab or tap was faster."""
    if own is None:
        # Responses wait for no review: nobody but the city reads a single one.
        admit(request, CONTRIBUTE, campaign, may_wait=True)
        try:
            return respond(campaign, sheet, secret).response
        except Conflict as error:
            own = own_response(campaign, existing_participant(campaign, secret))
            if error.code != "already_answered" or own is None:
                raise
    else:
        admit(request, CHANGE)
    return change(own, sheet)


def is_used_up(error: DomainError) -> bool:
    """Whether the form's id can never be used again."""
    return isinstance(error, Conflict) and error.code in {"withdrawn", "id_taken"}
