"""A post office, and people who subscribed."""

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.engagement.subscriptions.post import PostOffice, free_port, open_office


@pytest.fixture
def post(settings: Settings) -> Iterator[PostOffice]:
    """A mail server that takes everything, and a site that sends to it."""
    port = free_port()
    sends_to(settings, port)
    with open_office(port) as office:
        yield office


def sends_to(settings: Settings, port: int) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.SENDS_MAIL = True
    settings.EMAIL_TIMEOUT = 1
    settings.SITE_URL = "https://beteiligung.example.org"
    settings.DEFAULT_FROM_EMAIL = "noreply@example.org"
    settings.EMAIL_BOUNCES = ""
