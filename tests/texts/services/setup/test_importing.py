"""Documents are read, matched with the standing sections, and stored as the draft once they were seen."""

import pytest

from accounts.models import User
from mapping.models import Campaign
from mapping.services.errors import Invalid
from mapping.services.messages import SENTENCES
from tests.texts.services.setup.world import headings, keys, new_text, published
from texts.models import Text
from texts.reading.blocks import Notice
from texts.services.setup.drafts import drop_section, replace_draft
from texts.services.setup.importing import candidates_of, entries_of, proposed, read_file
from texts.services.setup.publishing import publish

pytestmark = pytest.mark.django_db
DOCUMENT = b"# Aims\n\nThe square gets many trees.\n\n# Costs\n\nTwo million.\n\n## Green\n\nWe plant oaks.\n"


@pytest.fixture
def text(campaign: Campaign, manager: User) -> Text:
    return new_text(campaign, manager)


def test_document_continues_standing_sections(text: Text, manager: User) -> None:
    published(text, manager)
    known = keys(text)
    read = read_file(text, DOCUMENT, "a.md")
    chosen = proposed(read, candidates_of(text))
    assert chosen == [known["Aims"], None, known["Green"]]
    replace_draft(text, entries_of(read, chosen), actor=manager)
    assert headings(text) == ["Aims", "Costs", "Green"]


def test_section_that_is_gone_can_return_with_a_document(text: Text, manager: User) -> None:
    published(text, manager)
    green = keys(text)["Green"]
    drop_section(text, green, actor=manager)
    publish(text, actor=manager)
    candidates = candidates_of(text)
    assert [(one.wording.heading, one.is_gone) for one in candidates] == [
        ("Aims", False),
        ("Traffic", False),
        ("Green", True),
    ]
    assert proposed(read_file(text, DOCUMENT, "a.md"), candidates)[2] == green


def test_preamble_is_named_in_the_language_of_the_campaign(text: Text) -> None:
    read = read_file(text, b"Hallo\n\n# Aims\n\n# End", "a.md")
    assert read.sections[0].heading == "Vorbemerkung"


def test_what_cannot_be_read_is_refused_at_the_file(text: Text) -> None:
    with pytest.raises(Invalid) as refused:
        read_file(text, b"no headings", "a.md")
    assert [one.code for one in refused.value.fields["file"]] == ["no_headings"]


def test_every_notice_has_a_sentence() -> None:
    assert set(Notice) <= set(SENTENCES)
