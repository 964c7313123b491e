"""Entries of the setup of votes."""

from typing import Final

from mapping.planning.setup.frame import STEPS
from mapping.services.city import KEEPERS, Keeper
from mapping.services.messages import enter_sentences
from mapping.services.setup.categories import CATEGORY_USES, CategoryUse
from mapping.services.setup.checklist import CHECKS
from mapping.services.setup.copying import COPIED_PARTS
from mapping.services.setup.templates import TEMPLATES
from mapping.services.setup.undoing import UNDOABLE_PARTS
from voting.planning.setup import step
from voting.services.setup import checks, options, starts, undoing, votes
from voting.services.setup.sentences import SETUP

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
    for template in starts.TEMPLATES:
        TEMPLATES.register(template)
