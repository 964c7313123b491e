"""Pages of those who are told by mail. GET changes nothing: programs that check mails follow every link."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from doors.models import LogInDoor
from doors.networks import network_of
from doors.views import too_many
from engagement.models import Rhythm, Subscriber, Subscription
from engagement.services.subscriptions import links, subscribing
from engagement.services.subscriptions.subjects import (
    NAMES,
    Subject,
    is_open,
    subject_named,
    title_of,
    titles_of,
)
from engagement.web.subscriptions.forms import AddressForm, SubscriptionForm
from mapping.services.errors import Invalid, TooMany
from mapping.services.messages import sentence
from mapping.visitor import note_wrong_key
from mapping.web.mine.private import gone as contribution_gone
from mapping.web.mine.private import kept_private
from mapping.web.refusals import refused

_RELATED = (
    "subscriber",
    "campaign",
    "category__campaign",
    "district",
    "plan",
    "body",
    "contribution__campaign",
)


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe(request: HttpRequest) -> HttpResponseBase:
    """Subscribe to what the address names (`?campaign=`, `?plan=`, …), or to something of the list."""
    named = [(name, request.GET[name]) for name in NAMES if name != "author" and name in request.GET]
    subject = subject_named(*named[0]) if named else None
    if named and subject is None:
        return render(request, "engagement/subscriptions/nothing.html", status=404)
    return _subscribe(request, subject)


@require_http_methods(["GET", "HEAD", "POST"])
def subscribe_author(request: HttpRequest, token: str) -> HttpResponseBase:
    """Subscribe to what becomes of one's own contribution: reviews, replies, results."""
    subject = subject_named("author", token)
    if subject is None:
        return contribution_gone(request)
    return kept_private(_subscribe(request, subject))


def _subscribe(request: HttpRequest, subject: Subject | None) -> HttpResponseBase:
    if not settings.SENDS_MAIL:
        return render(request, "engagement/subscriptions/no_mail.html", {"subject": subject})
    form = SubscriptionForm(request, subject)
    problem: TooMany | None = None
    if request.method == "POST" and form.is_valid():
        try:
            subscribing.subscribe(
                form.subject(),
                form.cleaned_data["mail"],
                rhythm=Rhythm(form.cleaned_data["rhythm"]),
                language=get_language() or settings.LANGUAGE_CODE,
                network=network_of(request),
            )
        except TooMany as error:
            problem = error
            form.add_error(None, sentence(error.code, error.params))
        else:
            return redirect("subscriptions-sent")
    page = render(request, "engagement/subscriptions/subscribe.html", {"form": form, "subject": subject})
    return _answered(page, form, problem)


@require_http_methods(["GET", "HEAD", "POST"])
def send_link(request: HttpRequest) -> HttpResponseBase:
    """Send the link to one's own page; the answer is the same for every address."""
    if not settings.SENDS_MAIL:
        return render(request, "engagement/subscriptions/no_mail.html")
    form = AddressForm(request)
    problem: TooMany | None = None
    if request.method == "POST" and form.is_valid():
        try:
            subscribing.send_overview(form.cleaned_data["mail"], network_of(request))
        except TooMany as error:
            problem = error
            form.add_error(None, sentence(error.code, error.params))
        else:
            return redirect("subscriptions-sent")
    return _answered(render(request, "engagement/subscriptions/link.html", {"form": form}), form, problem)


@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """What follows, whatever was done and whatever address it was."""
    return render(request, "engagement/subscriptions/sent.html")


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, confirming: str) -> HttpResponseBase:
    """The button that confirms; POST confirms and leads to one's own page. Again is harmless."""
    subscription = _stored(links.id_to_confirm(confirming))
    if subscription is None or not is_open(subscription):
        return _gone(request)
    if request.method == "POST":
        subscribing.confirm(subscription)
        messages.success(request, gettext("Confirmed. You will hear of it."))
        return kept_private(redirect("subscriptions-mine", links.mine_token(subscription.subscriber)))
    context = {"subscription": subscription, "title": title_of(subscription)}
    return kept_private(render(request, "engagement/subscriptions/confirm.html", context))


# RFC 8058, section 3.1: a mail program sends the POST without cookies.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The button that ends a subscription; POST ends it and answers 200, also where it has ended already."""
    pk = links.id_to_end(ending)
    if pk is None:
        return _gone(request)
    subscription = _stored(pk)
    if subscription is not None and request.method == "POST":
        subscribing.end(subscription)
        subscription = None
    if subscription is None:
        return kept_private(render(request, "engagement/subscriptions/ended.html"))
    title = title_of(subscription) if is_open(subscription) else gettext("News")
    context = {"title": title, "mine": links.mine_token(subscription.subscriber)}
    return kept_private(render(request, "engagement/subscriptions/end.html", context))


@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: HttpRequest, mine: str) -> HttpResponseBase:
    """Everything that somebody hears of: changed and ended one by one, or all at once."""
    subscriber = links.subscriber_of(mine)
    if subscriber is None:
        return _gone(request)
    if request.method == "POST":
        return kept_private(_act(request, subscriber, mine))
    subscriptions = [one for one in subscriber.subscriptions.select_related(*_RELATED) if is_open(one)]
    shown = list(zip(subscriptions, titles_of(subscriptions), strict=True))
    context = {"subscriber": subscriber, "subscriptions": shown, "rhythms": Rhythm.choices, "token": mine}
    return kept_private(render(request, "engagement/subscriptions/mine.html", context))


def _act(request: HttpRequest, subscriber: Subscriber, token: str) -> HttpResponse:
    """Do what a button of somebody's own page says."""
    action = request.POST.get("action", "")
    if action == "end-all":
        subscribing.end_all(subscriber)
        return render(request, "engagement/subscriptions/ended.html", {"is_all": True})
    subscription = _own(subscriber, request.POST.get("subscription", ""))
    if subscription is not None and action == "end":
        subscribing.end(subscription)
        if not Subscriber.objects.filter(pk=subscriber.pk).exists():
            return render(request, "engagement/subscriptions/ended.html", {"is_all": True})
        messages.success(request, gettext("Ended."))
    elif subscription is not None and action == "rhythm":
        try:
            subscribing.change_rhythm(subscriber, subscription, request.POST.get("rhythm", ""))
            messages.success(request, gettext("Changed."))
        except Invalid as error:
            messages.error(request, sentence(error.fields["rhythm"][0].code))
    return redirect("subscriptions-mine", token)


def _own(subscriber: Subscriber, pk: str) -> Subscription | None:
    try:
        return subscriber.subscriptions.filter(pk=uuid.UUID(pk)).first()
    except ValueError:
        return None


def _stored(pk: uuid.UUID | None) -> Subscription | None:
    return None if pk is None else Subscription.objects.select_related(*_RELATED).filter(pk=pk).first()


def _gone(request: HttpRequest) -> HttpResponseBase:
    """The answer to a link that opens nothing; guesses are limited."""
    try:
        note_wrong_key(request, LogInDoor.PRIVATE_LINK)
    except TooMany as error:
        return kept_private(too_many(request, error.retry_after))
    return kept_private(render(request, "engagement/subscriptions/gone.html", status=404))


def _answered(page: HttpResponse, form: AddressForm, problem: TooMany | None) -> HttpResponse:
    """A form that comes back says so by its status."""
    if problem is not None:
        return refused(page, problem)
    if form.is_bound:
        page.status_code = 422
    return page
