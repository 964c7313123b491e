"""Drafts of votes and options for the tests of their setup."""

from typing import Any

from mapping.models import Campaign, Category
from mapping.services.checking.content import Submission
from voting.models import Option, Rule, Vote
from voting.services.setup.votes import VoteDraft


def draft(rule: Rule = Rule.UP_TO, **values: Any) -> VoteDraft:
    """A vote that is right, unless values make it wrong."""
    needed: dict[Rule, dict[str, int]] = {
        Rule.UP_TO: {"most_choices": 3},
        Rule.POINTS: {"points": 5, "most_points": 3},
        Rule.BUDGET: {"budget": 1000},
        Rule.APPROVAL: {"budget": 1000},
    }
    return VoteDraft(**({"rule": rule} | needed.get(rule, {}) | values))


def submission(title: str = "A fountain", text: str = "With drinking water.", **more: Any) -> Submission:
    """A place of the city as its form has it; the category is filled in by the service, or by `of`."""
    of: Category | None = more.pop("of", None)
    return Submission(category="" if of is None else of.slug, title=title, text=text, **more)


def as_sent(option: Option, **changes: Any) -> Submission:
    """What the form of an option sends where only some values are changed."""
    place = option.contribution
    values: dict[str, Any] = {"title": place.title, "text": place.text, "of": place.category}
    return submission(**(values | changes))


def voted_on(campaign: Campaign, slug: str = "vote") -> Vote:
    """The vote of a category, as stored."""
    return Vote.objects.select_related("category__campaign").get(
        category__campaign=campaign, category__slug=slug
    )
