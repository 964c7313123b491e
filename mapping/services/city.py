"""City-drawn contributions, changed by managers from QGIS and scripts: create, replace, delete.

Citizens' contributions are never changed this way: moderators edit them in the queue, beside the original.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.models import Campaign, Contribution, Source
from mapping.services import erase
from mapping.services.checking.content import Submission, check
from mapping.services.checking.gates import require_role
from mapping.services.errors import NotAllowed
from mapping.services.moderation import moderate
from mapping.services.moderation.keepers import KEEPERS
from mapping.services.submit import locked, refusing_what_the_database_refuses, submit_city

Precondition = Callable[[], None]
"""Called once the row is locked: raises if the row differs from the version that the sender has read."""


def put_up(campaign: Campaign, submission: Submission, *, actor: User) -> Contribution:
    """Store a place as `submit_city` does: published immediately, without a participant.

    Raises NotAllowed "not_manager", Invalid, Conflict "id_taken".
    """
    _require_manager(actor, campaign)
    return submit_city(campaign, submission, actor=actor)


def replace(
    contribution: Contribution, submission: Submission, *, actor: User, precondition: Precondition
) -> Contribution:
    """Replace category, place, title, text and answers; the event keeps what was there. The submission's id is ignored.

    Raises NotAllowed "not_manager" and "not_city_drawn", Conflict "withdrawn", Invalid, and what keepers raise.
    """
    with transaction.atomic(), refusing_what_the_database_refuses():
        stored = _locked_for(actor, contribution, precondition)
        checked = check(stored.campaign, submission, require_answers=False)
        moderate.overwrite(stored, checked, actor)
    return stored


def take_away(contribution: Contribution, *, actor: User, precondition: Precondition) -> None:
    """Delete a city-drawn contribution as a withdrawal does, with all dependent rows; raises as `replace` does."""
    with transaction.atomic():
        stored = _locked_for(actor, contribution, precondition)
        for keeper in KEEPERS:
            keeper.before_removal(stored, actor)
        erase.withdraw(stored, actor=actor)


def _locked_for(actor: User, contribution: Contribution, precondition: Precondition) -> Contribution:
    _require_manager(actor, contribution.campaign)
    stored = locked(contribution)
    if stored.source != Source.CITY or stored.participant_id is not None:
        raise NotAllowed("not_city_drawn")
    precondition()
    return stored


def _require_manager(actor: User, campaign: Campaign) -> None:
    require_role(rules.may_write_features, actor, campaign, "not_manager")
