"""The database with its pool, and the background work that it queues."""

from typing import Any

import dj_database_url

from geoparticipation.settings.environment import env

# --- database --------------------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL"),
        engine="geoparticipation.postgis",
        conn_max_age=0,
        conn_health_checks=True,
    )
}
DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
    "min_size": env.int("DATABASE_POOL_MIN", 1),
    "max_size": env.int("DATABASE_POOL_MAX", 20),
    # Time limit for getting a connection. Without one the pause between two attempts to reconnect doubles up to
    # minutes, and the site would stay down long after the database is back.
    "timeout": 3,
    "reconnect_timeout": 1,
}
# Concurrent runs on one machine use a test database each.
DATABASES["default"]["TEST"] = {"NAME": env.str("TEST_DB_NAME", None)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- background work -------------------------------------------------------------------------------------------
# A worker that starts makes up for periodic tasks that none has begun since so long: seconds.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}
