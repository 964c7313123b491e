"""The addresses of GeoReport v2, each as JSON and XML."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from doors.visitors import CONTRIBUTE
from mapping.catalogue.open311.errors import Refused, error_response
from mapping.catalogue.open311.rendering import MEDIA_TYPES, Row, Value, rendered
from mapping.catalogue.open311.requests import find_request, find_requests, read_arguments
from mapping.catalogue.open311.services import code_of, definition, find_service, open_services
from mapping.catalogue.open311.submission import Report, read_report, secret_of, submission_of
from mapping.catalogue.views import NowhereView as Elsewhere
from mapping.catalogue.views import PublicView
from mapping.http.parameters.reading import Parameters
from mapping.http.parsers import StrictFormParser
from mapping.http.views import absolute, photo_base, text_response
from mapping.models import Contribution, ContributionStatus
from mapping.models.setup.profile import current_city
from mapping.services.identity import edit_token
from mapping.services.submit import submit
from mapping.visitor import admit

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
_CHANGED: Final = "2026-11-26T20:00:00Z"
"""When the answers of `discovery` changed last."""
_ALWAYS: Final = ("jurisdiction_id", "api_key")
"""Arguments that every address takes: there is one jurisdiction, and no key is needed."""
_ARGUMENTS: Final = (
    "service_request_id",
    "service_code",
    "start_date",
    "end_date",
    "status",
    "page",
    "page_size",
)


class Open311View(PublicView):
    """A view whose errors are those of the standard."""

    parser_classes = (StrictFormParser,)

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Any]:
        """Not problems (RFC 9457), which Open311 clients do not know."""
        return error_response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse unknown formats and other cities' requests."""
        super().initial(request, *args, **kwargs)
        if kwargs.get("form") not in MEDIA_TYPES:
            raise Http404
        _check_jurisdiction(request.query_params.get("jurisdiction_id", ""))

    def parameters(self, request: Request, *more: str) -> Parameters:
        """The query of the address."""
        return Parameters(request.query_params, (*_ALWAYS, *more))


@extend_schema(exclude=True)
class DiscoveryView(Open311View):
    """Where the interface lies (https://wiki.open311.org/Service_Discovery)."""

    def get(self, request: Request, form: str) -> HttpResponseBase:
        """One endpoint."""
        self.parameters(request).done()
        address = settings.SITE_URL + reverse("catalogue:open311-discovery", args=("json",))
        endpoint: Row = {
            "specification": SPECIFICATION,
            "url": address.removesuffix("/discovery.json"),
            "changeset": _CHANGED,
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
        content: Value = {
            "changeset": _CHANGED,
            "contact": current_city().contact or current_city().name,
            "key_service": _("No key is needed."),
            "endpoints": [endpoint],
        }
        return _answer(request, "discovery", content, form)


@extend_schema(exclude=True)
class ServicesView(Open311View):
    """What can be reported now."""

    def get(self, request: Request, form: str) -> HttpResponseBase:
        """Categories of open campaigns that take points."""
        self.parameters(request).done()
        return _answer(request, "services", open_services(timezone.now()), form)


@extend_schema(exclude=True)
class ServiceView(Open311View):
    """What a service asks."""

    def get(self, request: Request, slug: str, category: str, form: str) -> HttpResponseBase:
        """The questions of a category; of closed campaigns, too, whose requests can still be read."""
        self.parameters(request).done()
        service = find_service(code_of(slug, category))
        return _answer(request, "service_definition", definition(service), form)


@extend_schema(exclude=True)
class RequestsView(Open311View):
    """Reports: read, and sent in."""

    def get(self, request: Request, form: str) -> HttpResponseBase:
        """Published points, 1,000 of the last 90 days unless asked for others."""
        asked = read_arguments(self.parameters(request, *_ARGUMENTS))
        return _answer(request, "service_requests", find_requests(asked, photo_base(request)), form)

    def post(self, request: Request, form: str) -> HttpResponseBase:
        """A contribution like any other; whoever sends it is recognised by nothing but `device_id`."""
        self.parameters(request).done()
        # Without a body and its type DRF has a dictionary.
        report = read_report(request.data if isinstance(request.data, QueryDict) else QueryDict())
        _check_jurisdiction(report.fields.get("jurisdiction_id", ""))
        category = find_service(report.service_code)
        submission = submission_of(report, category)
        secret = secret_of(report, category.campaign)
        # Programs of this standard solve no challenges: under pressure their reports wait for a review.
        must_wait = admit(
            request._request,  # noqa: SLF001 - DRF's way to the plain request
            CONTRIBUTE,
            category.campaign,
            may_wait=True,
        )
        submitted = submit(category.campaign, submission, secret, at=timezone.now(), must_wait=must_wait)
        content: Value = [
            {
                "service_request_id": str(submitted.contribution.pk),
                "service_notice": _notice(request, submitted.contribution, report),
                "account_id": None,
            }
        ]
        # The notice holds the private link: neither kept nor compressed.
        return text_response(
            request,
            rendered("service_requests", content, form),
            content_type=MEDIA_TYPES[form],
            holds_secrets=True,
            status=201,
        )


@extend_schema(exclude=True)
class RequestView(Open311View):
    """One report."""

    def get(self, request: Request, pk: uuid.UUID, form: str) -> HttpResponseBase:
        """Only once it is published."""
        self.parameters(request).done()
        return _answer(request, "service_requests", find_request(pk, photo_base(request)), form)


@extend_schema(exclude=True)
class NowhereView(Elsewhere):
    """Every other address, in the words of the standard."""

    def get_exception_handler(self) -> Callable[[Exception, dict[str, Any]], Any]:
        """As all of them."""
        return error_response


def _answer(request: Request, root: str, content: Value, form: str) -> HttpResponseBase:
    return text_response(request, rendered(root, content, form), content_type=MEDIA_TYPES[form])


def _check_jurisdiction(asked: str) -> None:
    """There is one jurisdiction, so naming it is optional; another one's requests are not ours."""
    if asked and asked != urlsplit(settings.SITE_URL).hostname:
        raise Refused(404, "jurisdiction_id", gettext_lazy("This jurisdiction is not served here."))


def _notice(request: Request, contribution: Contribution, report: Report) -> str:
    """What happens next, what was not kept, and how to take it back."""
    is_public = contribution.status == ContributionStatus.PUBLISHED
    if not contribution.campaign.publishes_points:
        first = _("Thank you. This project publishes no single report, only areas with enough people.")
    elif is_public:
        first = _("Thank you. Your report is published.")
    else:
        first = _("Thank you. Your report is read before it is published; until then it cannot be looked up.")
    sentences = [first]
    if report.names_a_person:
        sentences.append(_("Name, e-mail address, telephone number and account were not stored."))
    link = absolute(request, "my-contribution", edit_token(contribution.pk))
    sentences.append(_("Change or delete it by this private link: %(link)s") % {"link": link})
    return " ".join(sentences)
