"""The city's accent colour as a style sheet (the strict content security policy allows no inline style).

A city sets one colour, on its page or as `CITY_ACCENT=#c8102e`; shades for both colour schemes are derived from it
(`mapping.geo.colour`) such that text stays readable whatever colour it is.
"""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from mapping.geo.colour import schemes_of
from mapping.models.setup.profile import current_city


def style_sheet(accent: str) -> str:
    """CSS that overrides the accent tokens; empty when the text is not a colour like `#c8102e`."""
    schemes = schemes_of(accent)
    if schemes is None:
        return ""
    light, dark = schemes
    return f":root {{ {light.rules} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark.rules} }} }}\n"


@require_safe
@cache_control(public=True, max_age=3600)
def theme(_request: HttpRequest) -> HttpResponse:
    """`/theme.css`: the city's accent; pages put the colour into the query, so that no cache shows a former one."""
    return HttpResponse(style_sheet(current_city().accent), content_type="text/css; charset=utf-8")
