"""Logs."""

from typing import Any

from environs import validate

from geoparticipation.settings.environment import env

LOG_FORMAT: str = env.str("LOG_FORMAT", "json", validate=validate.OneOf(["json", "plain"]))

# No visitor's address, no query string with a private link ever reaches a log.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "geoparticipation.logs.PlainLines",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "geoparticipation.logs.JsonLines"},
    },
    "filters": {"without_private_links": {"()": "geoparticipation.logs.WithoutPrivateLinks"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["without_private_links"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Access to protected campaigns is always logged, whatever the level of other loggers; requests where ACCESS_LOG
    # says so. The pool tries to connect several times a second while PostgreSQL is away: requests that fail say so.
    "loggers": {
        "geoparticipation.access": {"level": "INFO"},
        "geoparticipation.requests": {"level": "INFO"},
        "psycopg.pool": {"level": "ERROR"},
    },
}
