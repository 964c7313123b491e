"""Letters with voting codes, one page each, as PDF in the language of the campaign.

The QR code (ISO/IEC 18004) carries the code in the fragment of the address, which browsers send to no server.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import SafeString

from mapping.exports.documents.pdf import as_pdf
from mapping.exports.documents.qr import as_svg
from mapping.exports.formats.csv import table
from mapping.languages import site_language
from mapping.models import Action, Campaign
from mapping.models.setup.profile import current_city
from voting.models import CodeSeries, Vote
from voting.services.codes import PrintedCode

LETTERS_IN_A_FILE: Final = 500
"""Letters of one PDF; rendering takes about 70 ms a letter."""


@dataclass(frozen=True)
class Letter:
    """What differs between letters."""

    code: PrintedCode
    picture: SafeString


def address_of_votes(campaign: Campaign) -> str:
    """Where people vote, as it is printed."""
    return f"{settings.SITE_URL}{reverse('votes', args=(campaign.slug,))}"


def link_with(campaign: Campaign, code: PrintedCode) -> str:
    """The address that fills in a code."""
    return f"{address_of_votes(campaign)}#code={code.text}"


def codes_as_csv(series: CodeSeries, codes: Sequence[PrintedCode]) -> bytes:
    """A table for printers of letters: number, code, link, and the code of the district."""
    district = "" if series.district is None else series.district.code
    rows = ([code.number, code.text, link_with(series.campaign, code), district] for code in codes)
    return table([("number", "code", "link", "district"), *rows])


def letters(series: CodeSeries, codes: Sequence[PrintedCode]) -> Iterator[bytes]:
    """PDF files of at most `LETTERS_IN_A_FILE` letters each.

    Raises OSError where `mapping.exports.documents.pdf.is_possible` is not.
    """
    for start in range(0, len(codes), LETTERS_IN_A_FILE):
        yield as_pdf(_page(series, codes[start : start + LETTERS_IN_A_FILE]), is_secret=True)


def _page(series: CodeSeries, codes: Sequence[PrintedCode]) -> str:
    campaign = series.campaign
    with translation.override(site_language(campaign.language)):
        context = {
            "campaign": campaign,
            "series": series,
            "letters": [Letter(code, as_svg(link_with(campaign, code))) for code in codes],
            "votes": list(Vote.objects.of(campaign).filter(needs_code=True).select_related("category")),
            "city": current_city(),
            "address": address_of_votes(campaign),
            "ends_at": _end_of_voting(campaign),
            "language": translation.get_language(),
        }
        return render_to_string("voting/printed/letters.html", context)


def _end_of_voting(campaign: Campaign) -> datetime | None:
    spans = [phase.closes_at for phase in campaign.timeline if phase.allows_action(Action.VOTE)]
    return max(spans, default=campaign.closes_at)
