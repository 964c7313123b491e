"""Versions: sections become contributions of the city, keep them, and are gone with what people wrote."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign, Change, Comment, Contribution, ModerationEvent, Publication, Source
from mapping.services import city, feedback
from mapping.services.checking.content import Submission
from mapping.services.errors import NotAllowed
from mapping.services.setup.categories import remove_category
from mapping.services.setup.checklist import findings
from mapping.services.setup.copying import copied
from tests.personas import Citizen
from tests.texts.services.setup.world import SECTIONS, headings, keys, new_text, published
from texts.models import Section, Text, TextVersion, Wording, version_at
from texts.services.setup.drafts import Entry, drop_section, move_section, replace_draft, save_section
from texts.services.setup.publishing import changes_of, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def text(campaign: Campaign, manager: User) -> Text:
    return new_text(campaign, manager)


def section(text: Text, heading: str) -> Section:
    return Section.objects.select_related("contribution__campaign").get(pk=keys(text)[heading])


def test_first_version_makes_contributions_of_the_city(text: Text, manager: User) -> None:
    version = published(text, manager)
    made = Contribution.objects.published().filter(category=text.category).order_by("position")
    assert [(one.title, one.text, one.source, one.participant) for one in made] == [
        (one.heading, one.body, Source.CITY, None) for one in SECTIONS
    ]
    assert [one.pk for one in made] == list(keys(text).values())
    assert version.number == 1
    assert version.published_by == manager
    assert Wording.objects.public().count() == 3


def test_sections_keep_their_contribution_and_comments_through_versions(
    text: Text, manager: User, citizen: Citizen
) -> None:
    published(text, manager, at=timezone.now() - timedelta(minutes=5))
    green = section(text, "Green")
    assert green.contribution is not None
    comment = feedback.comment(green.contribution, "More!", citizen.secret)
    save_section(text, green.pk, Entry("Greener", "We plant oaks.", 2), actor=manager)
    move_section(text, green.pk, 0, actor=manager)
    second = publish(text, actor=manager, note_to_readers="Oaks.", at=timezone.now() + timedelta(minutes=5))
    changed = Contribution.objects.get(pk=green.pk)
    assert (changed.title, changed.text) == ("Greener", "We plant oaks.")
    assert Comment.objects.get().contribution == changed
    events = ModerationEvent.objects.filter(contribution=changed).exclude(original={})
    assert [one.original for one in events] == [{"title": "Green", "text": "We plant lime trees."}]
    versions = list(TextVersion.objects.public())
    assert version_at(versions, comment.created_at) == versions[1]
    assert version_at(versions, second.published_at or timezone.now()) == second
    assert version_at(versions, timezone.now() - timedelta(days=9)) is None
    order = Contribution.objects.filter(category=text.category).order_by("position")
    assert [one.title for one in order] == ["Greener", "Aims", "Traffic"]


def test_dropped_section_is_gone_since_the_version_and_may_return(text: Text, manager: User) -> None:
    published(text, manager)
    green = section(text, "Green")
    drop_section(text, green.pk, actor=manager)
    assert Section.objects.standing().count() == 3, "a draft changes nothing"
    second = publish(text, actor=manager)
    green.refresh_from_db()
    assert green.gone_since == second
    assert Contribution.objects.published().get(pk=green.pk).position is None
    replace_draft(text, [*SECTIONS[:1], Entry("Green", "Back.", 2, green.pk)], actor=manager)
    publish(text, actor=manager)
    green.refresh_from_db()
    assert green.gone_since is None
    assert Contribution.objects.get(pk=green.pk).text == "Back."


def test_nothing_is_published_without_a_change(text: Text, manager: User) -> None:
    with pytest.raises(NotAllowed, match="nothing_to_publish"):
        publish(text, actor=manager)
    replace_draft(text, [], actor=manager)
    with pytest.raises(NotAllowed, match="text_empty"):
        publish(text, actor=manager)
    published(text, manager)
    entries = [Entry(one.heading, one.body, one.level, keys(text)[one.heading]) for one in SECTIONS]
    replace_draft(text, entries, actor=manager)
    with pytest.raises(NotAllowed, match="text_unchanged"):
        publish(text, actor=manager)


def test_protected_campaign_has_no_public_text(text: Text, manager: User) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    Campaign.objects.filter(pk=text.campaign.pk).update(publication=Publication.CELLS)
    with pytest.raises(NotAllowed, match="text_protected"):
        publish(text, actor=manager)
    assert "setup_text_protected" in {one.code for one in findings(Campaign.objects.get(pk=text.campaign.pk))}


def test_only_managers_publish(text: Text, manager: User, moderator: User) -> None:
    replace_draft(text, SECTIONS, actor=manager)
    with pytest.raises(NotAllowed, match="not_manager"):
        publish(text, actor=moderator)


def test_changes_of_the_draft_are_named(text: Text, manager: User) -> None:
    published(text, manager)
    save_section(text, keys(text)["Aims"], Entry("Aims", "Other."), actor=manager)
    drop_section(text, keys(text)["Green"], actor=manager)
    save_section(text, None, Entry("More"), actor=manager)
    draft = text.versions.drafts().get()
    assert [(one.heading[-1].text, one.state) for one in changes_of(text, draft)] == [
        ("Aims", "changed"),
        ("Green", "gone"),
        ("Traffic", "same"),
        ("More", "new"),
    ]


def test_sections_are_changed_and_deleted_in_the_text_alone(text: Text, manager: User) -> None:
    published(text, manager)
    aims = Contribution.objects.get(title="Aims")
    submission = Submission(category=text.category.slug, text="Other", title="Aims")
    with pytest.raises(NotAllowed, match="section_of_text"):
        city.replace(aims, submission, actor=manager, precondition=lambda: None)
    with pytest.raises(NotAllowed, match="section_of_text"):
        city.take_away(aims, actor=manager, precondition=lambda: None)
    with pytest.raises(NotAllowed, match="category_has_text"):
        remove_category(text.category, actor=manager)


def test_copy_of_a_campaign_begins_with_the_newest_wording_as_a_draft(text: Text, manager: User) -> None:
    published(text, manager)
    copy = copied(text.campaign, slug="again", title="Again")
    [found] = Text.objects.of(copy)
    assert headings(found) == ["Aims", "Green", "Traffic"]
    assert not found.versions.published().exists()
    assert not Contribution.objects.filter(campaign=copy).exists()


def test_draft_with_an_unpublished_text_cannot_be_published(text: Text) -> None:
    Campaign.objects.filter(pk=text.campaign.pk).update(is_draft=True)
    found = findings(Campaign.objects.get(pk=text.campaign.pk))
    assert [one.blocks for one in found if one.code == "setup_text_unpublished"] == [True]
    of_drawn = [one.params["title"] for one in found if one.code == "setup_nothing_drawn"]
    assert "Guidelines" not in of_drawn, "the text's own check looks after it"


def test_drafts_move_no_public_revision_and_versions_do(text: Text, manager: User) -> None:
    published(text, manager)
    campaign = text.campaign.pk
    before = Change.objects.revision_of(campaign).number
    wording = save_section(text, None, Entry("More"), actor=manager)
    drafted = Change.objects.revision_of(campaign).number
    save_section(text, wording.section_id, Entry("More", "words"), actor=manager)
    assert Change.objects.revision_of(campaign).number == drafted
    publish(text, actor=manager)
    assert Change.objects.revision_of(campaign).number > drafted >= before
