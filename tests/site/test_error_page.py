"""The page after an unexpected error claims nothing that we cannot know."""

import pytest
from django.template.loader import render_to_string
from django.utils import translation


@pytest.mark.parametrize(
    ("language", "open_question", "false_claim"),
    [
        ("en", "it may have arrived or not", "not saved"),
        ("de", "Es kann angekommen sein oder auch nicht", "nicht gespeichert"),
    ],
)
def test_error_page_does_not_say_that_nothing_was_saved(
    language: str, open_question: str, false_claim: str
) -> None:
    """COMMIT may have succeeded though its answer was lost (`test_lost_answers`)."""
    with translation.override(language):
        page = render_to_string("500.html")
    assert open_question in page
    assert false_claim not in page
