"""Metrics, access log, error reports."""

from geoparticipation.settings.environment import env

# Opens /metrics; without it the page does not exist.
METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
ACCESS_LOG: bool = env.bool("ACCESS_LOG", False)
SENTRY_DSN: str = env.str("SENTRY_DSN", "")
SENTRY_ENVIRONMENT: str = env.str("SENTRY_ENVIRONMENT", "production")
