"""Exact data in bulk from a browser's session: only shortly after somebody proved who they are."""

from __future__ import annotations

from typing import Final

from rest_framework.request import Request

from doors.signin.again import is_fresh
from mapping.http.parameters.export import Asked
from mapping.models import Campaign, ExportJob
from mapping.services.errors import NotAllowed

FREELY_READ: Final = 100
"""Contributions on a page of a list that an open session reads without a proof."""


def is_exact(asked: Asked, campaign: Campaign) -> bool:
    """Whether a file holds contributions that the public of a protected campaign does not see one by one."""
    return not asked.is_public and not campaign.publishes_points


def is_exact_file(job: ExportJob) -> bool:
    """The same of a file that was written in the background; responses to surveys are exact always."""
    return job.is_of_responses or (job.asked_by_id is not None and not job.campaign.publishes_points)


def require_fresh(request: Request) -> None:
    """Raise NotAllowed `proof_is_old` for a session whose last proof is too old. API tokens are a proof themselves."""
    if not _is_proven(request):
        raise NotAllowed("proof_is_old")


def require_fresh_for_page(
    request: Request, campaign: Campaign, statuses: tuple[str, ...] | None, number: int
) -> None:
    """The same for a page of so many contributions that the public of a protected campaign does not see one by one.

    `statuses` are those that the reader may see, None what the public does. Pages of at most FREELY_READ need no
    proof. Raises NotAllowed `page_needs_proof`.
    """
    is_in_bulk = statuses is not None and not campaign.publishes_points and number > FREELY_READ
    if is_in_bulk and not _is_proven(request):
        raise NotAllowed("page_needs_proof", limit=FREELY_READ)


def _is_proven(request: Request) -> bool:
    return request.auth is not None or is_fresh(request._request)  # noqa: SLF001 - DRF's way to the plain request
