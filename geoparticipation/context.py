from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from geoparticipation.navigation import SITE_LINKS
from mapping.models.setup.profile import current_city


def site(_request: HttpRequest) -> dict[str, object]:
    """Context of every page: the city, read from the database only where a template shows something of it."""
    return {
        "city": SimpleLazyObject(current_city),
        "city_name": _lazy(lambda: current_city().name),
        "city_contact": _lazy(lambda: current_city().contact),
        "city_accent": _lazy(lambda: current_city().accent),
        "site_url": settings.SITE_URL,
        "site_links": SITE_LINKS,
    }


def _lazy(read: Callable[[], str]) -> object:
    return SimpleLazyObject(read)
