"""Links on a contribution's pages, the public and the private one; apps above register theirs here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise

from mapping import rules
from mapping.models import Contribution
from mapping.registry import Registry


@dataclass(frozen=True, eq=False)
class ContributionLink:
    """A link; `icon` is one of `img/icons.svg`.

    `address` is called with the contribution and, on its author's private page, with the secret of that page (else "").
    It returns "" where this contribution has no such link.
    """

    name: str
    title: str | Promise
    icon: str
    address: Callable[[Contribution, str], str]


@dataclass(frozen=True)
class ShownLink:
    """A link of one contribution."""

    title: str | Promise
    icon: str
    address: str


CONTRIBUTION_LINKS: Final[Registry[ContributionLink]] = Registry("link of a contribution")


def links_of(contribution: Contribution, token: str = "") -> list[ShownLink]:
    """The links of a contribution; none on the page of one that is not public, but for its author."""
    if not token and not rules.is_public(contribution):
        return []
    found = ((one, one.address(contribution, token)) for one in CONTRIBUTION_LINKS)
    return [ShownLink(one.title, one.icon, address) for one, address in found if address]
