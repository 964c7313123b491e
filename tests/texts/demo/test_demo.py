"""The demo's text: fourteen sections, two versions, comments and suggestions."""

import pytest

from mapping.demo import seed
from mapping.models import Comment
from texts.demo import fill
from texts.models import Fate, Section, Suggestion, TextVersion


@pytest.mark.slow
def test_text_of_the_demo_is_made_once(db: None) -> None:
    reported: list[str] = []
    for _ in range(2):
        fill(reported.append)
    assert reported == ["leitlinien: a text of 14 sections in two versions"]
    assert Section.objects.public().standing().count() == 14
    assert Section.objects.exclude(gone_since=None).count() == 1
    assert TextVersion.objects.public().count() == 2
    assert Comment.objects.published().count() == 20
    assert set(Suggestion.objects.public().values_list("fate", flat=True)) == set(Fate.values)
    assert seed.demo_users()
