"""Delivery of the city's logo."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mapping.models import CityLogo

_YEAR = 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=_YEAR, immutable=True)
def logo(_request: HttpRequest, pk: UUID) -> HttpResponse:
    """The logo that pages show now; another one has another address, and a former one is nowhere."""
    found = CityLogo.objects.filter(pk=pk, cities__isnull=False).first()
    if found is None:
        raise Http404
    return HttpResponse(bytes(found.data), content_type="image/png")
