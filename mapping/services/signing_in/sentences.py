"""What people read when they must sign in, or could not."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNING_IN: Final[Mapping[str, str | Promise]] = {
    "sign_in_needed": _("In this campaign every person counts once. Please sign in first."),
    "sign_in_key_lost": _(
        "Signing in is not possible at the moment, because a key of this site or the provider was changed. Please "
        "tell the people who run it."
    ),
    "sign_in_off": _("Signing in is not possible at the moment. Please try again later."),
    "sign_in_cancelled": _("You did not sign in. Nothing was sent. You can try again."),
    "sign_in_stale": _(
        "This sign-in was begun in another browser, used already, or too long ago. Please begin it again here."
    ),
    "sign_in_unavailable": _(
        "The provider cannot be reached at the moment. Nothing was sent. Please try again in a few minutes."
    ),
    "sign_in_refused": _(
        "The answer of the provider could not be trusted, so nobody was signed in. Please try again, or tell the "
        "people who run this site."
    ),
    "sign_in_level": _(
        "This campaign needs a safer way to sign in, for example with your identity card. Please try again that way."
    ),
}
