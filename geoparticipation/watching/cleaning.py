"""Removal of secrets and personal data from texts for operators: logs and error reports."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final

# Private links: their path alone gives access to data that are not public. An author's link opens a contribution, a
# response or a proposal, an analyst's (for GIS programs) a campaign, one sent by mail an account, a registration for a
# date or the subscriptions of an address. Escaped too, as paths occur in the parameters of other addresses.
_PRIVATE_LINK: Final = re.compile(
    r"((?:/|%2F)(?:mine|response|registrations|proposal|planning(?:/|%2F)invitation|subscriptions(?:/|%2F)(?:author|confirm|end)"
    r"|ogc(?:/|%2F)key|accounts(?:/|%2F)reset(?:/|%2F)[\w-]+)(?:/|%2F))[^/\s\"'%?&]+",
    re.IGNORECASE,
)
# What somebody wrote about a barrier is the argument of its job, which the queue names when it starts and fails.
_REPORT: Final = re.compile(r"(send_barrier_report\[\w+\])\(.*\)", re.DOTALL)
# Only from the beginning of a run of its characters: from each of them it would take the square of a long text.
_MAIL: Final = re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS: Final = re.compile(
    # The first with or without a port.
    r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?!\w)|(?<![\w.:])[0-9a-f]*:[0-9a-f:.]*:[0-9a-f.]*(?![\w:])",
    re.IGNORECASE,
)
_TOKEN: Final = re.compile(r"\bgp_[\w-]{20,}|(?<=\bBearer )\S+|(?<=\bBasic )\S+")
_PASSWORD: Final = re.compile(r"(://)[^\s/:]*:[^\s/]*@")
# What providers of log-ins send back: each opens a log-in until it was used. Escaped too, as above.
_ANSWER: Final = re.compile(
    r"((?:[?&]|%3F|%26)(?:code|state|SAMLResponse)(?:=|%3D))[^\s&\"'#]+", re.IGNORECASE
)
# PostgreSQL adds the values of the row that it refused, which may have several lines.
_DETAIL: Final = re.compile(
    r"^(DETAIL:).*?(?=^(?:HINT|CONTEXT|QUERY|STATEMENT|WHERE):|^The above exception|^During handling|^Traceback|\Z)",
    re.MULTILINE | re.DOTALL,
)
_PLACE_IN_CODE: Final = re.compile(r"^ +File \"[^\"]+\", line \d+, in \S+$")
_GONE: Final = "…"


def cleaned(text: str) -> str:
    """A text without private links, tokens, addresses (of mail and of the internet) and values of refused rows."""
    text = _PRIVATE_LINK.sub(rf"\1{_GONE}", _REPORT.sub(rf"\1({_GONE})", text))
    text = _DETAIL.sub(rf"\1 {_GONE}\n", text)
    text = _ANSWER.sub(rf"\1{_GONE}", _PASSWORD.sub(rf"\1{_GONE}@", _TOKEN.sub(_GONE, text)))
    return _ADDRESS.sub(_without_address, _MAIL.sub(_GONE, text))


def cleaned_traceback(text: str) -> str:
    """The same for a traceback, whose paths of files stay."""
    parts: list[str] = []
    other: list[str] = []
    for line in text.splitlines():
        if _PLACE_IN_CODE.fullmatch(line):
            parts += [cleaned("\n".join(other))] if other else []
            parts.append(line)
            other = []
        else:
            other.append(line)
    return "\n".join([*parts, *([cleaned("\n".join(other))] if other else [])])


def _without_address(found: re.Match[str]) -> str:
    try:
        address = ip_address(found[0])
    except ValueError:
        return found[0]  # a time of day, a version
    return found[0] if address.is_loopback or address.is_unspecified else _GONE
