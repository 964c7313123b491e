"""Settings, read from the environment: typed, documented in docs/operators/settings.md, failing loudly.

Keys without a default (SECRET_KEY, DATABASE_URL) stop the start when they are missing; `bin/*` provides both.
"""

from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

from geoparticipation.basemaps import BASEMAP_DE_COLOUR, BASEMAP_DE_GREY, Basemap
from geoparticipation.geolibs import find_gdal, find_geos

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- the site -------------------------------------------------------------------------------------------------
SECRET_KEY: str = env.str("SECRET_KEY")
DEBUG: bool = env.bool("DEBUG", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
SITE_URL: str = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS: list[str] = [SITE_URL]
# The city as long as its page among those of the planners is empty; what is filled in there stands.
CITY_NAME: str = env.str("CITY_NAME", "Kaiserslautern")
CITY_CONTACT: str = env.str("CITY_CONTACT", "")
CITY_ACCENT: str = env.str("CITY_ACCENT", "")
# What knows both: for apps below the one that has the page.
CITY_PROFILE = "mapping.models.setup.profile.current_city"
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
HTTPS: bool = SITE_URL.startswith("https://")

# --- native libraries -----------------------------------------------------------------------------------------
GDAL_LIBRARY_PATH = find_gdal()
GEOS_LIBRARY_PATH = find_geos()

# --- applications ---------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "geoparticipation.apps.SiteConfig",
    "mapping.apps.MappingConfig",
    "engagement.apps.EngagementConfig",
    "voting.apps.VotingConfig",
    "texts.apps.TextsConfig",
    "accounts.apps.AccountsConfig",
    "doors.apps.DoorsConfig",
    "geoparticipation.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "geoparticipation.middleware.files.StaticFilesMiddleware",
    "geoparticipation.middleware.compression.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "geoparticipation.middleware.cookies.PlausibleCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "geoparticipation.middleware.language.ChosenLanguageMiddleware",
    "geoparticipation.middleware.bodies.LimitedFormMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "geoparticipation.middleware.preview.PreviewMiddleware",
]
ROOT_URLCONF = "geoparticipation.urls"
WSGI_APPLICATION = "geoparticipation.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "geoparticipation.context.site",
            ],
        },
    },
]

# Widgets of questions have their templates among those of the site.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database -------------------------------------------------------------------------------------------------
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

# --- background work ------------------------------------------------------------------------------------------
# A worker that starts makes up for periodic tasks that none has begun since so long: seconds.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 24 * 60 * 60}

# --- staff ----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["doors.passwords.ThrottledBackend"]
LOG_IN_RECORD_DAYS: int = env.int("LOG_IN_RECORD_DAYS", 90)
# Default and longest lifetime of API tokens.
API_TOKEN_DAYS: int = env.int("API_TOKEN_DAYS", 90)
API_TOKEN_MOST_DAYS: int = env.int("API_TOKEN_MOST_DAYS", 366)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "planning:campaigns"
LOGOUT_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
    )
]

# Lifetime of links for a new password in seconds.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

# --- mail -----------------------------------------------------------------------------------------------------
# Without a server no mail is sent, which the pages explain.
EMAIL_HOST: str = env.str("EMAIL_HOST", "")
SENDS_MAIL: bool = bool(EMAIL_HOST)
EMAIL_PORT: int = env.int("EMAIL_PORT", 587)
EMAIL_HOST_USER: str = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = env.str("EMAIL_HOST_PASSWORD", "")
EMAIL_SECURITY: str = env.str(
    "EMAIL_SECURITY", "starttls", validate=validate.OneOf(["starttls", "tls", "none"])
)
EMAIL_USE_TLS, EMAIL_USE_SSL = EMAIL_SECURITY == "starttls", EMAIL_SECURITY == "tls"
EMAIL_TIMEOUT = 10
# Where mails come back that cannot be delivered: empty, or a mailbox whose mail goes to `read_bounces`.
EMAIL_BOUNCES: str = env.str("EMAIL_BOUNCES", "")
DEFAULT_FROM_EMAIL: str = env.str("EMAIL_FROM", f"noreply@{urlsplit(SITE_URL).hostname or 'localhost'}")

# --- language and time ----------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
# The languages of the site's own words: each but English has a catalogue in `locale/`.
LANGUAGES = [
    (code, _(LANG_INFO[code]["name"]))
    for code in env.list(
        "SITE_LANGUAGES",
        ["de", "en"],
        validate=validate.ContainsOnly([*LANG_INFO], error="Unknown language."),
    )
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Berlin")
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
# The apps' scripts and style sheets, bundled at set-up with the npm packages that they import (bin/lib/build.mjs).
BUILT_DIR = VAR_DIR / "built"
# Reports read Leaflet from its package; nothing of it is committed.
STATICFILES_DIRS = [
    ("built", BUILT_DIR),
    ("vendor/leaflet", BASE_DIR / "node_modules" / "leaflet" / "dist"),
]
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "geoparticipation.serving.storage.WholeFileStorage"},
    "staticfiles": {"BACKEND": "geoparticipation.serving.built.BuiltFilesStorage"},
}
# Served directly from their folders, without collectstatic. Names of built files hold a hash: they are kept for good.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/built/.+-[0-9A-Z]{8}\.\w+$"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "geoparticipation.serving.uploads.CarefulUploadHandler",
]
# Free space below which /readyz reports a full disk.
LEAST_FREE_MEGABYTES: int = env.int("LEAST_FREE_MEGABYTES", 200)
# Limit of one file that planners upload; form fields are limited by DATA_UPLOAD_MAX_MEMORY_SIZE.
IMPORT_MEGABYTES: int = env.int("IMPORT_MEGABYTES", 200)
# Limits of one PDF of a document.
DOCUMENT_MEGABYTES: int = env.int("DOCUMENT_MEGABYTES", 50)
DOCUMENT_PAGES: int = env.int("DOCUMENT_PAGES", 2000)

# --- base maps ------------------------------------------------------------------------------------------------
# Fetched by the tile route of this site only (no visitor's address leaves it); `off` means plain ground.
BASEMAPS: dict[str, Basemap] = {
    "colour": Basemap(
        template=env.str("BASEMAP_COLOUR_URL", BASEMAP_DE_COLOUR),
        attribution=env.str("BASEMAP_ATTRIBUTION", "© basemap.de / BKG"),
        maximum_zoom=env.int("BASEMAP_MAXIMUM_ZOOM", 20),
    ),
    "grey": Basemap(
        template=env.str("BASEMAP_GREY_URL", BASEMAP_DE_GREY),
        attribution=env.str("BASEMAP_ATTRIBUTION", "© basemap.de / BKG"),
        maximum_zoom=env.int("BASEMAP_MAXIMUM_ZOOM", 20),
    ),
}
BASEMAP_CACHE_DAYS: int = env.int("BASEMAP_CACHE_DAYS", 30)
BASEMAP_CACHE_MEGABYTES: int = env.int("BASEMAP_CACHE_MEGABYTES", 1000)

# --- participation --------------------------------------------------------------------------------------------
PARTICIPANT_COOKIE_NAME = "participant"
PARTICIPANT_COOKIE_DAYS: int = env.int("PARTICIPANT_COOKIE_DAYS", 365)
SUBMISSIONS_PER_MINUTE: int = env.int("SUBMISSIONS_PER_MINUTE", 20)
FEEDBACK_PER_MINUTE: int = env.int("FEEDBACK_PER_MINUTE", 60)
# Per process; fewer than the threads of the server (bin/demo: 16), as each download occupies one until it ends.
DOWNLOADS_AT_ONCE: int = env.int("DOWNLOADS_AT_ONCE", 10)
# Number of these reserved for the staff of the campaign.
DOWNLOADS_FOR_STAFF: int = env.int("DOWNLOADS_FOR_STAFF", 2)
# Number of downloads, per process, that may read a large campaign over two database connections in parallel.
DOWNLOADS_DIVIDED_AT_ONCE: int = env.int("DOWNLOADS_DIVIDED_AT_ONCE", 2)
# Cache of pages and tiles of the OGC API, per process, in memory; 0 disables it.
KEPT_ANSWERS_MEGABYTES: int = env.int("KEPT_ANSWERS_MEGABYTES", 32)
# Most contributions of files that are written while the client waits; larger ones become jobs.
EXPORTS_AT_ONCE: int = env.int("EXPORTS_AT_ONCE", 5000)
EXPORT_LINK_HOURS: int = env.int("EXPORT_LINK_HOURS", 24)
EXPORT_JOBS_PER_MINUTE: int = env.int("EXPORT_JOBS_PER_MINUTE", 10)
EXPORT_JOBS_WAITING: int = env.int("EXPORT_JOBS_WAITING", 20)

# --- statement on accessibility (section 7 BITV 2.0) -----------------------------------------------------------
ACCESSIBILITY_PREPARED_ON: date = env.date("ACCESSIBILITY_PREPARED_ON", date(2026, 11, 30))
# Name and contact in one line each: who settles conflicts, who watches over public sites.
ACCESSIBILITY_ARBITRATION: str = env.str("ACCESSIBILITY_ARBITRATION", "")
ACCESSIBILITY_SUPERVISION: str = env.str("ACCESSIBILITY_SUPERVISION", "")

# --- open data: publisher in catalogues (DCAT-AP.de) ----------------------------------------------------------
DATA_LICENCE: str = env.str("DATA_LICENCE", "dl-de/by-2-0")
DCAT_CONTRIBUTOR: str = env.str("DCAT_CONTRIBUTOR", "")
CITY_LOCATION: str = env.str("CITY_LOCATION", "")

# --- another council information system (OParl) whose bodies are read into this site every night ------------------
OPARL_SOURCES: list[str] = env.list("OPARL_SOURCES", [])
# E-mail address of the account that stores what was read; it needs the right to edit dates and papers.
OPARL_READS_AS: str = env.str("OPARL_READS_AS", "")

# --- security -------------------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
BEHIND_PROXY: bool = env.bool("BEHIND_PROXY", False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# Number of proxies that append to X-Forwarded-For: the trusted entry is counted from the right.
TRUSTED_PROXIES: int = env.int("TRUSTED_PROXIES", 1 if BEHIND_PROXY else 0)
# Factor of all limits by network; 0 disables them.
NETWORK_LIMITS: float = env.float("NETWORK_LIMITS", 1.0)
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# --- API ------------------------------------------------------------------------------------------------------
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mapping.http.authentication.BearerTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["mapping.http.parsers.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "mapping.http.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "geoparticipation",
    "DESCRIPTION": "Campaigns, contributions and heat maps of a city's participation on the map.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- logging: no visitor's address, no query string with a private link ever reaches a log --------------------
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
