"""Who works here, and the mail that the site sends."""

from urllib.parse import urlsplit

from environs import validate

from geoparticipation.settings.environment import env
from geoparticipation.settings.site import SITE_URL

# --- staff -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["doors.passwords.ThrottledBackend"]
LOG_IN_RECORD_DAYS: int = env.int("LOG_IN_RECORD_DAYS", 90)
# Months of 31 days for which entries of the audit log are kept.
AUDIT_MONTHS: int = env.int("AUDIT_MONTHS", 12)
# Default and longest lifetime of API tokens.
API_TOKEN_DAYS: int = env.int("API_TOKEN_DAYS", 90)
API_TOKEN_MOST_DAYS: int = env.int("API_TOKEN_MOST_DAYS", 366)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "planning:campaigns"
LOGOUT_REDIRECT_URL = "home"
# For new passwords; those of before go on. Nothing about kinds of characters (OWASP ASVS 5.0, 6.2.5).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "accounts.worn_passwords.WornPasswordValidator"},
]

# Lifetime of links for a new password in seconds.
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60

# --- mail ------------------------------------------------------------------------------------------------------
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
