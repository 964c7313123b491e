"""Signing in: second factors, sessions, and the library for both (django-allauth)."""

from environs import validate

from geoparticipation.settings.environment import env

# Roles whose holders must have a second factor; `everybody` means all who can log in.
SECOND_FACTOR_ROLES: list[str] = env.strings(
    "SECOND_FACTOR_ROLES",
    validate=validate.ContainsOnly(
        ["everybody", "superuser", "staff", "manager", "moderator", "analyst"], error="Unknown role."
    ),
)

# --- sessions: of the staff alone, since citizens have none --------------------------------------------------------
SESSION_ENGINE = "doors.sessions.store"
SESSION_IDLE_MINUTES: int = env.int("SESSION_IDLE_MINUTES", 120, validate=validate.Range(min=1))
SESSION_HOURS: int = env.int("SESSION_HOURS", 12, validate=validate.Range(min=1))
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
# Minutes for which a proof (log-in, password, code, passkey) is enough for what is asked once more.
PROOF_MINUTES = 15

# --- django-allauth: steps of a log-in; accounts, limits, letters and pages are our own --------------------------
ACCOUNT_ADAPTER = "doors.signin.adapter.StaffAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
# Its limits would keep addresses, per process; those of `doors` apply.
ACCOUNT_RATE_LIMITS = False
# Seconds between the password and the second factor.
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
MFA_ADAPTER = "doors.factors.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODE_COUNT = 10
MFA_RECOVERY_CODE_DIGITS = 10
# Codes of the half minutes before and after count as well.
MFA_TOTP_TOLERANCE = 1
