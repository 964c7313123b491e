"""Suggested words go with their comments at the date that people were promised; the city's words stay."""

from datetime import date

import pytest

from mapping.models import Campaign, Comment, RetentionSpan
from mapping.services.retained.parts import REMOVED
from mapping.services.retained.removing import remove_due
from tests.personas import Citizen
from tests.texts.making import make_text, sections_of
from texts.models import Suggestion
from texts.reading.quotes import Quote
from texts.services.suggesting import draft_of_quote, suggest

pytestmark = pytest.mark.django_db


def test_suggested_words_are_removed_with_their_comment(campaign: Campaign, citizen: Citizen) -> None:
    section = sections_of(make_text(campaign))[0]
    place = section.contribution
    assert place is not None
    text, title = place.text, place.title
    suggest(section, draft_of_quote(section, Quote("", "three", ""), "Ada says thirty"), citizen.secret)
    RetentionSpan.objects.create(campaign=campaign, subject="texts", months=1)
    remove_due(date(2031, 1, 1))
    stored = Suggestion.objects.get()
    assert (stored.exact, stored.replacement) == ("three", REMOVED)
    assert Comment.objects.get().text == REMOVED
    place.refresh_from_db()
    assert (place.text, place.title) == (text, title)
    assert remove_due(date(2031, 1, 1)) == 0
