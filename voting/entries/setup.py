"""Entries of the setup of votes."""

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mapping.models import Contribution
from mapping.planning.setup.frame import STEPS
from mapping.services.messages import enter_sentences
from mapping.services.moderation.keepers import KEEPERS, Keeper
from mapping.services.setup.categories import CATEGORY_USES, CategoryUse
from mapping.services.setup.checklist import CHECKS
from mapping.services.setup.copying import COPIED_PARTS
from mapping.services.setup.templates import TEMPLATES
from mapping.services.setup.undoing import UNDOABLE_PARTS
from mapping.web.contribution_links import CONTRIBUTION_LINKS, ContributionLink
from voting.models import Option
from voting.planning.setup import step
from voting.services.setup import checks, options, starts, undoing, votes
from voting.services.setup.sentences import SETUP


def _address_of_options(idea: Contribution, _token: str) -> str:
    """Where people vote on what was made of an idea; nowhere as long as that is no public option."""
    found = Option.objects.all().public().filter(ideas=idea, merged_into=None).order_by("pk")
    option = found.values_list("vote__category__slug", "contribution").first()
    if option is None:
        return ""
    category, place = option
    return f"{reverse('vote', args=(idea.campaign.slug, category))}#option-{place}"


IDEA: Final = ContributionLink("vote-on-idea", _("Vote on what was made of it"), "check", _address_of_options)
OPTIONS: Final = Keeper("options", options.note_words, options.refuse_removal)
VOTES: Final = CategoryUse("votes", votes.refuse_removal)


def enter() -> None:
    """Fill the registries."""
    enter_sentences(SETUP)
    STEPS.register(step.VOTES)
    CHECKS.register(checks.VOTES)
    COPIED_PARTS.register(undoing.COPYING)
    UNDOABLE_PARTS.register(undoing.UNDOING)
    CATEGORY_USES.register(VOTES)
    KEEPERS.register(OPTIONS)
    CONTRIBUTION_LINKS.register(IDEA)
    for template in starts.TEMPLATES:
        TEMPLATES.register(template)
