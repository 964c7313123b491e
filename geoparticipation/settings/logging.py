"""Logs."""

from typing import Any

from geoparticipation.settings.environment import env

# No visitor's address, no query string with a private link ever reaches a log.
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_private_links": {"()": "geoparticipation.logs.WithoutPrivateLinks"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["without_private_links"],
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    # Access to protected campaigns is always logged, whatever the level of other loggers.
    "loggers": {"geoparticipation.access": {"level": "INFO"}},
}
