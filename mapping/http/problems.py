"""Maps every error to application/problem+json (RFC 9457) by one table."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.db import DEFAULT_DB_ALIAS, DatabaseError, InterfaceError, OperationalError, router
from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from mapping.filters.problems import QueryProblem
from mapping.geo.errors import GeometryProblem, TextProblem
from mapping.http.messages import sentence
from mapping.http.parsers import BodyTooLarge, LengthRequired
from mapping.models import Campaign
from mapping.services.errors import (
    Conflict,
    DomainError,
    Gone,
    Invalid,
    Missing,
    NotAllowed,
    NotStored,
    Problem,
    ProofNeeded,
    SignInNeeded,
    TooMany,
)
from mapping.services.files.disks import disk_problem

logger = logging.getLogger("django.request")

MEDIA_TYPE: Final = "application/problem+json"
CHALLENGE: Final = "Proof-Challenge"
"""The header that names where to get a challenge, for the scripts of the pages."""


class DownloadsBusy(exceptions.APIException):
    """All download slots of this process are in use."""

    status_code = 503
    default_detail = _("The service is busy.")
    default_code = "unavailable"
    wait = 10
    """Seconds for `Retry-After`."""


class PreconditionFailed(exceptions.APIException):
    """The stored version is not the one that the sender has read (RFC 9110, section 15.5.13)."""

    status_code = 412
    default_code = "precondition_failed"


@dataclass(frozen=True)
class Kind:
    """One kind of error: its HTTP status, the name in its `type` address, and its title."""

    status: int
    name: str
    title: Promise


INVALID: Final = Kind(400, "invalid", _("Something in the request is not right."))
BAD_REQUEST: Final = Kind(400, "bad-request", _("The request cannot be read."))
UNAUTHENTICATED: Final = Kind(401, "unauthenticated", _("This needs a valid access token or login."))
NOT_ALLOWED: Final = Kind(403, "not-allowed", _("This is not allowed."))
NOT_FOUND: Final = Kind(404, "not-found", _("There is nothing here."))
METHOD: Final = Kind(405, "method", _("This address does not take this method."))
CONFLICT: Final = Kind(409, "conflict", _("This does not fit what is stored."))
GONE: Final = Kind(410, "gone", _("This is not there any more."))
PRECONDITION: Final = Kind(412, "precondition-failed", _("This has changed meanwhile."))
LENGTH: Final = Kind(411, "length-required", _("The request does not say how long it is."))
TOO_LARGE: Final = Kind(413, "too-large", _("The request is too large."))
MEDIA: Final = Kind(415, "media-type", _("This kind of content is not read here."))
TOO_MANY: Final = Kind(429, "too-many", _("Too many requests."))
UNEXPECTED: Final = Kind(500, "unexpected", _("Something went wrong on our side."))
UNAVAILABLE: Final = Kind(503, "unavailable", _("The service is busy."))
NOT_STORED: Final = Kind(507, "not-stored", _("This cannot be stored at the moment."))

KINDS: Final = (
    INVALID,
    BAD_REQUEST,
    UNAUTHENTICATED,
    NOT_ALLOWED,
    NOT_FOUND,
    METHOD,
    CONFLICT,
    GONE,
    LENGTH,
    PRECONDITION,
    TOO_LARGE,
    MEDIA,
    TOO_MANY,
    UNEXPECTED,
    UNAVAILABLE,
    NOT_STORED,
)

# THE table: the first class that fits decides; what fits none is unexpected.
_TABLE: Final[tuple[tuple[type[Exception], Kind], ...]] = (
    (Invalid, INVALID),
    (QueryProblem, INVALID),
    (GeometryProblem, INVALID),
    (TextProblem, INVALID),
    (SignInNeeded, UNAUTHENTICATED),
    (NotAllowed, NOT_ALLOWED),
    (Missing, NOT_FOUND),
    (Conflict, CONFLICT),
    (Gone, GONE),
    (TooMany, TOO_MANY),
    (NotStored, NOT_STORED),
    (Http404, NOT_FOUND),
    (PermissionDenied, NOT_ALLOWED),
    (RequestDataTooBig, TOO_LARGE),
    (SuspiciousOperation, BAD_REQUEST),
    (BadRequest, BAD_REQUEST),
    (PreconditionFailed, PRECONDITION),
    (BodyTooLarge, TOO_LARGE),
    (LengthRequired, LENGTH),
    (exceptions.ParseError, BAD_REQUEST),
    (exceptions.ValidationError, INVALID),
    (exceptions.NotAuthenticated, UNAUTHENTICATED),
    (exceptions.AuthenticationFailed, UNAUTHENTICATED),
    (exceptions.PermissionDenied, NOT_ALLOWED),
    (exceptions.NotFound, NOT_FOUND),
    (exceptions.MethodNotAllowed, METHOD),
    (exceptions.UnsupportedMediaType, MEDIA),
    (exceptions.Throttled, TOO_MANY),
    (DownloadsBusy, UNAVAILABLE),
    (OperationalError, UNAVAILABLE),
    (InterfaceError, UNAVAILABLE),
)
_RETRY_WHEN_UNAVAILABLE: Final = 5


def problem_response(error: Exception, context: dict[str, Any]) -> Response:
    """Turn an exception into a problem response (DRF's exception handler)."""
    if isinstance(error, DatabaseError | InterfaceError) and _reads_replica():
        raise error  # what a replica has failed is repeated on the primary
    error = disk_problem(error) or error
    kind = next((kind for known, kind in _TABLE if isinstance(error, known)), UNEXPECTED)
    request = context.get("request")
    if kind.status >= UNEXPECTED.status and not isinstance(error, DownloadsBusy):
        path = getattr(request, "path", "")
        logger.error("%s: %s", path, type(error).__name__, exc_info=error, extra={"status_code": kind.status})
        if kind is UNEXPECTED:
            # What Django does for its own views, so that test clients and error trackers hear of it.
            got_request_exception.send(sender=None, request=request)
    reasons = [_reason(name, problem) for name, problem in _problems(error)]
    body: dict[str, object] = {
        "type": f"{_documentation(request)}#problem-{kind.name}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": _detail(error, kind, reasons),
        "code": _code(error, kind),
        "errors": reasons,
    }
    # Given by the site's outermost middleware; the log has it, too.
    if request_id := getattr(request, "request_id", ""):
        body["request_id"] = request_id
    if isinstance(error, ProofNeeded):
        body["challenge"] = _absolute(request, reverse("api:challenge"))
    if isinstance(error, SignInNeeded):
        body["sign_in"] = _absolute(request, reverse("sign-in", args=(error.slug,)))
    if isinstance(error, Conflict) and "id" in error.params:
        body["id"] = str(error.params["id"])
    set_rollback()
    response = Response(body, status=kind.status, headers=_headers(error), content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def _reads_replica() -> bool:
    return router.db_for_read(Campaign) != DEFAULT_DB_ALIAS


def _problems(error: Exception) -> Iterator[tuple[str, Problem]]:
    """Reasons by field or parameter."""
    if isinstance(error, Invalid):
        for name, problems in error.fields.items():
            yield from ((name, problem) for problem in problems)
    elif isinstance(error, QueryProblem | GeometryProblem | TextProblem):
        yield str(error.params.get("parameter", "")), Problem(error.code, error.params)


def _reason(name: str, problem: Problem) -> dict[str, str]:
    return {"field": name, "code": problem.code, "detail": sentence(problem.code, problem.params)}


def _detail(error: Exception, kind: Kind, reasons: list[dict[str, str]]) -> str:
    if reasons:
        return " ".join(dict.fromkeys(reason["detail"] for reason in reasons))
    if isinstance(error, DomainError):
        return sentence(error.code, error.params)
    if isinstance(error, BodyTooLarge):
        return sentence("body_too_large", {"limit": error.limit})
    if isinstance(error, exceptions.APIException) and isinstance(error.detail, str):
        return str(error.detail)
    return str(kind.title)


def _code(error: Exception, kind: Kind) -> str:
    if isinstance(error, DomainError):
        return error.code
    if isinstance(error, BodyTooLarge):
        return error.default_code
    return kind.name.replace("-", "_")


def _headers(error: Exception) -> dict[str, str]:
    headers: dict[str, str] = {}
    challenge = getattr(error, "auth_header", None)
    if challenge:
        headers["WWW-Authenticate"] = challenge
    if isinstance(error, SignInNeeded):
        # RFC 9110 section 11.6.1 demands a challenge; browsers ignore this one (draft-broyer-http-cookie-auth).
        path = reverse("sign-in", args=(error.slug,))
        headers["WWW-Authenticate"] = f'Cookie realm="{error.slug}", form-action="{path}"'
    wait = error.retry_after if isinstance(error, TooMany) else getattr(error, "wait", None)
    if isinstance(error, OperationalError | InterfaceError):
        wait = _RETRY_WHEN_UNAVAILABLE
    if wait is not None:
        headers["Retry-After"] = str(max(1, round(wait)))
    if isinstance(error, ProofNeeded):
        headers[CHALLENGE] = reverse("api:challenge")
    return headers


def _documentation(request: Any) -> str:
    return _absolute(request, reverse("api:docs"))


def _absolute(request: Any, path: str) -> str:
    return request.build_absolute_uri(path) if request is not None else path
