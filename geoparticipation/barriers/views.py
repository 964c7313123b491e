"""The form by which anybody reports a barrier, without account and without JavaScript.

Nothing is stored: the report waits in the queue of letters, which deletes it once it is sent or given up.
"""

from __future__ import annotations

from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from doors.visitors import BARRIER
from geoparticipation.barriers.addresses import LONGEST, named_page, shown_path
from geoparticipation.barriers.letters import receives_reports
from geoparticipation.tasks import send_barrier_report
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.visitor import admit
from mapping.web.refusals import refused

LONGEST_TEXT: Final = 2000
"""Characters of a description."""


class BarrierForm(forms.Form):
    """What does not work, where, and whom to answer."""

    text = forms.CharField(
        label=_("What does not work?"),
        help_text=_("For example: what you wanted to do, what happened, which device and aid you use."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    page = forms.CharField(
        label=_("On which page? (not required)"),
        help_text=_("The address within this site. Private links are cut off before anything is sent."),
        max_length=LONGEST,
        required=False,
    )
    email = forms.EmailField(
        label=_("E-mail address, if you want an answer (not required)"),
        help_text=_("It is in the letter to the city and stored nowhere else."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_page(self) -> str:
        """The path alone, or words; addresses that are no page of this site are dropped."""
        return named_page(self.cleaned_data["page"])


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Show the form, or enqueue the letter; where no letter can be sent, name the other ways to reach the city."""
    if not receives_reports():
        return render(request, "pages/barrier.html", {"receives_reports": False})
    if request.method != "POST":
        form = BarrierForm(initial={"page": shown_path(request.GET.get("page", ""))}, label_suffix="")
        return _page(request, form)
    form = BarrierForm(request.POST, label_suffix="")
    if not form.is_valid():
        answer = _page(request, form)
        answer.status_code = 422
        return answer
    try:
        admit(request, BARRIER)
    except DomainError as error:
        return refused(_page(request, form, sentence(error.code, error.params)), error)
    send_barrier_report.defer(**{name: form.cleaned_data[name] for name in ("page", "text", "email")})
    return redirect("barrier-sent")


@require_safe
@never_cache
def sent(request: HttpRequest) -> HttpResponse:
    """Thanks, at an address of its own that can be loaded again."""
    return render(request, "pages/barrier_sent.html")


def _page(request: HttpRequest, form: BarrierForm, problem: str = "") -> HttpResponse:
    context = {"receives_reports": True, "form": form, "problem": problem}
    return render(request, "pages/barrier.html", context)
