"""A SAML provider made of a key: its metadata, and answers signed by it, or by nobody."""

from __future__ import annotations

import base64
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from tests.signing_in.provider import asked_for

ISSUER = "https://idp.example/saml"
BACK = "http://testserver/accounts/at/saml/back/"
SITE = "http://testserver/accounts/at/saml/metadata.xml"
SAML = "{urn:oasis:names:tc:SAML:2.0:assertion}"
SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}Signature"


def _made_key() -> tuple[str, str]:
    """A private key and its certificate, both PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "idp.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private.decode(), certificate.public_bytes(serialization.Encoding.PEM).decode()


KEY, CERTIFICATE = _made_key()
OTHER_KEY, OTHER_CERTIFICATE = _made_key()


def write_metadata(folder: Path) -> Path:
    """The provider's metadata as a file."""
    raw = "".join(CERTIFICATE.splitlines()[1:-1])
    path = folder / "idp.xml"
    path.write_text(
        f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{ISSUER}">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{raw}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        f'<md:SingleSignOnService Binding="{Names.BINDING_HTTP_REDIRECT}" Location="{ISSUER}/sso"/>'
        "</md:IDPSSODescriptor></md:EntityDescriptor>"
    )
    return path


def request_id_in(address: str) -> str:
    """The id of the request to which a browser was sent."""
    raw = base64.b64decode(unquote(asked_for(address)["SAMLRequest"]))
    return str(etree.fromstring(zlib.decompress(raw, -15)).get("ID"))


@dataclass
class Answer:
    """An answer as the provider sends it; each field can be made wrong."""

    request_id: str
    subject: str = "ada"
    audience: str = SITE
    destination: str = BACK
    issuer: str = ISSUER
    valid_for: timedelta = timedelta(minutes=5)
    format: str = Names.NAMEID_PERSISTENT
    context: str = "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
    attributes: dict[str, list[str]] = field(default_factory=lambda: {"mail": ["ada@example.org"]})
    checked: timedelta = timedelta(minutes=10)
    """How long ago somebody typed the password."""
    names_request: bool = True
    """On the response, outside the signature."""
    confirmed: str | None = None
    """Attributes of the signed confirmation in the place of the right ones."""
    assertion_id: str = field(default_factory=lambda: f"_{uuid.uuid4().hex}")

    def xml(self, *, key: str | None = KEY, certificate: str = CERTIFICATE) -> str:
        """The document, its assertion signed by a key, or not at all."""
        assertion = self._assertion()
        if key is not None:
            signed = OneLogin_Saml2_Utils.add_sign(
                assertion, key, certificate, sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256
            )
            assertion = signed.decode() if isinstance(signed, bytes) else str(signed)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        named = f' InResponseTo="{self.request_id}"' if self.names_request else ""
        return (
            f'<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" xmlns:saml="{Names.NS_SAML}" ID="_{uuid.uuid4().hex}"'
            f' Version="2.0" IssueInstant="{now}" Destination="{self.destination}"{named}>'
            f"<saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>"
            f'<samlp:StatusCode Value="{Names.STATUS_SUCCESS}"/></samlp:Status>{assertion}</samlp:Response>'
        )

    def _assertion(self) -> str:
        now = datetime.now(UTC)
        begun, end = (
            moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            for moment in (now - timedelta(minutes=10), now + self.valid_for)
        )
        attributes = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in self.attributes.items()
        )
        checked = (now - self.checked).strftime("%Y-%m-%dT%H:%M:%SZ")
        confirmed = self.confirmed
        if confirmed is None:
            confirmed = f'InResponseTo="{self.request_id}" Recipient="{self.destination}"'
        audience = f"<saml:Audience>{self.audience}</saml:Audience>"
        audience = f"<saml:AudienceRestriction>{audience}</saml:AudienceRestriction>" if self.audience else ""
        return (
            f'<saml:Assertion xmlns:saml="{Names.NS_SAML}" ID="{self.assertion_id}" Version="2.0"'
            f' IssueInstant="{begun}"><saml:Issuer>{self.issuer}</saml:Issuer><saml:Subject>'
            f'<saml:NameID Format="{self.format}">{self.subject}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{Names.CM_BEARER}"><saml:SubjectConfirmationData'
            f' NotOnOrAfter="{end}" {confirmed}/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{begun}" NotOnOrAfter="{end}">{audience}</saml:Conditions>'
            f'<saml:AuthnStatement AuthnInstant="{checked}" SessionIndex="_1"><saml:AuthnContext>'
            f"<saml:AuthnContextClassRef>{self.context}</saml:AuthnContextClassRef></saml:AuthnContext>"
            "</saml:AuthnStatement>"
            f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement></saml:Assertion>"
        )


def sent(xml: str) -> dict[str, str]:
    """The form that brings a document."""
    return {"SAMLResponse": base64.b64encode(xml.encode()).decode()}


def with_forged_twin(xml: str, subject: str, *, before: bool) -> str:
    """The signed assertion beside a copy without a signature that names somebody else (signature wrapping)."""
    root = etree.fromstring(xml)
    signed = root.find(f"{SAML}Assertion")
    assert signed is not None
    forged = etree.fromstring(etree.tostring(signed))
    forged.remove(forged.find(SIGNATURE))
    forged.set("ID", "_forged")
    forged.find(f"{SAML}Subject/{SAML}NameID").text = subject
    if before:
        root.insert(list(root).index(signed), forged)
    else:
        root.append(forged)
    return str(etree.tostring(root, encoding="unicode"))


def with_original_inside(xml: str, subject: str) -> str:
    """A forged assertion that carries the signed one within its signature (signature wrapping, too)."""
    root = etree.fromstring(xml)
    signed = root.find(f"{SAML}Assertion")
    assert signed is not None
    forged = etree.fromstring(etree.tostring(signed))
    forged.set("ID", "_forged")
    forged.find(f"{SAML}Subject/{SAML}NameID").text = subject
    root.replace(signed, forged)
    place = etree.SubElement(forged.find(SIGNATURE), "{http://www.w3.org/2000/09/xmldsig#}Object")
    signed.remove(signed.find(SIGNATURE))
    place.append(signed)
    return str(etree.tostring(root, encoding="unicode"))


def with_comment_in_name(xml: str) -> str:
    """A comment within the name, which canonicalisation drops before the signature is checked."""
    return xml.replace("ada.evil", "ada<!-- -->.evil")
