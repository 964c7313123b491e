"""The stems of compounds come from a migration; tests that empty all tables leave none behind."""

import pytest

from mapping.models import SearchStem
from mapping.models.search.stems import stems


@pytest.fixture(autouse=True)
def stored_stems(db: None) -> None:
    """All stems are there."""
    SearchStem.objects.bulk_create(
        [SearchStem(stem=stem, parts=parts) for stem, parts in stems().items()], ignore_conflicts=True
    )
