"""Words are found as German and English speakers type them."""

import pytest
from django.db import connection
from django.test import Client

from mapping.models import Campaign, Contribution, SearchText, SearchWord, Translation
from mapping.models.feedback import Reply, ReplyStatus
from mapping.models.search.text import LONGEST_WORD
from mapping.search.finding import find
from mapping.search.kinds import SEARCH_KINDS, group_named
from mapping.search.query import Term, prepare, terms_of
from mapping.search.suggestions import suggestion
from mapping.services.erase import withdraw
from mapping.services.search import MANY_TEXTS, collect_words, rebuild
from tests import personas
from tests.search.searching import found, shown, texts


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Viele Häuser hier", "Haus"),
        ("Viele Häuser hier", "häuser"),
        ("Viele Häuser hier", "haeuser"),
        ("Viele Haeuser hier", "Häuser"),
        ("An der Straße", "strasse"),
        ("An der Strasse", "straße"),
        ("An der Straße", "Straßen"),
        ("Das Café am Eck", "cafe"),
        ("Ein Fahrradständer fehlt", "Fahrrad"),
        ("Ein Fahrradständer fehlt", "Rad"),
        ("Ein Fahrradständer fehlt", "Staender"),
        ("Der Schulweg ist dunkel", "Weg"),
        ("Der Schulweg ist dunkel", "dunkel schulweg"),
        ("Der Schulweg ist dunkel", "schulw"),
        ("Ein Spielplatz", "spielpl"),
        ("Der Weg ist dunkel", "der Weg"),
        ("Mehr Bäume", "bäu"),
        ("Mehr Bäume", "baeu"),
        ("Zimmer 101", "101"),
    ],
)
def test_word_is_found_in_any_form(campaign: Campaign, written: str, typed: str) -> None:
    personas.make_contribution(campaign, text=written)
    assert texts(typed) == [written]


@pytest.mark.parametrize(
    "typed", ["", "der", "\0", "&|!():*'\\", "<->", "a & !b", "'" * 300, "x" * 10_000, "the"]
)
def test_anything_may_be_typed(campaign: Campaign, typed: str) -> None:
    personas.make_contribution(campaign, text="Der Weg")
    assert texts(typed) == []


def test_all_words_must_be_there(campaign: Campaign) -> None:
    personas.make_contribution(campaign, text="Eine Bank im Park")
    assert texts("Bank Park")
    assert not texts("Bank Brunnen")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('"sichere Wege"', True),
        ("„sicherer Weg“", True),  # in any form, as single words
        ("«Wege für Kinder»", True),
        ('"Kinder sichere"', False),
        ('"sichere Wege" Kinder', True),
        ('Kinder "Wege sichere"', False),
        ('"sichere Wege', True),  # not closed: words
        ('"Kind"', True),
        ('"Kin"', False),  # no beginning of a word
        ('""', False),
        ('"der die" Kinder', True),
    ],
)
def test_phrase_is_found_as_it_was_written(campaign: Campaign, typed: str, *, expected: bool) -> None:
    personas.make_contribution(campaign, text="Wir brauchen sichere Wege für Kinder.")
    assert bool(texts(typed)) is expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ('Rad "der neue  Weg', [Term("Rad"), Term("der"), Term("neue"), Term("Weg")]),
        ('"a" "b c', [Term("a", is_phrase=True), Term("b"), Term("c")]),
        ('"E-Mail 1.5"', [Term("E-Mail 1.5", is_phrase=True)]),
        ('" " "" "!"', []),
        (f'"{"a " * 30}"', [Term(" ".join("a" * 10), is_phrase=True)]),
        ("x" * 199, [Term("x" * 60)]),
        ('"' * 200, []),
    ],
)
def test_quotation_marks_make_phrases(typed: str, expected: list[Term]) -> None:
    assert list(terms_of(typed)) == expected


def test_phrase_keeps_its_marks_in_suggestions(campaign: Campaign) -> None:
    personas.make_contribution(campaign, text="Gibt es hier einen Brunnen am Markt?")
    SearchWord.objects.create(word="brunnen", texts=10)
    assert (
        suggestion(prepare(terms_of('"Brunen am Markt"')), lambda query: find(query).is_anywhere)
        == '"brunnen am Markt"'
    )


def test_titles_are_first_and_compounds_last(campaign: Campaign) -> None:
    personas.make_contribution(campaign, text="Der Schulweg")
    personas.make_contribution(campaign, text="Ein Weg")
    Campaign.objects.filter(pk=campaign.pk).update(title="Weg")
    assert [one.text for one in shown("Weg")][1:] == ["Ein Weg", "Der Schulweg"]


def test_texts_of_all_kinds_are_found(published: Contribution) -> None:
    personas.make_comment(published, "Kastanie im Kommentar")
    Reply.objects.create(contribution=published, status=ReplyStatus.DONE, text="Kastanie gepflanzt")
    Contribution.objects.filter(pk=published.pk).update(text="Kastanie")
    Campaign.objects.filter(pk=published.campaign_id).update(description="Jede Kastanie")
    groups = {group.name: number for group, number in found("kastanien").groups.items()}
    assert groups == {"campaigns": 1, "contributions": 1, "comments": 1, "replies": 1}
    assert found("kastanien").campaigns == {published.campaign_id: 4}
    assert texts("kastanien", "comments") == ["Kastanie im Kommentar"]


def test_campaign_is_found_once_by_its_original_and_its_offered_translations(campaign: Campaign) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(summary="Kastanien", languages=["en"])
    for language, text in (("en", "Chestnuts, Kastanien"), ("tr", "Kestane")):
        Translation.objects.create(
            campaign=campaign,
            language=language,
            kind="campaign",
            object_id=campaign.pk,
            field="summary",
            text=text,
        )
    assert found("Kastanien").number == 1
    assert found("chestnut").number == 1
    assert found("kestane").number == 0


def test_changed_text_is_found_by_its_new_words_alone(published: Contribution) -> None:
    Contribution.objects.filter(pk=published.pk).update(text="Brunnen")
    assert texts("Brunnen") == ["Brunnen"]
    Contribution.objects.filter(pk=published.pk).update(text="Quelle")
    assert texts("Brunnen") == []
    assert texts("Quelle") == ["Quelle"]


def test_withdrawn_text_leaves_no_word_behind(campaign: Campaign) -> None:
    contribution = personas.make_contribution(campaign, text="Brunnen")
    personas.make_comment(contribution, "Ein Kommentar")
    withdraw(contribution)
    assert not SearchText.objects.exclude(kind="campaign").exists()


def test_truncated_table_leaves_no_word_behind(published: Contribution) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE mapping_contribution CASCADE")
    assert not SearchText.objects.exclude(kind="campaign").exists()


def test_text_beyond_a_megabyte_is_found_by_its_beginning(campaign: Campaign) -> None:
    words = " ".join(f"wort{number}" for number in range(200_000))
    Campaign.objects.filter(pk=campaign.pk).update(description=words)
    assert found("wort7").number == 1
    Campaign.objects.filter(pk=campaign.pk).update(description="x" * 2_000_000)
    assert found("wort7").number == 0


@pytest.fixture(params=["read in order", "read by words"])
def two_at_most(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two texts of a kind are ranked, three in all; words are common or rare."""
    monkeypatch.setattr("mapping.search.finding.SHARE", 2)
    for module in ("finding", "reading"):
        monkeypatch.setattr(f"mapping.search.{module}.MOST_RANKED", 3)
    monkeypatch.setattr("mapping.search.reading._COMMON", 0 if request.param == "read in order" else 1e9)


@pytest.mark.usefixtures("two_at_most")
def test_newest_are_ranked_and_more_are_known(campaign: Campaign) -> None:
    for number in range(4):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    newest = found("Brunnen")
    assert newest.is_more
    assert newest.number == sum(newest.groups.values()) == newest.campaigns[campaign.pk] == 2
    assert texts("Brunnen") == ["Brunnen 3", "Brunnen 2"]
    assert not found("Brunnen 2").is_more
    assert found("Brunnen 2").number == 1


@pytest.mark.usefixtures("two_at_most")
def test_more_of_the_chosen_group_are_ranked(campaign: Campaign) -> None:
    for number in range(5):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    chosen = found("Brunnen", "contributions")
    assert (chosen.number, chosen.is_more) == (3, True)
    assert not found("Brunnen", "comments").is_more
    assert found("Brunnen", "comments").more_in == {group_named("contributions")}


@pytest.mark.usefixtures("two_at_most")
def test_each_kind_has_its_share(campaign: Campaign) -> None:
    """Hence a word that many contributions have finds the one document that has it, too."""
    contributions = [personas.make_contribution(campaign, text=f"Brunnen {number}") for number in range(5)]
    personas.make_comment(contributions[0], "Noch ein Brunnen")
    newest = found("Brunnen")
    assert {group.name: number for group, number in newest.groups.items()} == {
        "contributions": 2,
        "comments": 1,
    }
    assert newest.more_in == {group_named("contributions")}


@pytest.mark.usefixtures("two_at_most")
def test_where_one_kind_alone_fits_it_has_more(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("finding", "reading"):
        monkeypatch.setattr(f"mapping.search.{module}.MOST_RANKED", 6)
    for number in range(8):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    newest = found("Brunnen")
    assert (newest.number, newest.is_more) == (6, True)
    Contribution.objects.filter(text__in=["Brunnen 0", "Brunnen 1"]).delete()
    newest = found("Brunnen")
    assert (newest.number, newest.is_more) == (6, False)


@pytest.mark.usefixtures("two_at_most")
def test_page_says_at_least_where_only_the_newest_were_counted(campaign: Campaign, client: Client) -> None:
    other = personas.make_campaign("park")
    for number in range(4):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
        personas.make_contribution(other, text=f"Brunnen {number + 4}")

    def numbers(**query: str) -> list[list[tuple[int | None, bool]]]:
        context = client.get("/search/", {"q": "Brunnen"} | query).context
        return [[(one.number, one.is_more) for one in context[of]] for of in ("kinds", "campaigns")]

    everything, _campaigns = numbers()
    assert everything == []  # one kind alone is no choice
    assert numbers(kind="contributions")[0] == [(None, False), (3, True)]
    # Of each campaign at least so many of the newest; within a chosen one it is counted anew.
    [chosen] = [one for one in numbers(campaign="park")[1] if one[0] == 2]
    assert chosen == (2, True)
    assert "Mindestens 2 Treffer" in client.get("/search/?q=Brunnen").content.decode()
    Contribution.objects.filter(text__in=["Brunnen 4", "Brunnen 5"]).delete()
    assert (2, False) in numbers(campaign="park")[1]


@pytest.mark.usefixtures("two_at_most")
def test_hidden_texts_that_are_newer_leave_older_ones_to_find(campaign: Campaign) -> None:
    for number in range(4):
        personas.make_contribution(campaign, text=f"Brunnen {number}")
    hidden = personas.make_campaign("park", is_draft=True)
    for number in range(4, 12):
        personas.make_contribution(hidden, text=f"Brunnen {number}")
    newest = found("Brunnen")
    assert newest.is_more
    assert newest.campaigns == {campaign.pk: 2}
    assert texts("Brunnen") == ["Brunnen 3", "Brunnen 2"]
    assert found("Brunnen", campaign_id=campaign.pk).number == 2
    assert found("Brunnen", campaign_id=hidden.pk).number == 0
    Contribution.objects.filter(text__in=["Brunnen 0", "Brunnen 1"]).delete()
    assert not found("Brunnen").is_more
    assert texts("Brunnen") == ["Brunnen 3", "Brunnen 2"]


def test_words_of_people_are_collected_only_if_many_have_them(campaign: Campaign) -> None:
    for number in range(MANY_TEXTS):
        personas.make_contribution(campaign, text="Zebrastreifen" if number else "Zebrastreifen, Zanzibar")
    collect_words()
    assert SearchWord.objects.filter(word="zebrastreifen").exists()
    assert not SearchWord.objects.filter(word="zanzibar").exists()


def test_words_that_grow_in_small_letters_are_collected_up_to_the_longest(campaign: Campaign) -> None:
    fits, grows = "İ" + "a" * (LONGEST_WORD - 2), "İ" + "a" * (LONGEST_WORD - 1)
    Campaign.objects.filter(pk=campaign.pk).update(summary=f"{fits} {grows}")
    collect_words()
    assert list(SearchWord.objects.filter(word__contains="aaa").values_list("word", flat=True)) == [
        fits.lower()
    ]


def test_rebuilt_index_is_the_same(published: Contribution) -> None:
    before = list(SearchText.objects.order_by("kind", "key").values_list("kind", "key", "vector"))
    assert sum(rebuild(kind) for kind in SEARCH_KINDS) == len(before) > 1
    assert list(SearchText.objects.order_by("kind", "key").values_list("kind", "key", "vector")) == before


def test_snippets_have_no_signs_of_formatting(db: None) -> None:
    personas.make_campaign("park", description="**Ablauf** des Tages", with_categories=False)
    assert [one.strip() for one in texts("Ablauf")] == ["Ablauf des Tages"]
