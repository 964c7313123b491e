"""What people read about plans, proposals and updates; `mapping.services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PLANS: Final[Mapping[str, str | Promise]] = {
    "not_plans_editor": _("Your account may not edit plans. Please ask whoever runs this site."),
    "plan_reason_missing": _("Please write why no participation is planned. Everybody can read it."),
    "plan_change_unexplained": _(
        "The stage of a public plan changes. Please explain to the public what changed and why."
    ),
    "plan_is_public": _("This plan is public. Please take it off the list before you delete it."),
    "decision_incomplete": _(
        "A decision needs a date and a title. Leave all of its fields empty to remove it."
    ),
    "not_a_link": _("This is no address of a web page. Please write it like https://council.city.example/1."),
    "too_many_decisions": _("At most %(max)s decisions are possible."),
    "proposals_closed": _("Participation can no longer be proposed for this plan."),
    "already_proposed": _(
        "You have already proposed participation for this plan. You can take your proposal back and write another one."
    ),
    "not_update_editor": _("Your account may not write news of this campaign. Please ask its managers."),
}
