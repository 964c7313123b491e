"""`/metrics` for Prometheus."""

from __future__ import annotations

import os
from secrets import compare_digest
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from geoparticipation.watching.processes import SHARED_BY, forget_dead_processes
from geoparticipation.watching.readings.collecting import readings

_BEARER: Final = "Bearer "


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics of all processes of this server; 404 without the right `METRICS_TOKEN`, and where none is set."""
    given = request.headers.get("Authorization", "")
    token: str = settings.METRICS_TOKEN
    if not token or not compare_digest(given.encode(), (_BEARER + token).encode()):
        raise Http404
    return HttpResponse(metrics_text(), content_type=CONTENT_TYPE_LATEST)


def metrics_text() -> bytes:
    """All metrics as Prometheus reads them."""
    folder = os.environ.get(SHARED_BY)
    counted = REGISTRY
    if folder:
        forget_dead_processes(folder)
        counted = CollectorRegistry()
        MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
    own = CollectorRegistry()
    own.register(readings)
    return generate_latest(counted) + generate_latest(own)
