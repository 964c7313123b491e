"""What is drawn of official data: ATKIS Basis-DLM and ALKIS, by the kind of object (AdV, GeoInfoDok).

Kinds are written as numbers (`43002`), as names of the model (`AX_Wald`) or as German words (`Wald`), by whoever made
the file. All of them are compared as plain words, without blanks and umlauts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from mapping.imports.ground.kinds import LABEL_OF_AREA, Classified, Drawn, Feature, Shape, Unknown

_KIND_FIELDS: Final = (
    "objart",
    "objart_txt",
    "objektart",
    "objartname",
    "nutzart",
    "nutzung",
    "art",
    "objid_art",
)
_NAME_FIELDS: Final = ("nam", "name", "eigenname", "bezeichnung", "zweitname", "znm", "strassenname")
_ROAD_FIELDS: Final = ("wdm", "widmung")
_NUMBER_FIELDS: Final = ("bez", "nummer")

_AREAS: Final[Mapping[str, Drawn]] = {
    "wohnbauflaeche": Drawn("built", 7),
    "flaechegemischternutzung": Drawn("built", 7),
    "flaechebesondererfunktionalerpraegung": Drawn("built", 10),
    "ortslage": Drawn("built", 7),
    "siedlungsflaeche": Drawn("built", 7),
    "platz": Drawn("built", 13),
    "industrieundgewerbeflaeche": Drawn("industry", 8),
    "halde": Drawn("industry", 9),
    "bergbaubetrieb": Drawn("industry", 9),
    "tagebaugrubesteinbruch": Drawn("industry", 9),
    "bahnverkehr": Drawn("industry", 10),
    "flugverkehr": Drawn("industry", 9),
    "sportfreizeitunderholungsflaeche": Drawn("park", 10),
    "friedhof": Drawn("park", 10),
    "landwirtschaft": Drawn("farm", 8),
    "ackerland": Drawn("farm", 8),
    "gruenland": Drawn("farm", 8),
    "moor": Drawn("farm", 9),
    "sumpf": Drawn("farm", 9),
    "heide": Drawn("park", 10),
    "wald": Drawn("wood", 6),
    "gehoelz": Drawn("wood", 11),
    "fliessgewaesser": Drawn("water", 4),
    "stehendesgewaesser": Drawn("water", 4),
    "hafenbecken": Drawn("water", 4),
    "schiffsverkehr": Drawn("water", 10),
    "meer": Drawn("water", 4),
}
_LINES: Final[Mapping[str, Drawn]] = {
    "fahrwegachse": Drawn("path", 13),
    "wegpfadsteig": Drawn("path", 14),
    "weg": Drawn("path", 13),
    "bahnstrecke": Drawn("rail", 8),
    "gewaesserachse": Drawn("river", 11),
    "wasserlauf": Drawn("river", 9),
    "kanal": Drawn("river", 9),
    "fliessgewaesser": Drawn("river", 11),
}
_ROADS: Final = frozenset({"strassenachse", "fahrbahnachse", "strasse", "strassenverkehr"})
_CLASSES_OF_ROADS: Final[Mapping[str, Drawn]] = {
    "1301": Drawn("motorway", 5),
    "bundesautobahn": Drawn("motorway", 5),
    "1303": Drawn("primary", 8),
    "bundesstrasse": Drawn("primary", 8),
    "1305": Drawn("secondary", 10),
    "landesstrasse": Drawn("secondary", 10),
    "staatsstrasse": Drawn("secondary", 10),
    "landesstrassestaatsstrasse": Drawn("secondary", 10),
    "1306": Drawn("street", 11),
    "kreisstrasse": Drawn("street", 11),
}
_OTHER_ROADS: Final = Drawn("street", 12)
_NUMBERED: Final = frozenset({"motorway", "primary"})

_NUMBERS: Final[Mapping[str, str]] = {
    "41001": "wohnbauflaeche",
    "41002": "industrieundgewerbeflaeche",
    "41003": "halde",
    "41004": "bergbaubetrieb",
    "41005": "tagebaugrubesteinbruch",
    "41006": "flaechegemischternutzung",
    "41007": "flaechebesondererfunktionalerpraegung",
    "41008": "sportfreizeitunderholungsflaeche",
    "41009": "friedhof",
    "41010": "siedlungsflaeche",
    "42002": "strasse",
    "42003": "strassenachse",
    "42005": "fahrbahnachse",
    "42006": "weg",
    "42008": "fahrwegachse",
    "42009": "platz",
    "42010": "bahnverkehr",
    "42014": "bahnstrecke",
    "42015": "flugverkehr",
    "42016": "schiffsverkehr",
    "43001": "landwirtschaft",
    "43002": "wald",
    "43003": "gehoelz",
    "43004": "heide",
    "43005": "moor",
    "43006": "sumpf",
    "44001": "fliessgewaesser",
    "44002": "wasserlauf",
    "44003": "kanal",
    "44004": "gewaesserachse",
    "44005": "hafenbecken",
    "44006": "stehendesgewaesser",
    "44007": "meer",
    "52001": "ortslage",
    "53003": "wegpfadsteig",
}
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def is_official(fields: Mapping[str, str]) -> bool:
    """Whether a row has a field for the kind of object; names of fields are in small letters."""
    return any(fields.get(name) for name in _KIND_FIELDS)


def classify_official(fields: Mapping[str, str], shape: Shape) -> Classified:
    """What a row of official data is on the ground; names of fields are in small letters."""
    given = [fields[name] for name in _KIND_FIELDS if fields.get(name)]
    name = _value(fields, _NAME_FIELDS)
    for written in given:
        kind = _plain(written)
        kind = _NUMBERS.get(kind, kind)
        if shape is Shape.AREA and kind in _AREAS:
            drawn = _AREAS[kind]
            return Feature(name, drawn, is_labelled=bool(name) and drawn.kind in LABEL_OF_AREA)
        if shape is Shape.LINE and (kind in _ROADS or kind in _LINES):
            return _line(kind, fields, name)
    return Unknown(given[0] if given else "")


def _line(kind: str, fields: Mapping[str, str], name: str) -> Feature:
    if kind not in _ROADS:
        return Feature(name, _LINES[kind])
    drawn = _CLASSES_OF_ROADS.get(_plain(_value(fields, _ROAD_FIELDS)), _OTHER_ROADS)
    return Feature(name or (_value(fields, _NUMBER_FIELDS) if drawn.kind in _NUMBERED else ""), drawn)


def _value(fields: Mapping[str, str], names: tuple[str, ...]) -> str:
    return next((fields[name] for name in names if fields.get(name)), "")


def _plain(text: str) -> str:
    letters = re.sub(r"[^a-z0-9]", "", text.lower().translate(_UMLAUTS).removeprefix("ax_"))
    # Numbers of shapefiles are written as 43002 or 43002.0.
    return letters.removesuffix("0") if re.fullmatch(r"[0-9]{5}0", letters) else letters
