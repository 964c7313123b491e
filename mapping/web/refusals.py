"""Status and headers of error pages, so that programs and scripts know when and how to retry."""

from typing import TypeVar

from django.http.response import HttpResponseBase
from django.urls import reverse

from mapping.http.problems import CHALLENGE
from mapping.services.errors import DomainError, Invalid, NotStored, ProofNeeded, SignInNeeded, TooMany

Page = TypeVar("Page", bound=HttpResponseBase)


def refused(page: Page, error: DomainError) -> Page:
    """Set status and headers of a page that shows an error."""
    page.status_code = _status(error)
    if isinstance(error, TooMany):
        page.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, ProofNeeded):
        page.headers[CHALLENGE] = reverse("api:challenge")
    return page


def _status(error: DomainError) -> int:
    if isinstance(error, TooMany):
        return 429
    if isinstance(error, NotStored):
        return 507
    if isinstance(error, SignInNeeded):
        return 401
    return 422 if isinstance(error, Invalid) else 403
