"""Drafts: edited without anybody noticing, in an order, dropped and put back, replaced, discarded."""

from uuid import uuid4

import pytest

from accounts.models import User
from mapping.models import Campaign, Category, Contribution
from mapping.services.errors import Conflict, Invalid, NotAllowed
from tests.texts.services.setup.world import SECTIONS, headings, keys, new_text, published, shown
from texts.models import MOST_SECTIONS, Section, Text, TextVersion
from texts.services.setup.drafts import (
    Entry,
    discard_draft,
    drop_section,
    dropped_of,
    mark_of,
    move_section,
    put_back,
    replace_draft,
    save_section,
    shown_version,
)
from texts.services.setup.texts import make_text, remove_text, texts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(campaign: Campaign, manager: User) -> Text:
    return new_text(campaign, manager)


def test_category_of_a_text_is_closed_and_takes_no_place(text: Text) -> None:
    category = Category.objects.get(pk=text.category_id)
    assert (category.takes_contributions, category.geometry_types) == (False, ["none"])


def test_category_with_contributions_cannot_be_a_text(
    campaign: Campaign, manager: User, published: Contribution
) -> None:
    with pytest.raises(NotAllowed, match="text_of_contributions"):
        make_text(published.category, actor=manager)


def test_section_is_written_into_the_draft_alone(text: Text, manager: User) -> None:
    published(text, manager)
    key = keys(text)["Aims"]
    save_section(text, key, Entry("Aims", "The square gets a hundred trees."), actor=manager)
    assert shown(text)[0].body == "The square gets a hundred trees."
    assert Contribution.objects.get(pk=key).text == "The square gets trees."
    assert [one.number for one in text.versions.order_by("number")] == [1, 2]


def test_new_section_stands_behind_the_others(text: Text, manager: User) -> None:
    for heading in ("One", "Two"):
        save_section(text, None, Entry(heading), actor=manager)
    assert headings(text) == ["One", "Two"]


def test_change_by_somebody_else_is_not_overwritten_unseen(text: Text, manager: User) -> None:
    wording = save_section(text, None, Entry("One"), actor=manager)
    read = mark_of(wording)
    save_section(text, wording.section_id, Entry("One", "Other"), actor=manager, expected=read)
    with pytest.raises(Conflict, match="section_changed") as refused:
        save_section(text, wording.section_id, Entry("One", "Mine"), actor=manager, expected=read)
    save_section(
        text,
        wording.section_id,
        Entry("One", "Mine"),
        actor=manager,
        expected=str(refused.value.params["mark"]),
    )
    assert shown(text)[0].body == "Mine"


@pytest.mark.parametrize(
    ("entry", "field"),
    [
        (Entry(" "), "heading"),
        (Entry("x" * 121), "heading"),
        (Entry("x", "y" * 20_001), "body"),
        (Entry("x", "", -1), "level"),
        (Entry("x", "", 7), "level"),
    ],
)
def test_bad_section_is_refused_at_its_field(text: Text, manager: User, entry: Entry, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save_section(text, None, entry, actor=manager)
    assert set(refused.value.fields) == {field}
    assert not TextVersion.objects.exists()


def test_sections_are_moved(text: Text, manager: User) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    move_section(text, keys(text)["Traffic"], 0, actor=manager)
    assert headings(text) == ["Traffic", "Aims", "Green"]
    move_section(text, keys(text)["Traffic"], 99, actor=manager)
    assert headings(text) == ["Aims", "Green", "Traffic"]


def test_section_that_was_never_public_is_deleted_when_it_is_dropped(text: Text, manager: User) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    drop_section(text, keys(text)["Green"], actor=manager)
    assert headings(text) == ["Aims", "Traffic"]
    assert Section.objects.count() == 2


def test_public_section_that_was_dropped_can_be_put_back(text: Text, manager: User) -> None:
    published(text, manager)
    key = keys(text)["Green"]
    drop_section(text, key, actor=manager)
    assert [one.section_id for one in dropped_of(text, shown_version(text))] == [key]
    put_back(text, key, actor=manager)
    assert keys(text)["Green"] == key
    assert headings(text) == ["Aims", "Traffic", "Green"]


def test_draft_can_be_discarded(text: Text, manager: User) -> None:
    published(text, manager)
    save_section(text, None, Entry("More"), actor=manager)
    discard_draft(text, actor=manager)
    assert headings(text) == ["Aims", "Green", "Traffic"]
    assert Section.objects.count() == 3
    with pytest.raises(NotAllowed, match="nothing_to_discard"):
        discard_draft(text, actor=manager)


def test_document_replaces_the_draft_and_keeps_the_sections_that_it_continues(
    text: Text, manager: User
) -> None:
    published(text, manager)
    key = keys(text)["Green"]
    replace_draft(text, [Entry("New"), Entry("Greener", section=key)], actor=manager)
    assert headings(text) == ["New", "Greener"]
    assert keys(text)["Greener"] == key


def test_document_cannot_continue_what_is_not_there_or_one_section_twice(text: Text, manager: User) -> None:
    published(text, manager)
    key = keys(text)["Green"]
    with pytest.raises(Conflict, match="gone"):
        replace_draft(text, [Entry("x", section=uuid4())], actor=manager)
    with pytest.raises(Invalid) as refused:
        replace_draft(text, [Entry("x", section=key), Entry("y", section=key)], actor=manager)
    assert [one.code for one in refused.value.fields["sections"]] == ["section_twice"]
    with pytest.raises(Invalid):
        replace_draft(text, [Entry("x")] * (MOST_SECTIONS + 1), actor=manager)
    with pytest.raises(Invalid) as wrong:
        replace_draft(text, [Entry("x"), Entry("")], actor=manager)
    assert set(wrong.value.fields) == {"sections.1"}


def test_only_managers_edit(text: Text, moderator: User) -> None:
    with pytest.raises(NotAllowed, match="not_manager"):
        save_section(text, None, Entry("x"), actor=moderator)
    with pytest.raises(NotAllowed, match="not_manager"):
        make_text(text.category, actor=moderator)


def test_text_is_removed_until_it_was_published(text: Text, manager: User) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    [counted] = texts_of(text.campaign)
    assert (counted.published, counted.draft and counted.draft.number, counted.sections) == (None, 1, 3)
    remove_text(text, actor=manager)
    again = make_text(Category.objects.get(pk=text.category_id), actor=manager)
    published(again, manager)
    with pytest.raises(NotAllowed, match="text_was_published"):
        remove_text(again, actor=manager)
