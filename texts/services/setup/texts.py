"""Categories as texts: chosen, given up, looked up with their versions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count

from accounts.models import User
from mapping.models import Campaign, Category, Contribution
from mapping.models.campaign import PlaceType
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, NotAllowed, invalid
from mapping.services.setup.changes import locked_campaign, note
from texts.models import Text, TextVersion
from texts.rules import may_edit_texts

STEP: Final = "text"
"""What checks and the history of a campaign call the step."""


@dataclass(frozen=True, slots=True)
class CountedText:
    """A text with its newest published version, its draft, and the number of sections of the newest of both."""

    text: Text
    published: TextVersion | None
    draft: TextVersion | None
    sections: int


def texts_of(campaign: Campaign) -> list[CountedText]:
    """The texts of a campaign in the order of its categories, in two queries."""
    texts = list(Text.objects.of(campaign).select_related("category__campaign"))
    versions: dict[int, list[TextVersion]] = {}
    counted = TextVersion.objects.filter(text__in=texts).annotate(sections=Count("wordings"))
    for one in counted.order_by("-number"):
        versions.setdefault(one.text_id, []).append(one)
    return [_counted(text, versions.get(text.pk, [])) for text in texts]


def make_text(category: Category, *, actor: User | None) -> Text:
    """Show a category as a text; there is none to read before its first version. The category is closed to citizens.

    What is a text already stays as it is. An `actor` manages the campaign; None is for commands of the operator.
    Raises NotAllowed "not_manager" and "text_of_contributions", Conflict "gone".
    """
    require_editor(actor, category.campaign)
    with transaction.atomic():
        campaign = locked_campaign(category.campaign)
        stored = Category.objects.select_for_update().filter(pk=category.pk).first()
        if stored is None:
            raise Conflict("gone")
        found = Text.objects.filter(category=stored).select_related("category__campaign").first()
        if found is not None:
            return found
        if Contribution.objects.filter(category=stored).exists():
            raise NotAllowed("text_of_contributions")
        stored.geometry_types, stored.takes_contributions = [PlaceType.NONE.value], False
        stored.save(update_fields=["geometry_types", "takes_contributions"])
        if actor is not None:
            note(campaign, actor, STEP, after={f"text {stored.slug}": stored.title})
        return Text.objects.create(category=stored)


def remove_text(text: Text, *, actor: User) -> None:
    """Make a text a plain category again, with its draft deleted; refused once a version was published.

    Raises NotAllowed "not_manager" and "text_was_published", Conflict "gone".
    """
    require_editor(actor, text.campaign)
    with transaction.atomic():
        campaign = locked_campaign(text.campaign)
        stored = locked_text(text)
        if stored.versions.published().exists():
            raise NotAllowed("text_was_published")
        note(campaign, actor, STEP, before={f"text {stored.category.slug}": stored.category.title})
        stored.delete()


def refuse_removal(category: Category) -> None:
    """Raise NotAllowed "category_has_text" where a category is removed that is shown as a text."""
    if Text.objects.filter(category=category).exists():
        raise NotAllowed("category_has_text")


def locked_text(text: Text) -> Text:
    """The text as stored, locked until the end of the transaction. Raises Conflict "gone"."""
    found = Text.objects.select_for_update(of=("self",)).select_related("category__campaign")
    stored = found.filter(pk=text.pk).first()
    if stored is None:
        raise Conflict("gone")
    return stored


def require_editor(actor: User | None, campaign: Campaign) -> None:
    """Raise NotAllowed "not_manager" unless somebody may edit texts; None is the operator."""
    if actor is not None:
        require_role(may_edit_texts, actor, campaign, "not_manager")


def _counted(text: Text, versions: list[TextVersion]) -> CountedText:
    published = next((one for one in versions if one.published_at is not None), None)
    draft = next((one for one in versions if one.published_at is None), None)
    shown = draft or published
    return CountedText(text, published, draft, 0 if shown is None else shown.sections)  # type: ignore[attr-defined]


def make_category(campaign: Campaign, slug: str, title: str) -> Category:
    """An empty category behind the others, for a text; commands of the operator call it. Raises Invalid "category"."""
    category = Category(
        campaign=campaign,
        slug=slug,
        title=title,
        geometry_types=[PlaceType.NONE.value],
        takes_contributions=False,
        position=campaign.categories.count(),
    )
    try:
        category.full_clean(exclude=("campaign",))
    except ValidationError as error:
        raise invalid("category", "refused", message=" ".join(error.messages)) from error
    category.save(force_insert=True)
    return category
