"""Sign-in at providers of others: where citizens prove that they count once."""

from geoparticipation.settings.environment import env

# --- OpenID Connect for citizens: campaigns may be open to people who signed in there only -----------------------
CITIZEN_OIDC_ISSUER: str = env.str("CITIZEN_OIDC_ISSUER", "").rstrip("/")
CITIZEN_OIDC_CLIENT_ID: str = env.str("CITIZEN_OIDC_CLIENT_ID", "")
CITIZEN_OIDC_CLIENT_SECRET: str = env.str("CITIZEN_OIDC_CLIENT_SECRET", "")
# What pages call the provider, for example "BürgerID".
CITIZEN_OIDC_NAME: str = env.str("CITIZEN_OIDC_NAME", "")
# Levels of assurance (`acr`) of which one is demanded; empty accepts whatever the provider accepts.
CITIZEN_OIDC_LEVELS: list[str] = env.list("CITIZEN_OIDC_LEVELS", [])
# How long a browser stays signed in, in hours.
CITIZEN_SIGN_IN_HOURS: int = env.int("CITIZEN_SIGN_IN_HOURS", 12)
