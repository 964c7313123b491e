"""A text made by services, as planners make one."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from accounts.models import User
from mapping.models import Campaign, Category
from texts.models import Text, TextVersion, Wording
from texts.services.setup.drafts import Entry, replace_draft, shown_version, wordings_of
from texts.services.setup.publishing import publish
from texts.services.setup.texts import make_text

SECTIONS = (
    Entry("Aims", "The square gets trees."),
    Entry("Green", "We plant lime trees.", 2),
    Entry("Traffic", "Bikes only."),
)


def new_text(campaign: Campaign, manager: User | None, slug: str = "guidelines") -> Text:
    """A text without a section."""
    category = Category.objects.create(
        campaign=campaign, slug=slug, title="Guidelines", geometry_types=["point"], position=9
    )
    return make_text(category, actor=manager)


def published(
    text: Text, manager: User | None, entries: Sequence[Entry] = SECTIONS, at: datetime | None = None
) -> TextVersion:
    """The next version with these sections."""
    replace_draft(text, entries, actor=manager)
    return publish(text, actor=manager, at=at)


def shown(text: Text) -> list[Wording]:
    """What planners see."""
    return wordings_of(shown_version(text))


def headings(text: Text) -> list[str]:
    return [one.heading for one in shown(text)]


def keys(text: Text) -> dict[str, UUID]:
    """The sections of what planners see, by heading."""
    return {one.heading: one.section_id for one in shown(text)}
