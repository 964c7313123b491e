"""The simple formatting of planners' texts, and what it never lets through."""

import pytest

from mapping.geo.markup import as_html, without_markup


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Ein Satz.", "<p>Ein Satz.</p>"),
        ("Eine Zeile\nund noch eine", "<p>Eine Zeile<br>\nund noch eine</p>"),
        ("# Ablauf", "<h3>Ablauf</h3>"),
        ("#### Klein", "<h3>Klein</h3>"),
        ("## Groß\n\n#### Klein", "<h3>Groß</h3>\n<h4>Klein</h4>"),
        ("Das ist **wichtig** und *schön*.", "<p>Das ist <strong>wichtig</strong> und <em>schön</em>.</p>"),
        ("- eins\n- zwei", "<ul>\n<li>eins</li>\n<li>zwei</li>\n</ul>"),
        ("3. drei", '<ol start="3">\n<li>drei</li>\n</ol>'),
        (
            "[Karte](https://example.org/a?b=1&c=2)",
            '<p><a href="https://example.org/a?b=1&amp;c=2" rel="noopener nofollow">Karte</a></p>',
        ),
    ],
)
def test_signs_become_formatting(text: str, html: str) -> None:
    assert as_html(text).strip() == html


def test_star_of_gender_fair_words_is_no_emphasis() -> None:
    assert (
        as_html("Anwohner*innen und Radfahrer*innen").strip() == "<p>Anwohner*innen und Radfahrer*innen</p>"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[hier](javascript:alert(1))",
        "[hier](JaVaScRiPt&colon;alert(1))",
        "[hier](data:text/html;base64,PHN2Zz4=)",
        "<javascript:alert(1)>",
        '[hier](https://example.org "onmouseover=alert(1)")',
        "**<b onclick=alert(1)>**",
        "![Bild](https://example.org/spy.png)",
    ],
)
def test_no_script_and_no_foreign_picture_gets_through(text: str) -> None:
    html = as_html(text).lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    for sign in ("onerror=", "onclick=", "onmouseover="):
        assert f" {sign}" not in html.replace("&lt;", "").split("<p>")[0]


@pytest.mark.parametrize("text", ["*" * 20_000, "[" * 20_000, "> " * 5_000, "- " * 5_000, "_a" * 10_000])
def test_deep_and_long_signs_take_no_long_time(text: str) -> None:
    assert as_html(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Bold** and *slanted*", "Bold and slanted"),
        ("# Programme\n\n- Coffee\n- Cake & tea", "Programme\n\nCoffee\nCake & tea"),
        ("See [the plan](https://example.org)", "See the plan"),
        ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
        ("Anwohner*innen", "Anwohner*innen"),
        ("<b>bold</b>", "<b>bold</b>"),
        ("", ""),
    ],
)
def test_words_stay_without_their_formatting(text: str, words: str) -> None:
    assert without_markup(text).replace("\n\n\n", "\n\n") == words
