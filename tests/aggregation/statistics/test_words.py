"""The most frequent words of texts."""

from mapping.aggregation.statistics.words import frequent_words


def test_words_are_counted_once_a_text_and_written_as_most_do() -> None:
    texts = [
        "Hier ist die Beleuchtung kaputt, Beleuchtung!",
        "Die beleuchtung am Weg fehlt",
        "Beleuchtung und Weg sind schlecht",
    ]
    assert frequent_words(texts) == [("Beleuchtung", 3), ("Weg", 2)]


def test_stop_words_numbers_and_short_words_are_left_out() -> None:
    assert frequent_words(["Über die 2026 am Rad ab", "ÜBER DAS 2026 Rad ab"]) == [("Rad", 2)]


def test_compounds_and_umlauts_stay_whole() -> None:
    found = frequent_words(["Fuß- und Rad-Weg, Größe", "der Rad-Weg; GRÖSSE", "Größe"])
    assert found == [("Größe", 3), ("Rad-Weg", 2)]


def test_what_only_one_person_says_is_not_frequent() -> None:
    assert frequent_words(["Ich heiße Mustermann", ""]) == []
    assert frequent_words([]) == []


def test_equal_words_come_in_order_and_no_more_than_asked_for() -> None:
    assert frequent_words(["Baum Ast", "Ast Baum"], most=1) == [("Ast", 2)]
