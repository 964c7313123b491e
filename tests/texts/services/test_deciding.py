"""What becomes of suggestions: decided with a reason, taken back, by those who moderate."""

import pytest

from accounts.models import User
from mapping.models import Campaign
from mapping.services.errors import Conflict, Invalid, NotAllowed
from tests.personas import Citizen
from tests.texts.making import make_text, sections_of
from texts.models import Fate, Suggestion
from texts.reading.quotes import Quote
from texts.services.deciding import decide
from texts.services.suggesting import draft_of_quote, suggest

pytestmark = pytest.mark.django_db


@pytest.fixture
def suggestion(campaign: Campaign, citizen: Citizen) -> Suggestion:
    section = sections_of(make_text(campaign))[0]
    return suggest(section, draft_of_quote(section, Quote("", "three", ""), "thirty"), citizen.secret)


def test_adopted_suggestion_is_in_the_newest_version(suggestion: Suggestion, moderator: User) -> None:
    decided = decide(suggestion, Fate.ADOPTED, "", actor=moderator)
    assert decided.adopted_in == suggestion.wording.version
    assert (decided.decided_by, decided.decided_at is not None) == (moderator, True)


def test_declined_suggestion_needs_a_reason(suggestion: Suggestion, moderator: User) -> None:
    for fate in (Fate.DECLINED, Fate.PARTLY):
        with pytest.raises(Invalid) as refused:
            decide(suggestion, fate, " ", actor=moderator)
        assert set(refused.value.fields) == {"reason"}
    decided = decide(suggestion, Fate.DECLINED, "Too many.", actor=moderator)
    assert (decided.fate, decided.reason, decided.adopted_in) == (Fate.DECLINED, "Too many.", None)


def test_decision_is_taken_back(suggestion: Suggestion, moderator: User) -> None:
    decide(suggestion, Fate.PARTLY, "A bit.", actor=moderator)
    opened = decide(suggestion, Fate.OPEN, "", actor=moderator)
    assert (opened.fate, opened.reason, opened.decided_at, opened.adopted_in) == (Fate.OPEN, "", None, None)


def test_others_decide_nothing(suggestion: Suggestion, analyst: User, moderator: User) -> None:
    with pytest.raises(NotAllowed, match="not_member"):
        decide(suggestion, Fate.ADOPTED, "", actor=analyst)
    with pytest.raises(Invalid):
        decide(suggestion, "maybe", "", actor=moderator)
    Suggestion.objects.get().comment.delete()
    with pytest.raises(Conflict, match="gone"):
        decide(suggestion, Fate.ADOPTED, "", actor=moderator)
