"""What staff read when a provider did not log them in."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Final[Mapping[str, str | Promise]] = {
    "sign_in_cancelled": _("The provider did not log you in. You can try again."),
    "sign_in_stale": _(
        "This log-in was begun in another browser, used already, or too long ago. Please begin it again."
    ),
    "sign_in_unavailable": _(
        "The provider cannot be reached at the moment. Please try again in a few minutes."
    ),
    "sign_in_refused": _(
        "The answer of the provider could not be trusted, so nobody was logged in. Please try again, or tell the "
        "people who run this site."
    ),
    "sign_in_level": _("The provider did not check you as safely as this site demands. Please try again."),
    "provider_no_account": _(
        "You have no account here. Please ask the people who run this site to make one for you."
    ),
    "provider_no_role": _(
        "Your account at the provider has none of the roles that open this site. Please ask the people who manage your "
        "account there."
    ),
    "provider_email_taken": _(
        "Your e-mail address belongs to an account here that is not linked with the provider. Please log in with your "
        "password, or ask the people who run this site."
    ),
}
