"""What the search finds, for tests."""

from mapping.search.finding import Found, find, show
from mapping.search.kinds import Shown, group_named
from mapping.search.query import prepare, terms_of


def found(typed: str, group: str = "", campaign_id: int | None = None) -> Found:
    return find(prepare(terms_of(typed)), group=group_named(group), campaign_id=campaign_id)


def shown(typed: str, group: str = "") -> list[Shown]:
    return [one for _match, _kind, one in show(found(typed, group).matches)]


def texts(typed: str, group: str = "") -> list[str]:
    return [one.text for one in shown(typed, group)]
