"""SAML 2.0: a request by redirect, the answer by POST, checked by python3-saml in its strict mode.

Assertions must be signed by the key in the provider's metadata, be for this site, be in time, answer a request of this
browser, and come once. The metadata are read from a file: nothing is fetched.
"""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from doors.proofs import is_first
from doors.providers.configured import Claims, StaffProvider
from doors.providers.openid import SignInFailed

_EMAILS: Final = (
    "mail",
    "email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)
"""Other names of the attribute with the address, as providers call it."""
_FIRST_NAMES: Final = (
    "urn:oid:2.5.4.42",
    "givenName",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
)
_LAST_NAMES: Final = (
    "urn:oid:2.5.4.4",
    "sn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
)

logger = logging.getLogger(__name__)


def begin(request: HttpRequest, provider: StaffProvider, *, anew: bool) -> tuple[str, str]:
    """The address to send a browser to, and the id of the request, which the answer must name.

    With `anew` the provider must ask for the password again. Raises SignInFailed "sign_in_unavailable".
    """
    auth = _auth(request, provider)
    address = auth.login(force_authn=anew)
    return address, str(auth.get_last_request_id())


def complete(request: HttpRequest, provider: StaffProvider, request_id: str) -> Claims:
    """Whom an answer by POST is about; raises SignInFailed."""
    auth = _auth(request, provider)
    try:
        auth.process_response(request_id=request_id)
    except Exception as error:  # noqa: BLE001 - whatever a broken document makes of the libraries below
        logger.warning("A SAML answer could not be read: %s", type(error).__name__)
        raise SignInFailed("sign_in_refused") from None
    if auth.get_errors() or not auth.is_authenticated():
        logger.warning("A SAML answer was refused: %s", ", ".join(auth.get_errors()) or "not authenticated")
        raise SignInFailed("sign_in_refused")
    assertion = str(auth.get_last_assertion_id() or "")
    if not assertion or not is_first(hashlib.sha256(f"saml:{assertion}".encode()).digest()):
        raise SignInFailed("sign_in_stale")
    return _claims(auth, provider)


def metadata(request: HttpRequest, provider: StaffProvider) -> bytes:
    """What this site says of itself, to be entered at the provider; raises SignInFailed."""
    own = OneLogin_Saml2_Settings(_settings(request, provider), sp_validation_only=True)
    return str(own.get_sp_metadata()).encode()


def _claims(auth: OneLogin_Saml2_Auth, provider: StaffProvider) -> Claims:
    attributes: dict[str, list[str]] = auth.get_attributes()
    subject = _first(attributes, (provider.subject_attribute,)) if provider.subject_attribute else ""
    if (
        not provider.subject_attribute
        and auth.get_nameid_format() != OneLogin_Saml2_Constants.NAMEID_TRANSIENT
    ):
        subject = str(auth.get_nameid() or "")
    if not subject:
        logger.error("A SAML answer names nobody who could be recognised: see SAML_SUBJECT_ATTRIBUTE.")
        raise SignInFailed("sign_in_refused")
    issuer = str(auth.get_settings().get_idp_data()["entityId"])
    return Claims(
        issuer,
        subject,
        _first(attributes, (provider.email_attribute, *_EMAILS)),
        roles=tuple(attributes.get(provider.role_claim, ())) if provider.role_claim else (),
        methods=tuple(auth.get_last_authn_contexts()),
        first_name=_first(attributes, _FIRST_NAMES),
        last_name=_first(attributes, _LAST_NAMES),
    )


def _first(attributes: dict[str, list[str]], names: tuple[str, ...]) -> str:
    found = (attributes[name][0] for name in names if attributes.get(name))
    return str(next(found, "")).strip()


def _auth(request: HttpRequest, provider: StaffProvider) -> OneLogin_Saml2_Auth:
    asked = {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": request.path,
        "get_data": request.GET.dict(),
        "post_data": request.POST.dict(),
    }
    return OneLogin_Saml2_Auth(asked, old_settings=_settings(request, provider))


def _settings(request: HttpRequest, provider: StaffProvider) -> dict[str, Any]:
    try:
        described = OneLogin_Saml2_IdPMetadataParser.parse(Path(provider.metadata_file).read_bytes())
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the file
        logger.error("SAML_METADATA_FILE cannot be read: %s", type(error).__name__)  # noqa: TRY400 - as above
        raise SignInFailed("sign_in_unavailable") from None
    if "idp" not in described:
        logger.error("SAML_METADATA_FILE describes no provider.")
        raise SignInFailed("sign_in_unavailable")
    own_metadata = request.build_absolute_uri(reverse("provider-metadata", args=(provider.key,)))
    own = {
        "strict": True,
        "sp": {
            "entityId": provider.entity_id or own_metadata,
            "assertionConsumerService": {
                "url": request.build_absolute_uri(reverse("provider-back", args=(provider.key,))),
                "binding": OneLogin_Saml2_Constants.BINDING_HTTP_POST,
            },
            "NameIDFormat": OneLogin_Saml2_Constants.NAMEID_UNSPECIFIED,
        },
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": not provider.subject_attribute,
            "wantAttributeStatement": False,
            "requestedAuthnContext": False,
            "rejectDeprecatedAlgorithm": True,
            "rejectUnsolicitedResponsesWithInResponseTo": True,
            "allowRepeatAttributeName": True,
            "allowSingleLabelDomains": True,
        },
    }
    merged: dict[str, Any] = OneLogin_Saml2_IdPMetadataParser.merge_settings(described, own)
    return merged
