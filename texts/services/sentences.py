"""What people read about the discussion of texts; `mapping.services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DISCUSSING: Final[Mapping[str, str | Promise]] = {
    "section_gone": _("This section is not in the text any more. Please choose another one."),
    "wording_changed": _(
        "The city has published another wording of this section. Please look at it and change it anew."
    ),
    "wording_unchanged": _("These are the words that stand there already. Please change them first."),
    "suggestion_too_long": _(
        "The changed words and the reason have %(length)s characters together. At most %(max)s are possible."
    ),
    "quote_not_found": _("These words do not stand in the section as it reads now. Please quote it again."),
    "quote_repeats": _("These words stand in the section several times. Please quote more around them."),
    "too_many_for_pdf": _(
        "A PDF has at most %(max)s comments, and these are more. Please choose the table (DOCX)."
    ),
}
