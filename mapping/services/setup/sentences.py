"""What planners read about their campaign while they set it up; `services.messages` has all other sentences."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SETUP: Final[Mapping[str, str | Promise]] = {
    "setup_no_title": _("The campaign has no title."),
    "setup_no_summary": _("There is no summary: cards and search results show nothing below the title."),
    "setup_no_contact": _(
        "No contact is given: people do not learn whom they can ask, also about their data."
    ),
    "setup_picture_without_words": _("The title picture has no alternative text."),
    "setup_no_area": _(
        "There is no area: the map would open anywhere, and people could mark places outside the city."
    ),
    "setup_no_end": _("There is no end: people can take part until somebody closes the campaign."),
    "setup_over": _("The end is past: nobody can take part any more."),
    "setup_phase_outside": _("The phase “%(title)s” lies outside the period of the campaign."),
    "setup_phase_allows_nothing": _("In the phase “%(title)s” people may do nothing."),
    "setup_nothing_to_do": _(
        "There is neither a category nor a question of a survey: people would have nothing to do."
    ),
    "too_many_to_order": _("There are too many places for an order, at most %(max)s are possible."),
    "setup_nothing_drawn": _(
        "The category “%(title)s” is for places that the city draws, and there are none yet. Please read them in "
        "from a file."
    ),
    "setup_nothing_open": _(
        "No category is open to citizens and there is no survey: people could only read."
    ),
    "setup_question_unfit": _("The question “%(title)s” cannot be asked yet: %(message)s"),
    "setup_asks_for_person": _(
        "The question “%(title)s” seems to ask for a name or contact, and everyone may read the answers. "
        "Please show them to staff only, or leave the question out."
    ),
    "setup_asks_for_person_protected": _(
        "The topic is protected, but the question “%(title)s” seems to ask for a name or contact and is not for "
        "staff only."
    ),
    "setup_photos_protected": _(
        "The topic is protected, but photos may be sent: they can show people and homes."
    ),
    "setup_sign_in_off": _(
        "Only people who signed in take part, but this site has no provider for citizens. Please ask the people who "
        "run it, or let anyone take part."
    ),
    "setup_texts_missing": _("Texts are missing in %(language)s: %(number)s."),
    "setup_texts_outdated": _(
        "Texts were changed after they had been translated into %(language)s: %(number)s."
    ),
    "translations_undecided": _(
        "Translations are affected: %(number)s. Please decide whether they are kept or deleted, then save again."
    ),
    "setup_one_manager": _(
        "Only one person manages this campaign. A second one can help when the first is away."
    ),
    "unpublishable": _(
        "The campaign is public. With this change it could not be published: %(message)s Nothing was changed."
    ),
    "not_publishable": _("Not published: something is still missing. Please look at the list."),
    "has_contributions": _(
        "People have taken part already. The campaign stays public; end it by its period instead."
    ),
    "last_manager": _("A campaign needs a manager. Please make somebody else manager first."),
    "no_such_account": _(
        "There is no account with this address. Please send an invitation link, or ask whoever runs this site for "
        "an account."
    ),
    "is_member": _("This person has this role already."),
    "invitation_invalid": _("This invitation is not valid. Please ask for a new link."),
    "invitation_expired": _("This invitation has expired. Please ask for a new link."),
    "nothing_to_undo": _("There is nothing that could be taken back."),
    "changed_meanwhile": _("This was changed since. Please look at the step itself."),
    "step_changed": _(
        "Somebody else has changed this step meanwhile. What you typed still stands here: save again to overwrite the "
        "other change, or load the page anew to see it."
    ),
    "not_maker": _("Your account may not make campaigns. Please ask whoever runs this site."),
    "file_needed": _("Please choose a file."),
    "districts_needed": _("Please choose at least one district."),
    "layer_needed": _("Please choose a division of the city."),
    "not_an_outline": _("This is no outline of an area. Please draw it, or choose another way."),
    "both_dates": _("A phase needs a beginning and an end."),
    "phase_title_needed": _("Please give the phase a title."),
    "phase_inverted": _("The phase must end after it begins. Please check both dates."),
    "phase_overlaps": _("This phase begins before “%(title)s” ends. Please move one of them."),
    "phase_outside": _("The phase must lie within the period of the campaign."),
    "period_inverted": _("The campaign must end after it begins. Please check both dates."),
    "too_many_phases": _("A campaign has at most %(max)s phases."),
    "not_https": _(
        "Only sites with https:// can embed a campaign, others can be changed on their way to readers."
        " Please check this address: %(address)s."
    ),
    "not_a_site": _(
        "Please give the address of a site like https://www.city.example, without wildcards. This is none: %(address)s."
    ),
    "too_many_origins": _("At most %(max)s sites can embed a campaign."),
}
