"""Rows read in a language: copies with translated texts, each of which knows its language."""

import copy
import json
import pickle

import pytest
from django.db.models import prefetch_related_objects
from pytest_django import DjangoAssertNumQueries

from mapping.languages import OFFERED, TAGS, language_of
from mapping.models import Campaign
from mapping.services.setup.asking.bounds import LONGEST_WORDS
from mapping.services.setup.asking.rows import LONGEST_ALT, LONGEST_TITLE
from mapping.services.setup.texts import LONGEST
from mapping.translated.reading import LanguageText, in_language, in_languages
from mapping.translated.texts import _COLUMNS, Text, texts_of
from tests.surveys.every_kind import make_survey
from tests.translated.world import offer, translate

pytestmark = pytest.mark.django_db


def tag(text: str) -> str:
    assert isinstance(text, LanguageText)
    return text.language.tag


def test_texts_are_as_long_as_their_originals(campaign: Campaign) -> None:
    for model, columns in _COLUMNS.items():
        for name, longest in columns.items():
            column = getattr(model._meta.get_field(name), "max_length", None)
            assert longest == (column if column is not None else LONGEST[name]), (model, name)
    lengths = {text.field.partition(".")[0]: text.max_length for text in _texts_of_a_survey(campaign)}
    assert (lengths["choices"], lengths["rows"]) == (LONGEST_TITLE, LONGEST_TITLE)
    assert (lengths["alts"], lengths["minimum_title"]) == (LONGEST_ALT, LONGEST_WORDS)


def _texts_of_a_survey(campaign: Campaign) -> list[Text]:
    return [text for question in make_survey(campaign).values() for text in texts_of(question)]


def test_every_column_of_words_is_a_text_or_left_out_on_purpose() -> None:
    kept = {"slug", "language", "publication", "release_rhythm", "moderation", "marker", "colour", "kind"}
    kept |= {"audience", "open_to", "results"}
    for model, columns in _COLUMNS.items():
        words = {
            field.name
            for field in model._meta.concrete_fields
            if field.get_internal_type() in ("CharField", "TextField", "SlugField")
        }
        assert words - set(columns) <= kept, model


def test_translated_texts_are_shown_and_others_stay_as_written(campaign: Campaign) -> None:
    campaign.summary = "Wo es dunkel ist"
    translate(offer(campaign), "tr", "title")
    reading = in_language(campaign, "tr")
    assert reading.campaign.title == f"tr {campaign.title}"
    assert (tag(reading.campaign.title), tag(reading.campaign.summary)) == ("tr", "de")
    assert reading.campaign.summary == campaign.summary
    assert not campaign.title.startswith("tr")


def test_choices_statements_ends_and_pictures_are_translated(campaign: Campaign) -> None:
    questions = make_survey(campaign)
    translate(offer(campaign), "ar")
    reading = in_language(campaign, "ar")
    read = {one.slug: reading.of(one) for one in questions.values()}
    colour, figure = read["colour"].options["choices"][0], read["figure"].options["choices"][0]
    assert (colour["value"], colour["title"]) == ("red", "ar Rot")
    assert figure["alt"] == "ar A figure, ampelfrau"
    assert read["judged"].options["rows"][0]["title"] == "ar I feel safe there"
    assert questions["colour"].options["choices"][0]["title"] == "Rot"
    assert tag(colour["title"]) == "ar"


def test_removed_choices_are_named_in_the_language_too(campaign: Campaign) -> None:
    question = make_survey(campaign)["colour"]
    translate(offer(campaign), "tr")
    choices = question.options["choices"]
    question.options = {"choices": choices[1:], "removed": choices[:1]}
    assert in_language(campaign, "tr").of(question).options["removed"][0]["title"] == "tr Rot"


def test_rows_that_were_read_before_are_copied_without_a_query(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    translate(offer(campaign), "tr")
    prefetch_related_objects([campaign], "categories__questions", "phases")
    with django_assert_num_queries(1):
        reading = in_language(campaign, "tr")
        read = reading.campaign.categories.all()[0]
        assert read.title.startswith("tr ")
        assert all(one.title.startswith("tr ") for one in read.questions.all())
        assert reading.campaign.timeline == []
    assert not campaign.categories.all()[0].title.startswith("tr ")


def test_reading_in_the_language_of_the_texts_reads_nothing(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    translate(offer(campaign), "tr")
    for wanted in ("de", "fr", "xx"):
        with django_assert_num_queries(0):
            assert in_language(campaign, wanted).campaign.title == campaign.title


def test_language_that_is_not_offered_stays_hidden(campaign: Campaign) -> None:
    translate(offer(campaign, "en"), "tr")
    assert in_language(campaign, "tr").language.tag == "de"


def test_many_campaigns_are_read_with_one_query(
    campaign: Campaign, cells_campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for one in (campaign, cells_campaign):
        translate(offer(one), "tr", "title")
    with django_assert_num_queries(1):
        readings = in_languages([campaign, cells_campaign], {campaign.pk: "tr", cells_campaign.pk: "de"})
    assert [tag(one.campaign.title) for one in readings] == ["tr", "de"]


def test_copies_for_reading_are_never_stored(campaign: Campaign) -> None:
    translate(offer(campaign), "tr")
    reading = in_language(campaign, "tr")
    for row in (reading.campaign, reading.of(campaign.categories.all()[0])):
        for write in (row.save, row.delete):
            with pytest.raises(TypeError):
                write()
    campaign.refresh_from_db()
    assert not campaign.title.startswith("tr")


def test_deferred_columns_are_left_alone(
    campaign: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    slim = Campaign.objects.defer("description", "outcome").get(pk=campaign.pk)
    with django_assert_num_queries(0):
        assert in_language(slim, "de").campaign.title == campaign.title


def test_text_stays_a_text_with_its_language() -> None:
    text = LanguageText("نص", language_of("ar"), is_mixed=True)
    for made in (str(text), copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301
        assert (made, tag(made)) == ("نص", "ar")
    assert json.loads(json.dumps([text])) == ["نص"]


def test_twenty_languages_and_more_are_offered_each_with_a_name_of_its_own() -> None:
    assert len(OFFERED) >= 20
    assert len(set(TAGS)) == len({one.own_name for one in OFFERED}) == len(OFFERED)
    assert len({str(one.name) for one in OFFERED}) == len(OFFERED)
    assert {one.tag for one in OFFERED if one.is_rtl} == {"ar", "ckb", "fa", "ps", "ur"}
