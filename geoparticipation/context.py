from django.conf import settings
from django.http import HttpRequest


def site(_request: HttpRequest) -> dict[str, object]:
    """Context of every page: the city's name, contact and accent colour."""
    return {
        "city_name": settings.CITY_NAME,
        "city_contact": settings.CITY_CONTACT,
        "city_accent": settings.CITY_ACCENT,
        "site_url": settings.SITE_URL,
    }
