"""The page on filters says what the code does."""

from django.conf import settings
from django.utils import translation

from mapping.filters.dimensions import DIMENSIONS
from mapping.management.filters import FILTERS_PAGE, filters_in_markdown


def test_the_page_is_written_from_the_code() -> None:
    with translation.override("en"):
        written = filters_in_markdown()
    assert (settings.BASE_DIR / FILTERS_PAGE).read_text(encoding="utf-8") == written, (
        "run bin/manage document_filters"
    )


def test_every_dimension_has_its_row() -> None:
    page = (settings.BASE_DIR / FILTERS_PAGE).read_text(encoding="utf-8")
    for dimension in DIMENSIONS:
        for name in dimension.parameters:
            assert f"| `{name}` |" in page
