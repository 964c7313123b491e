"""Settings, read from the environment: typed, documented in docs/operators/settings.md, failing loudly.

Keys without a default (SECRET_KEY, DATABASE_URL) stop the start when they are missing; `bin/*` provides both.
What Django is made of stands here, each other subject in a module of its own.
"""

from typing import Any

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _
from environs import validate

from geoparticipation.certificates import trust_the_system
from geoparticipation.geolibs import find_gdal, find_geos
from geoparticipation.settings.backup import *
from geoparticipation.settings.database import *
from geoparticipation.settings.environment import BASE_DIR, env
from geoparticipation.settings.files import *
from geoparticipation.settings.logging import *
from geoparticipation.settings.participation import *
from geoparticipation.settings.providers import *
from geoparticipation.settings.security import *
from geoparticipation.settings.signin import *
from geoparticipation.settings.site import *
from geoparticipation.settings.staff import *
from geoparticipation.settings.watching import *

# --- native libraries ------------------------------------------------------------------------------------------
GDAL_LIBRARY_PATH = find_gdal()
GEOS_LIBRARY_PATH = find_geos()
trust_the_system()

# --- applications ----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "geoparticipation.apps.SiteConfig",
    "mapping.apps.MappingConfig",
    "engagement.apps.EngagementConfig",
    "voting.apps.VotingConfig",
    "texts.apps.TextsConfig",
    "accounts.apps.AccountsConfig",
    "audit.apps.AuditConfig",
    "doors.apps.DoorsConfig",
    "geoparticipation.watching.apps.WatchingConfig",
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
    "geoparticipation.watching.middleware.WatchingMiddleware",
    "geoparticipation.middleware.operators.OperatorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "geoparticipation.middleware.files.StaticFilesMiddleware",
    "geoparticipation.middleware.compression.CompressionMiddleware",
    "geoparticipation.middleware.policy.PolicyMiddleware",
    "geoparticipation.middleware.cookies.PlausibleCookiesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "geoparticipation.middleware.language.ChosenLanguageMiddleware",
    "geoparticipation.middleware.bodies.LimitedFormMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "doors.signin.middleware.WholeLogInMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "geoparticipation.middleware.preview.PreviewMiddleware",
    "audit.ways.WayMiddleware",
    # The last, so that it can repeat a view.
    "geoparticipation.middleware.replicas.ReplicaMiddleware",
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

# --- language and time -----------------------------------------------------------------------------------------
LANGUAGE_CODE = "de"
# The languages of the site's own words: each but English has a catalogue in `locale/`.
LANGUAGES = [
    (code, _(LANG_INFO[code]["name"]))
    for code in env.strings(
        "SITE_LANGUAGES",
        ["de", "en"],
        validate=validate.ContainsOnly([*LANG_INFO], error="Unknown language."),
    )
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", "Europe/Berlin")
USE_TZ = True

# --- API -------------------------------------------------------------------------------------------------------
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
