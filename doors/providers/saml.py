"""SAML 2.0: a request by redirect, the answer by POST, checked by python3-saml in its strict mode.

Assertions must be signed by the key in the provider's metadata, be for this site, be in time, answer a request of this
browser, and come once. The metadata are read from a file: nothing is fetched.

What was used is forgotten at the end of the day (`doors.keys`). Hence a request counts on the day on which it was made
only: the assertion that answers it is refused from then on.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Final

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from doors.keys import subject_of
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


class _Answer(OneLogin_Saml2_Response):  # type: ignore[misc]
    """An answer that names the request and this site in what is signed.

    The library compares with the request only what is there, and by an attribute outside the signature.
    """

    def is_valid(
        self, request_data: dict[str, Any], request_id: str | None = None, raise_exceptions: bool = False
    ) -> bool:
        """Whether it is right in all that the library checks, and bound to the request."""
        return bool(super().is_valid(request_data, request_id, raise_exceptions)) and self._is_bound(
            request_id
        )

    def _is_bound(self, request_id: str | None) -> bool:
        """SAML 2.0 Profiles, section 4.1.4.3: the confirmations of the signed assertion, one by one."""
        here = self._settings.get_sp_data()["assertionConsumerService"]["url"]
        path = f"/saml:Subject/saml:SubjectConfirmation[@Method='{OneLogin_Saml2_Constants.CM_BEARER}']"
        said = [
            (one.get("InResponseTo"), one.get("Recipient"), one.get("NotOnOrAfter") is not None)
            for one in self._query_assertion(f"{path}/saml:SubjectConfirmationData")
        ]
        return (
            bool(request_id)
            and self.get_in_response_to() == request_id
            and bool(said)
            and all(one == (request_id, here, True) for one in said)
            and bool(self.get_audiences())
        )

    def authenticated_at(self) -> float | None:
        """When the provider checked who it is, by the signed assertion."""
        found = [one.get("AuthnInstant") for one in self._query_assertion("/saml:AuthnStatement")]
        return float(OneLogin_Saml2_Utils.parse_SAML_to_time(found[0])) if found and found[0] else None


class _Auth(OneLogin_Saml2_Auth):  # type: ignore[misc]
    response_class = _Answer
    authenticated_at: float | None = None

    def store_valid_response(self, response: _Answer) -> None:
        """Keep what the library does not."""
        self.authenticated_at = response.authenticated_at()
        super().store_valid_response(response)


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
    if not assertion or not is_first(subject_of(timezone.now(), "saml", assertion)):
        raise SignInFailed("sign_in_stale")
    return _claims(auth, provider)


def metadata(request: HttpRequest, provider: StaffProvider) -> bytes:
    """What this site says of itself, to be entered at the provider; raises SignInFailed."""
    own = OneLogin_Saml2_Settings(_settings(request, provider), sp_validation_only=True)
    return str(own.get_sp_metadata()).encode()


def _claims(auth: _Auth, provider: StaffProvider) -> Claims:
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
        authenticated_at=auth.authenticated_at,
    )


def _first(attributes: dict[str, list[str]], names: tuple[str, ...]) -> str:
    found = (attributes[name][0] for name in names if attributes.get(name))
    return str(next(found, "")).strip()


def _auth(request: HttpRequest, provider: StaffProvider) -> _Auth:
    asked = {
        "https": "on" if request.is_secure() else "off",
        "http_host": request.get_host(),
        "script_name": request.path,
        "get_data": request.GET.dict(),
        "post_data": request.POST.dict(),
    }
    return _Auth(asked, old_settings=_settings(request, provider))


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
