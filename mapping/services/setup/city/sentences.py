"""What planners read about the city's page; `services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CITY: Final[Mapping[str, str | Promise]] = {
    "not_city_editor": _("Your account may not edit the city's page. Please ask whoever runs this site."),
    "colour_invalid": _("Please give the colour as # and six digits, for example #0b5a6b."),
    "mail_invalid": _("This is no e-mail address. Please write it like participation@city.example."),
    "phone_invalid": _("Please write the telephone number in digits, for example +49 631 0000."),
    "logo_vector": _(
        "This is a drawing in vectors (SVG), which may hold programs. Please save the logo as PNG, JPEG or WebP."
    ),
    "boundary_too_detailed": _(
        "The boundary has %(number)s points, at most %(max)s are possible. Please simplify it in a GIS program first."
    ),
    "city_no_imprint": _("The imprint has no text. A public site must name who is responsible for it."),
    "city_no_contact": _("No contact is given: people do not learn how to reach the city."),
    "city_no_privacy_contact": _(
        "The privacy page does not name who answers questions about data protection."
    ),
}
