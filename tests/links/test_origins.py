"""Origins of other sites: what planners type or copy becomes what a policy names."""

import pytest

from mapping.links.origins import NotAnOrigin, origin_of, origins_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.city.example", "https://www.city.example"),
        ("https://www.City.example/", "https://www.city.example"),
        ("https://www.city.example/page?x=1#y", "https://www.city.example"),
        ("www.city.example", "https://www.city.example"),
        ("https://city.example:443", "https://city.example"),
        ("https://city.example:8443/x", "https://city.example:8443"),
        ("https://städte.example", "https://xn--stdte-hra.example"),
    ],
)
def test_addresses_become_origins(text: str, expected: str) -> None:
    assert origin_of(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://www.city.example", "not_https"),
        ("ftp://www.city.example", "not_https"),
        ("javascript://www.city.example", "not_https"),
        ("https://localhost", "not_a_site"),
        ("https://*.city.example", "not_a_site"),
        ("*", "not_a_site"),
        ("'self'", "not_a_site"),
        ("https://somebody:secret@city.example", "not_a_site"),
        ("https://city.example:99999", "not_a_site"),
        ("https://city.example:0", "not_a_site"),
        ("https://city.example;script-src", "not_a_site"),
        ("https://city.example,a.example", "not_a_site"),
        ("https://" + "a" * 64 + ".example", "not_a_site"),
        ("https://" + "a." * 130 + "example", "not_a_site"),
        ("https://", "not_a_site"),
        ("", "not_a_site"),
        ("https://[::1]", "not_a_site"),
        ("https://[", "not_a_site"),
    ],
)
def test_everything_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotAnOrigin) as refused:
        origin_of(text)
    assert refused.value.code == code


def test_lines_become_origins_once_each() -> None:
    text = "https://a.example/x\n\n https://b.example https://a.example\r\n"
    assert origins_of(text) == ["https://a.example", "https://b.example"]
    assert origins_of("") == []
