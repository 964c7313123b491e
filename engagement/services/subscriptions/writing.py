"""What a letter says, and the mail that it becomes. What happened is read once for all letters of a run."""

from __future__ import annotations

from django.core.mail import EmailMultiAlternatives
from django.utils import translation
from django.utils.translation import gettext, ngettext

from engagement.mail.composing import MOST_ITEMS, Content, Item, Sender, Ways, compose
from engagement.models import Happening, Letter, LetterKind, Subscription
from engagement.models.subscription import UNCONFIRMED_DAYS
from engagement.services.registrations import letters
from engagement.services.subscriptions import links
from engagement.services.subscriptions.items import item_of
from engagement.services.subscriptions.staff import staff_content
from engagement.services.subscriptions.subjects import Readings, is_open, title_of
from mapping.models.setup.profile import current_city


class Writer:
    """Writes the letters of one run, which takes seconds: items and campaigns are read once per language."""

    def __init__(self) -> None:
        city = current_city()
        self._sender = Sender(city.name, city.contact)
        self._readings = Readings()
        self._items: dict[tuple[int, str, bool], Item | None] = {}

    def write(self, letter: Letter) -> EmailMultiAlternatives | None:
        """The mail; None where there is nothing left to say. Raises ValueError for an impossible address."""
        with translation.override(self._language(letter)):
            content = self._content(letter)
            return (
                None
                if content is None
                else compose(letter.pk, _address(letter), content, self._sender, _ways(letter))
            )

    def _language(self, letter: Letter) -> str:
        if letter.registration is not None:
            return letters.language_of(letter.registration)
        return "de" if letter.subscriber is None else letter.subscriber.language

    def _content(self, letter: Letter) -> Content | None:
        match letter.kind:
            case LetterKind.STAFF:
                return None if letter.user is None else staff_content(letter.user)
            case LetterKind.REGISTRATION:
                return letters.content_of(letter)
            case LetterKind.OVERVIEW:
                return _overview(letter, self._sender)
            case LetterKind.CONFIRMATION:
                return _confirmation(letter, self._sender)
            case _:
                return self._news(letter)

    def _news(self, letter: Letter) -> Content | None:
        subscription = letter.subscription
        if subscription is None or subscription.confirmed_at is None or not is_open(subscription):
            return None
        told = (self._item(notice.happening, subscription) for notice in letter.notices.all())
        items = list(dict.fromkeys(item for item in told if item is not None))
        if not items:
            return None
        subject = items[0].title if len(items) == 1 else _number_of_news(len(items))
        first = items[0].label if len(items) == 1 else self._sender.name
        return Content(
            subject=f"{first}: {subject}",
            items=items[:MOST_ITEMS],
            more=max(0, len(items) - MOST_ITEMS),
            about=title_of(subscription, self._readings),
        )

    def _item(self, happening: Happening, subscription: Subscription) -> Item | None:
        key = (happening.pk, translation.get_language(), subscription.is_author)
        if key not in self._items:
            self._items[key] = item_of(happening, self._readings, for_author=subscription.is_author)
        return self._items[key]


def _number_of_news(number: int) -> str:
    return ngettext("%(number)s piece of news", "%(number)s pieces of news", number) % {"number": number}


def _address(letter: Letter) -> str:
    if letter.user is not None:
        return letter.user.email
    if letter.registration is not None:
        return letter.registration.mail
    assert letter.subscriber is not None  # noqa: S101 - a constraint
    return letter.subscriber.mail


def _ways(letter: Letter) -> Ways | None:
    """How to end it; a confirmation has nothing to end, and leads a stranger nowhere else."""
    if letter.subscriber is None or letter.kind == LetterKind.CONFIRMATION:
        return None
    is_news = letter.kind == LetterKind.NEWS and letter.subscription is not None
    end = links.end_link(letter.subscription) if is_news and letter.subscription is not None else ""
    return Ways(links.mine_link(letter.subscriber), end)


def _confirmation(letter: Letter, sender: Sender) -> Content | None:
    subscription = letter.subscription
    if subscription is None or not is_open(subscription):
        return None
    values = {"city": sender.name, "subject": title_of(subscription)}
    return Content(
        subject=gettext("Please confirm: news from %(city)s") % values,
        intro=(
            gettext("Somebody, probably you, would like to get news at this address: %(subject)s.") % values,
            gettext("Please confirm that on the page behind this link:"),
        ),
        action=(gettext("Confirm"), links.confirm_link(subscription)),
        outro=(
            gettext(
                "It was not you? Then you need not do anything. Nothing is sent, and the address is deleted after "
                "%(days)s days."
            )
            % {"days": UNCONFIRMED_DAYS},
        ),
    )


def _overview(letter: Letter, sender: Sender) -> Content | None:
    if letter.subscriber is None:
        return None
    return Content(
        subject=gettext("Your subscriptions: %(city)s") % {"city": sender.name},
        intro=(
            gettext("With this link you see which news you get, change how often they come, and end them:"),
        ),
        action=(gettext("See and change"), links.mine_link(letter.subscriber)),
        outro=(gettext("Please keep this link to yourself."),),
    )
