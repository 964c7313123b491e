"""A coarse word for a device, such as "Firefox, Android": enough to know one's own, too little to tell people apart."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest

# The first that is found counts: most browsers name others as well.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device_of(request: HttpRequest) -> str:
    """Browser and system of a request, from fixed lists; empty where neither is known."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    words = (_first(_BROWSERS, agent), _first(_SYSTEMS, agent))
    return ", ".join(word for word in words if word)


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((word for sign, word in names if sign in agent), "")
