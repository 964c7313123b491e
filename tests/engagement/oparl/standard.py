"""OParl 1.1 as tables, written from its schemas, and a check that walks into embedded objects.

A plain JSON schema leaves embedded objects unchecked: here every object that holds a `type` is checked wherever it
stands.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

VERSION = "https://schema.oparl.org/1.1/"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
URL = re.compile(r"https?://\S+")

ALWAYS = ("id", "type", "created", "modified")
"""Of all objects since 1.1."""
EVERYWHERE = {
    "id": "url",
    "type": "url",
    "created": "moment",
    "modified": "moment",
    "license": "url",
    "keyword": "texts",
    "web": "url",
    "deleted": "boolean",
}
REQUIRED: Mapping[str, tuple[str, ...]] = {
    "System": ("oparlVersion", "body"),
    "Body": ("name", "organization", "person", "meeting", "paper", "legislativeTerm"),
    "AgendaItem": ("order",),
    "File": ("accessUrl",),
}
PROPERTIES: Mapping[str, Mapping[str, str]] = {
    "System": {
        "oparlVersion": "url",
        "otherOparlVersions": "urls",
        "body": "url",
        "name": "text",
        "contactEmail": "text",
        "contactName": "text",
        "website": "url",
        "vendor": "url",
        "product": "url",
    },
    "Body": {
        "system": "url",
        "shortName": "text",
        "name": "text",
        "website": "url",
        "licenseValidSince": "moment",
        "oparlSince": "moment",
        "ags": "text",
        "rgs": "text",
        "equivalent": "urls",
        "contactEmail": "text",
        "contactName": "text",
        "organization": "url",
        "person": "url",
        "meeting": "url",
        "paper": "url",
        "legislativeTerm": "LegislativeTerms",
        "legislativeTermList": "url",
        "membership": "url",
        "agendaItem": "url",
        "consultation": "url",
        "file": "url",
        "locationList": "url",
        "classification": "text",
        "location": "Location",
    },
    "LegislativeTerm": {"body": "url", "name": "text", "startDate": "day", "endDate": "day"},
    "Organization": {
        "body": "url",
        "name": "text",
        "membership": "urls",
        "meeting": "url",
        "consultation": "url",
        "shortName": "text",
        "post": "texts",
        "subOrganizationOf": "url",
        "organizationType": "text",
        "classification": "text",
        "startDate": "day",
        "endDate": "day",
        "website": "url",
        "location": "Location",
        "externalBody": "url",
    },
    "Person": {
        "body": "url",
        "name": "text",
        "familyName": "text",
        "givenName": "text",
        "formOfAddress": "text",
        "affix": "text",
        "title": "texts",
        "gender": "text",
        "phone": "texts",
        "email": "texts",
        "location": "url",
        "locationObject": "Location",
        "status": "texts",
        "membership": "Memberships",
        "life": "text",
        "lifeSource": "text",
    },
    "Membership": {
        "person": "url",
        "organization": "url",
        "role": "text",
        "votingRight": "boolean",
        "startDate": "day",
        "endDate": "day",
        "onBehalfOf": "url",
    },
    "Meeting": {
        "name": "text",
        "meetingState": "text",
        "cancelled": "boolean",
        "start": "moment",
        "end": "moment",
        "location": "Location",
        "organization": "urls",
        "participant": "urls",
        "invitation": "File",
        "resultsProtocol": "File",
        "verbatimProtocol": "File",
        "auxiliaryFile": "Files",
        "agendaItem": "AgendaItems",
    },
    "AgendaItem": {
        "meeting": "url",
        "number": "text",
        "order": "number",
        "name": "text",
        "public": "boolean",
        "consultation": "url",
        "result": "text",
        "resolutionText": "text",
        "resolutionFile": "File",
        "auxiliaryFile": "Files",
        "start": "moment",
        "end": "moment",
    },
    "Paper": {
        "body": "url",
        "name": "text",
        "reference": "text",
        "date": "day",
        "paperType": "text",
        "relatedPaper": "urls",
        "superordinatedPaper": "urls",
        "subordinatedPaper": "urls",
        "mainFile": "File",
        "auxiliaryFile": "Files",
        "location": "Locations",
        "originatorPerson": "urls",
        "underDirectionOf": "urls",
        "originatorOrganization": "urls",
        "consultation": "Consultations",
    },
    "Consultation": {
        "paper": "url",
        "agendaItem": "url",
        "meeting": "url",
        "organization": "urls",
        "authoritative": "boolean",
        "role": "text",
    },
    "File": {
        "name": "text",
        "fileName": "text",
        "mimeType": "text",
        "date": "moment",
        "size": "number",
        "sha1Checksum": "text",
        "sha512Checksum": "text",
        "text": "text",
        "accessUrl": "url",
        "downloadUrl": "url",
        "externalServiceUrl": "url",
        "masterFile": "url",
        "derivativeFile": "urls",
        "fileLicense": "url",
        "meeting": "urls",
        "agendaItem": "urls",
        "paper": "urls",
    },
    "Location": {
        "description": "text",
        "geojson": "geojson",
        "streetAddress": "text",
        "room": "text",
        "postalCode": "text",
        "subLocality": "text",
        "locality": "text",
        "bodies": "urls",
        "organizations": "urls",
        "persons": "urls",
        "meetings": "urls",
        "papers": "urls",
    },
}


def faults(value: Any, where: str = "") -> Iterator[str]:
    """What the standard would not accept in an object, wherever it is embedded."""
    kind = str(value.get("type", "")).removeprefix(VERSION)
    if kind not in PROPERTIES:
        yield f"{where}: unknown type {value.get('type')}"
        return
    here = f"{where}/{kind}"
    if value.get("deleted"):
        if set(value) != {*ALWAYS, "deleted"}:
            yield f"{here}: a deleted object holds {sorted(value)}"
        return
    for name in (*ALWAYS, *REQUIRED.get(kind, ())):
        if value.get(name) is None:
            yield f"{here}: {name} is missing"
    known = EVERYWHERE | dict(PROPERTIES[kind])
    for name, one in value.items():
        if name not in known:
            yield f"{here}: {name} is unknown"
        else:
            yield from _faults(one, known[name], f"{here}.{name}")


def _faults(value: Any, shape: str, here: str) -> Iterator[str]:
    single = {
        "url": lambda: isinstance(value, str) and URL.fullmatch(value),
        "moment": lambda: isinstance(value, str) and MOMENT.fullmatch(value),
        "day": lambda: isinstance(value, str) and DAY.fullmatch(value),
        "text": lambda: isinstance(value, str) and value,
        "boolean": lambda: isinstance(value, bool),
        "number": lambda: isinstance(value, int) and not isinstance(value, bool),
        "geojson": lambda: value.get("type") == "Feature" and value["geometry"]["coordinates"],
    }
    if shape in single:
        if not single[shape]():
            yield f"{here}: {value!r} is no {shape}"
    elif shape in ("urls", "texts"):
        if not value:
            yield f"{here}: an empty list"
        for one in value:
            yield from _faults(one, shape[:-1], here)
    elif shape.endswith("s"):
        if not value:
            yield f"{here}: an empty list"
        for one in value:
            yield from _embedded(one, shape[:-1], here)
    else:
        yield from _embedded(value, shape, here)


def _embedded(value: Any, kind: str, here: str) -> Iterator[str]:
    if value.get("type") != VERSION + kind:
        yield f"{here}: no {kind} but {value.get('type')}"
    yield from faults(value, here)


def embedded(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within an object, itself included."""
    if isinstance(value, dict):
        if str(value.get("type", "")).startswith(VERSION):
            yield value
        for one in value.values():
            yield from embedded(one)
    elif isinstance(value, list):
        for one in value:
            yield from embedded(one)


def addresses(value: Any) -> Iterator[str]:
    """Every address of this interface that an object names."""
    if isinstance(value, dict):
        for one in value.values():
            yield from addresses(one)
    elif isinstance(value, list):
        for one in value:
            yield from addresses(one)
    elif isinstance(value, str) and "/oparl/v1.1/" in value:
        yield value
