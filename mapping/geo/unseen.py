"""Invisible characters: removed from texts where they can only disguise, kept where they are typed on purpose.

Bidi controls make a text look like another one (CVE-2021-42574, "Trojan Source"; UTR #36), default-ignorable
characters (UAX #44) hide within a word: two texts that look alike are then different, and searches miss them. Kept are
joiners between letters of scripts that need them and after their viramas (RFC 5892, appendix A), within emoji, and
variation selectors after what has variants (UTS #51, UTS #37).
"""

from __future__ import annotations

import re
from typing import Final

_ALWAYS: Final = re.compile(
    # C0 and C1 controls but tab and line ends; NUL among them, which PostgreSQL cannot store.
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"
    # Bidi marks, embeddings, overrides and isolates.
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    # Soft hyphens, characters without width, invisible operators, fillers, shorthand and musical controls.
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    # Lone surrogates: they cannot be encoded as UTF-8.
    "\ud800-\udfff]"
)

# Arabic to N'Ko, Indic scripts, Tibetan, Myanmar, Khmer, Mongolian and further south-east Asian scripts.
_JOINED: Final = (
    "\u0620-\u074f\u0750-\u077f\u07c0-\u07ff\u0840-\u085f\u0860-\u086f\u0870-\u0dff\u0f00-\u0fff\u1000-\u109f"
    "\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua840-\ua87f\ua8e0-\ua8ff\ua980-\ua9df\uaa60-\uaa7f\uabc0-\uabff"
    "\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00010a5f\U00011000-\U00011fff\U0001e900-\U0001e95f"
)
_VIRAMAS: Final = (
    "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca"
    "\u0f84\u1039\u103a\u17d2\u1b44\ua8c4"
)
_PICTURES: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_WITH_VARIANTS: Final = (
    "\u1000-\u109f\u2200-\u22ff\u2e80-\u9fff\ua840-\ua87f\uf900-\ufaff\U00020000-\U0003ffff"
)
_HAS_PLACE: Final = "|".join(
    (
        f"(?<=[{_JOINED}])[\u200c\u200d](?=[{_JOINED}])",
        f"(?<=[{_VIRAMAS}])[\u200c\u200d]",
        f"(?<=[{_PICTURES}])\u200d(?=[{_PICTURES}])",
        f"(?<=[{_PICTURES}]\ufe0f)\u200d(?=[{_PICTURES}])",
        f"(?<=[{_PICTURES}])[\ufe0e\ufe0f]",
        "(?<=[0-9#*])\ufe0f(?=\u20e3)",
        f"(?<=[{_WITH_VARIANTS}])[\ufe00-\ufe0f\U000e0100-\U000e01ef]",
        "(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]",
        # The flags of England, Scotland, Wales and others: a black flag, letters, the end.
        "(?<=\U0001f3f4)[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f",
    )
)
_BY_PLACE: Final = re.compile(
    f"({_HAS_PLACE})|[\u200c\u200d\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]"
)


def undisguised(text: str) -> str:
    """Return the text without invisible characters that have no function."""
    text = _ALWAYS.sub("", text)
    return text if text.isascii() else _BY_PLACE.sub(lambda found: found[1] or "", text)
