"""What other apps do before a place of the city that they use is changed or deleted, whichever way that comes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from accounts.models import User
from mapping.models import Contribution
from mapping.registry import Registry
from mapping.services.checking.content import Checked


@dataclass(frozen=True, eq=False)
class Keeper:
    """Called in the transaction of a change or a deletion; it notes what is lost, or refuses by a DomainError.

    The contribution is locked, with its former content.
    """

    name: str
    before_change: Callable[[Contribution, Checked, User], None]
    before_removal: Callable[[Contribution, User], None]


KEEPERS: Final[Registry[Keeper]] = Registry("keeper of places of the city")
