"""How `tests.walk` fills in the routes of subscriptions: with the true links, which their readers alone have."""

from collections.abc import Callable, Iterator, Mapping

from engagement.models import Subscriber, Subscription
from engagement.services.subscriptions import links

Values = Mapping[str, object]


def last_part(link: str) -> str:
    """The secret part of a link."""
    return link.rstrip("/").rpartition("/")[2]


def _subscriptions() -> Iterator[Subscription]:
    yield from Subscription.objects.order_by("created_at", "pk")


FILLED: Mapping[tuple[str, ...], Callable[[object], Iterator[Values]]] = {
    ("<str:confirming>",): lambda _places: (
        {"confirming": last_part(links.confirm_link(one))} for one in _subscriptions()
    ),
    ("<str:ending>",): lambda _places: (
        {"ending": last_part(links.end_link(one))} for one in _subscriptions()
    ),
    ("<str:mine>",): lambda _places: (
        {"mine": links.mine_token(one)} for one in Subscriber.objects.order_by("mail")
    ),
}
