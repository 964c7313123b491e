"""Texts of a campaign are translated one by one; the history keeps each, and they go with what they translate."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from mapping.models import Campaign, CampaignChange, Question, RemovedQuestion, Translation
from mapping.services.errors import Conflict, Invalid, NotAllowed
from mapping.services.setup import categories, changes, translating, undoing
from mapping.services.setup.asking.drafts import draft_of
from mapping.services.setup.asking.removal import Answers, remove_question, restore_question
from mapping.services.setup.changes import PhaseValues
from mapping.services.setup.copying import copied
from mapping.services.setup.questions import change_question
from tests.services.setup.world import answer

pytestmark = pytest.mark.django_db


def names(campaign: Campaign) -> list[str]:
    return [text.name for text in translating.texts_to_translate(campaign)]


def stored(campaign: Campaign, language: str = "tr") -> dict[str, str]:
    return {one.field: one.text for one in Translation.objects.filter(campaign=campaign, language=language)}


def undo(campaign: Campaign, manager: User) -> None:
    newest = CampaignChange.objects.filter(campaign=campaign).first()
    assert newest is not None
    assert undoing.undo(campaign, manager, newest.pk).undoes == newest


def test_texts_stand_in_the_order_of_the_pages(campaign: Campaign, colour: Question) -> None:
    found = translating.texts_to_translate(campaign)
    assert (found[0].kind, found[0].field, found[0].original) == ("campaign", "title", campaign.title)
    assert [text.field for text in found if text.object_id == colour.pk and text.kind == "question"] == [
        "title",
        *(f"choices.{one['value']}" for one in colour.options["choices"]),
    ]
    assert all(text.original for text in found)


def test_translations_are_stored_cleaned_and_removed(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    title, red = f"question.{colour.pk}.title", f"question.{colour.pk}.choices.rot"
    assert (
        translating.set_translations(campaign, manager, "tr", {title: "  Hangi\u202e renk? ", red: "Kırmızı"})
        == 2
    )
    assert stored(campaign) == {"title": "Hangi renk?", "choices.rot": "Kırmızı"}
    assert translating.set_translations(campaign, manager, "tr", {red: " ", title: "Hangi renk?"}) == 1
    assert stored(campaign) == {"title": "Hangi renk?"}


def test_translation_of_a_changed_text_is_out_of_date(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    title = f"question.{colour.pk}.title"
    translating.set_translations(campaign, manager, "tr", {title: "Hangi renk?"})
    Question.objects.filter(pk=colour.pk).update(title="Welche Farbe genau?")
    found = {one.text.name: one for one in translating.translations_in(campaign, "tr")}
    assert found[title].translation == "Hangi renk?"
    assert found[title].is_outdated
    assert translating.set_translations(campaign, manager, "tr", {title: "Hangi renk?"}) == 1
    assert not any(one.is_outdated for one in translating.translations_in(campaign, "tr"))


def test_undo_restores_the_former_translations(campaign: Campaign, manager: User, colour: Question) -> None:
    title = f"question.{colour.pk}.title"
    translating.set_translations(campaign, manager, "tr", {title: "Renk?"})
    translating.set_translations(campaign, manager, "tr", {title: "Hangi renk?"})
    undo(campaign, manager)
    assert stored(campaign) == {"title": "Renk?"}


def test_undo_of_a_first_translation_removes_it(campaign: Campaign, manager: User, colour: Question) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    undo(campaign, manager)
    assert stored(campaign) == {}


def test_translation_changed_past_the_history_is_not_undone(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    Translation.objects.update(text="Başka")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        undo(campaign, manager)


def test_too_long_unknown_and_foreign_texts_are_refused(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    title = f"question.{colour.pk}.title"
    with pytest.raises(Invalid, match="too_long") as refused:
        translating.set_translations(campaign, manager, "tr", {title: "x" * 201})
    assert list(refused.value.fields) == [title]
    with pytest.raises(Conflict, match="gone"):
        translating.set_translations(campaign, manager, "tr", {"question.0.title": "x"})
    for language in ("xx", "de"):
        with pytest.raises(Invalid, match="not_a_choice"):
            translating.set_translations(campaign, manager, language, {title: "x"})
    assert stored(campaign) == {}


def test_only_managers_translate(campaign: Campaign, moderator: User) -> None:
    with pytest.raises(NotAllowed):
        translating.set_translations(campaign, moderator, "tr", {names(campaign)[0]: "Başlık"})
    with pytest.raises(NotAllowed):
        translating.set_languages(campaign, moderator, ["tr"])


def test_offered_languages_stand_in_one_order_and_can_be_taken_back(
    campaign: Campaign, manager: User
) -> None:
    changed = translating.set_languages(campaign, manager, ["tr", "ar", "de", "de-simple"])
    assert changed.languages == ["de-simple", "ar", "tr"]
    translating.set_languages(campaign, manager, ["tr"], original="en")
    undo(campaign, manager)
    campaign.refresh_from_db()
    assert (campaign.language, campaign.languages) == ("de", ["de-simple", "ar", "tr"])
    with pytest.raises(Invalid, match="not_a_choice"):
        translating.set_languages(campaign, manager, ["tr", "xx"])


def test_translations_go_with_what_they_translate(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    category = campaign.categories.first()
    assert category is not None
    for name in (f"question.{colour.pk}.title", f"category.{category.pk}.title"):
        translating.set_translations(campaign, manager, "tr", {name: "x"})
    remove_question(colour, actor=manager)
    assert [one.kind for one in Translation.objects.all()] == ["category"]
    categories.remove_category(category, actor=manager)
    assert not Translation.objects.exists()


def test_undo_of_a_removal_restores_the_translations(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    remove_question(colour, actor=manager)
    assert stored(campaign) == {}
    undo(campaign, manager)
    question = Question.objects.get(slug=colour.slug)
    assert translating.translations_in(campaign, "tr")[-1].text.object_id == question.pk
    assert stored(campaign) == {"title": "Renk?"}


@pytest.mark.parametrize("is_undone", [False, True])
def test_question_that_is_restored_with_its_answers_has_its_translations(
    campaign: Campaign, manager: User, colour: Question, is_undone: bool
) -> None:
    name = f"question.{colour.pk}"
    translating.set_translations(
        campaign, manager, "tr", {f"{name}.title": "Renk?", f"{name}.choices.rot": "Kırmızı"}
    )
    answer(campaign, welche_farbe="rot")
    remove_question(colour, actor=manager, answers=Answers.KEEP)
    if is_undone:
        undo(campaign, manager)
    else:
        restore_question(RemovedQuestion.objects.get(), actor=manager)
    assert stored(campaign) == {"title": "Renk?", "choices.rot": "Kırmızı"}
    assert not any(one.is_outdated for one in translating.translations_in(campaign, "tr"))


def test_question_that_lost_its_translations_before_it_was_removed_again_has_none(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    answer(campaign, welche_farbe="rot")
    remove_question(colour, actor=manager, answers=Answers.KEEP)
    restored = restore_question(RemovedQuestion.objects.get(), actor=manager)
    translating.set_translations(campaign, manager, "tr", {f"question.{restored.pk}.title": ""})
    remove_question(restored, actor=manager, answers=Answers.KEEP)
    restore_question(RemovedQuestion.objects.get(), actor=manager)
    assert stored(campaign) == {}


def test_phases_keep_their_translations(campaign: Campaign, manager: User) -> None:
    now = timezone.now()
    days = [now + timedelta(days=number) for number in range(5)]
    phases = [PhaseValues("Sammeln", days[0], days[1], "Orte"), PhaseValues("Lesen", days[1], days[2])]
    changes.change(campaign, manager, "period", {}, phases)
    collecting, reading = campaign.phases.order_by("opens_at")
    texts = {f"phase.{collecting.pk}.title": "Topla", f"phase.{reading.pk}.title": "Oku"}
    translating.set_translations(campaign, manager, "tr", texts)
    # One moves, the other gets another title.
    phases = [PhaseValues("Sammeln", days[3], days[4], "Orte"), PhaseValues("Ansehen", days[1], days[2])]
    changes.change(campaign, manager, "period", {}, phases)
    found = {one.text.original: one for one in translating.translations_in(campaign, "tr")}
    assert (found["Sammeln"].translation, found["Sammeln"].is_outdated) == ("Topla", False)
    assert (found["Ansehen"].translation, found["Ansehen"].former) == ("Oku", "Lesen")
    changes.change(campaign, manager, "period", {}, phases[:1])
    assert stored(campaign) == {"title": "Topla"}


def test_copies_are_translated_like_their_source(campaign: Campaign, manager: User, colour: Question) -> None:
    category = campaign.categories.first()
    assert category is not None
    names_of = {
        f"campaign.{campaign.pk}.title": "Başlık",
        f"category.{category.pk}.title": "Yer",
        f"question.{colour.pk}.title": "Renk?",
    }
    translating.set_translations(campaign, manager, "tr", names_of)
    translating.set_languages(campaign, manager, ["tr"])
    copy = copied(Campaign.objects.get(pk=campaign.pk), slug="again", title="Again")
    assert copy.languages == ["tr"]
    translated = [one.translation for one in translating.translations_in(copy, "tr") if one.translation]
    assert sorted(translated) == ["Renk?", "Yer"]


def test_confirmed_translations_and_those_of_former_originals(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    title = f"question.{colour.pk}.title"
    translating.set_translations(campaign, manager, "tr", {title: "Renk?"}, originals={title: "Alte Frage"})
    (found,) = [one for one in translating.translations_in(campaign, "tr") if one.translation]
    assert (found.is_outdated, found.former) == (True, "Alte Frage")
    assert translating.set_translations(campaign, manager, "tr", {title: "Renk?"}, confirmed=()) == 0
    assert translating.set_translations(campaign, manager, "tr", {title: "Renk?"}, confirmed=[title]) == 1
    with pytest.raises(Conflict, match="step_changed"):
        translating.set_translations(campaign, manager, "tr", {title: "Hangi?"}, expected="x")
    assert stored(campaign) == {"title": "Renk?"}


def test_translations_of_a_removed_language_are_kept_or_deleted(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    translating.set_languages(campaign, manager, ["tr"])
    with pytest.raises(Conflict, match="translations_undecided") as refused:
        translating.set_languages(campaign, manager, [], hidden=None)
    assert refused.value.params == {"number": 1}
    translating.set_languages(campaign, manager, [], hidden=translating.Hidden.DELETE)
    assert stored(campaign) == {}
    undo(campaign, manager)
    assert stored(campaign) == {"title": "Renk?"}


def test_translations_survive_changes_of_their_question(
    campaign: Campaign, manager: User, colour: Question
) -> None:
    translating.set_translations(campaign, manager, "tr", {f"question.{colour.pk}.title": "Renk?"})
    change_question(colour, draft_of(colour), actor=manager)
    assert stored(campaign) == {"title": "Renk?"}
