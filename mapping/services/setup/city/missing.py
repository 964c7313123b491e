"""What the law wants to be told about who runs a site, and nobody has filled in yet."""

from __future__ import annotations

from collections.abc import Iterator

from mapping.models.setup.profile import CityProfile


def missing_of(city: CityProfile) -> Iterator[str]:
    """Codes of what a public site lacks: imprint (section 5 DDG), contact, data protection officer (Art. 13 GDPR)."""
    if not city.imprint:
        yield "city_no_imprint"
    if not city.contact:
        yield "city_no_contact"
    if not city.privacy_contact:
        yield "city_no_privacy_contact"
