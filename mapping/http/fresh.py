"""Exports of exact data from a browser's session: only shortly after somebody proved who they are."""

from __future__ import annotations

from rest_framework.request import Request

from doors.signin.again import is_fresh
from mapping.http.parameters.export import Asked
from mapping.models import Campaign, ExportJob
from mapping.services.errors import NotAllowed


def is_exact(asked: Asked, campaign: Campaign) -> bool:
    """Whether a file holds contributions that the public of a protected campaign does not see one by one."""
    return not asked.is_public and not campaign.publishes_points


def is_exact_file(job: ExportJob) -> bool:
    """The same of a file that was written in the background; responses to surveys are exact always."""
    return job.is_of_responses or (job.asked_by_id is not None and not job.campaign.publishes_points)


def require_fresh(request: Request) -> None:
    """Raise NotAllowed `proof_is_old` for a session whose last proof is too old. API tokens are a proof themselves."""
    if request.auth is None and not is_fresh(request._request):  # noqa: SLF001 - DRF's way to the plain request
        raise NotAllowed("proof_is_old")
