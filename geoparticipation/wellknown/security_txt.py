"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_VALID_FOR: Final = timedelta(days=180)
"""RFC 9116, section 2.5.5: less than a year. It goes on while the site runs."""


def contacts() -> list[str]:
    """The contacts as addresses (section 2.5.3); plain e-mail addresses become `mailto:`."""
    found = [one.strip() for one in settings.SECURITY_CONTACT]
    return [one if ":" in one or "@" not in one else f"mailto:{one}" for one in found if one]


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(_request: HttpRequest) -> HttpResponse:
    """The file; 404 where no contact is set, since one is required."""
    found = contacts()
    if not found:
        raise Http404
    midnight = datetime.combine(timezone.now().astimezone(UTC).date(), time.min, UTC)
    lines = [
        *(f"Contact: {one}" for one in found),
        f"Expires: {midnight + _VALID_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}{reverse('security-txt')}",
    ]
    return HttpResponse("\r\n".join([*lines, ""]), content_type="text/plain; charset=utf-8")
