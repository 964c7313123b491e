"""Sign-in at providers of others: where citizens prove that they count once."""

from typing import Any, Final

from environs import validate

from geoparticipation.settings.environment import env

# --- OpenID Connect for citizens: campaigns may be open to people who signed in there only -----------------------
CITIZEN_OIDC_ISSUER: str = env.str("CITIZEN_OIDC_ISSUER", "").rstrip("/")
CITIZEN_OIDC_CLIENT_ID: str = env.str("CITIZEN_OIDC_CLIENT_ID", "")
CITIZEN_OIDC_CLIENT_SECRET: str = env.str("CITIZEN_OIDC_CLIENT_SECRET", "")
# What pages call the provider, for example "BürgerID".
CITIZEN_OIDC_NAME: str = env.str("CITIZEN_OIDC_NAME", "")
# Levels of assurance (`acr`) of which one is demanded; empty accepts whatever the provider accepts.
CITIZEN_OIDC_LEVELS: list[str] = env.strings("CITIZEN_OIDC_LEVELS")
# How long a browser stays signed in, in hours.
CITIZEN_SIGN_IN_HOURS: int = env.int("CITIZEN_SIGN_IN_HOURS", 12)


# --- staff: OpenID Connect and SAML instead of a password ----------------------------------------------------------
_TRUST: Final = validate.OneOf(["no", "verified", "always"])


def _rules_of(prefix: str, key: str, kind: str) -> dict[str, Any]:
    """What staff who come from a provider get here."""
    return {
        "key": key,
        "kind": kind,
        "name": env.str(f"{prefix}NAME", key),
        "trusts_email": env.str(f"{prefix}TRUST_EMAIL", "no", validate=_TRUST),
        "creates_accounts": env.bool(f"{prefix}CREATE_ACCOUNTS", False),
        "role_claim": env.str(f"{prefix}ROLE_CLAIM", ""),
        "roles": env.json(f"{prefix}ROLES", {}),
        "second_factor": env.strings(f"{prefix}SECOND_FACTOR"),
    }


def _oidc_of(prefix: str, key: str) -> dict[str, Any]:
    return _rules_of(prefix, key, "oidc") | {
        "issuer": env.str(f"{prefix}ISSUER").rstrip("/"),
        "client_id": env.str(f"{prefix}CLIENT_ID"),
        "client_secret": env.str(f"{prefix}CLIENT_SECRET", ""),
        "scopes": env.str(f"{prefix}SCOPES", "openid email profile"),
    }


_FURTHER: list[str] = env.strings("OIDC_PROVIDERS")
STAFF_PROVIDERS: list[dict[str, Any]] = [
    *([_oidc_of("OIDC_", "oidc")] if env.str("OIDC_ISSUER", "") else []),
    # Further ones: OIDC_PROVIDERS=second reads OIDC_SECOND_ISSUER and so on.
    *(_oidc_of(f"OIDC_{key.upper()}_", key) for key in _FURTHER),
]
if env.str("SAML_METADATA_FILE", ""):
    STAFF_PROVIDERS.append(
        _rules_of("SAML_", "saml", "saml")
        | {
            "metadata_file": env.str("SAML_METADATA_FILE"),
            "entity_id": env.str("SAML_ENTITY_ID", ""),
            "subject_attribute": env.str("SAML_SUBJECT_ATTRIBUTE", ""),
            "email_attribute": env.str("SAML_EMAIL_ATTRIBUTE", "urn:oid:0.9.2342.19200300.100.1.3"),
        }
    )
