"""The rule of a category: set, changed, removed; each change is kept in the campaign's history.

Once there is a ballot, everything by which ballots are counted stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from django.db.models import Count, QuerySet

from accounts.models import User
from mapping.geo.text import TextProblem, clean_text
from mapping.models import Campaign, Category
from mapping.services.errors import Conflict, Invalid, NotAllowed, Problem, invalid
from mapping.services.setup.asking.owners import changing
from mapping.services.setup.categories import CategoryDraft, change_category
from mapping.services.setup.categories import draft_of as draft_of_category
from mapping.services.setup.changes import note
from voting.models import Ballot, Method, Option, Rule, Shown, Vote
from voting.models.vote import MOST_COST, MOST_POINTS

STEP: Final = "votes"
MOST_CHOICES: Final = 200
"""Most proposals on one ballot, and most winners."""
LONGEST_EXPLANATION: Final = 2000
LOCKED: Final = (
    *("rule", "most_choices", "points", "most_points", "budget"),
    *("method", "winners", "needs_code"),
)
"""What stays as it is once there is a ballot."""


@dataclass(frozen=True, kw_only=True)
class VoteDraft:
    """A vote as its form has it, not checked; sums in whole euros. What a rule does not use is left out."""

    rule: str
    most_choices: int | None = None
    points: int | None = None
    most_points: int | None = None
    budget: int | None = None
    method: str = Method.EQUAL_SHARES
    winners: int | None = None
    results: str = Shown.AFTER_END
    needs_code: bool = False
    explanation: str = ""


@dataclass(frozen=True, slots=True)
class CountedVote:
    """A vote with the numbers of its options that people can choose, and of its ballots."""

    vote: Vote
    options: int
    ballots: int


def votes_of(campaign: Campaign) -> list[CountedVote]:
    """The votes in the order of their categories, in three queries."""
    votes = list(Vote.objects.of(campaign).select_related("category"))
    options = _numbers(Option.objects.filter(vote__in=votes).standing())
    ballots = _numbers(Ballot.objects.filter(vote__in=votes))
    for vote in votes:
        vote.category.campaign = campaign
    return [CountedVote(vote, options.get(vote.pk, 0), ballots.get(vote.pk, 0)) for vote in votes]


def draft_of(vote: Vote) -> VoteDraft:
    """A stored vote as its form shows it."""
    return VoteDraft(**{name: getattr(vote, name) for name in VoteDraft.__dataclass_fields__})


def set_vote(category: Category, draft: VoteDraft, *, actor: User) -> Vote:
    """Have people vote in a category by a rule; the category is closed to their contributions.

    Raises NotAllowed "not_manager", "unpublishable" and, once there is a ballot, "vote_locked"; Invalid by the names of
    the draft's fields.
    """
    campaign = category.campaign
    with changing(campaign, actor):
        checked = _checked(draft)
        if category.takes_contributions:
            values = vars(draft_of_category(category)) | {"takes_contributions": False}
            category = change_category(category, CategoryDraft(**values), actor=actor)
        # Nobody can vote until the transaction ends: ballots wait for the row that they belong to.
        stored = Vote.objects.select_for_update(of=("self",)).filter(category=category).first()
        former = None if stored is None else values_of(stored)
        if stored is not None and stored.ballots.exists():
            _require_same(stored, checked)
        vote = stored or Vote(category=category)
        for name, value in asdict(checked).items():
            setattr(vote, name, value)
        vote.save()
        vote.category = category
        _note(vote, actor, before=former, after=values_of(vote))
    return vote


def remove_vote(vote: Vote, *, actor: User) -> None:
    """Have people vote in a category no more; what they could choose stays as places of the city.

    Raises NotAllowed "not_manager", "unpublishable" and "vote_has_ballots", Conflict "gone".
    """
    with changing(vote.campaign, actor):
        stored = locked_vote(vote)
        if stored.ballots.exists():
            raise NotAllowed("vote_has_ballots")
        _note(stored, actor, before=values_of(stored), after=None)
        stored.delete()


def locked_vote(vote: Vote) -> Vote:
    """The vote as stored; nobody can vote until the transaction ends. Raises Conflict "gone"."""
    found = Vote.objects.select_for_update(of=("self",)).select_related("category__campaign")
    stored = found.filter(pk=vote.pk).first()
    if stored is None:
        raise Conflict("gone")
    return stored


def values_of(vote: Vote) -> dict[str, Any]:
    """What a change can concern, and the short name of the category."""
    return {"category": vote.category.slug, "title": vote.category.title} | asdict(draft_of(vote))


def refuse_removal(category: Category) -> None:
    """Raise NotAllowed "category_has_vote" where a category is removed in which people vote."""
    if Vote.objects.filter(category=category).exists():
        raise NotAllowed("category_has_vote")


def _numbers(rows: QuerySet[Option] | QuerySet[Ballot]) -> dict[int, int]:
    """The number of rows by the key of their vote."""
    return dict(rows.order_by().values_list("vote").annotate(number=Count("pk")))


def _require_same(stored: Vote, checked: VoteDraft) -> None:
    changed = [name for name in LOCKED if getattr(stored, name) != getattr(checked, name)]
    if changed:
        raise invalid(changed[0], "vote_locked")


def _checked(draft: VoteDraft) -> VoteDraft:
    """The draft with the fields that its rule uses; raises Invalid with every problem found."""
    problems: dict[str, list[Problem]] = {}
    for name, values in (("rule", Rule.values), ("method", Method.values), ("results", Shown.values)):
        if getattr(draft, name) not in values:
            problems[name] = [Problem("not_a_choice")]
    try:
        explanation = clean_text(draft.explanation, max_length=LONGEST_EXPLANATION, multiline=True)
    except TextProblem as problem:
        problems["explanation"] = [Problem(problem.code, problem.params)]
    if problems:
        raise Invalid(problems)
    rule = Rule(draft.rule)
    used: dict[str, int | None] = {
        "most_choices": draft.most_choices if rule in (Rule.UP_TO, Rule.RANKING) else None,
        "points": draft.points if rule == Rule.POINTS else None,
        "most_points": draft.most_points if rule == Rule.POINTS else None,
        "budget": draft.budget if rule.has_costs else None,
        "winners": None if rule.has_costs else draft.winners,
    }
    _require_numbers(used, needed=_NEEDED.get(rule, ()))
    return replace(draft, **used, explanation=explanation)  # type: ignore[arg-type]


_NEEDED: Final[Mapping[Rule, tuple[str, ...]]] = {
    Rule.UP_TO: ("most_choices",),
    Rule.POINTS: ("points", "most_points"),
    Rule.BUDGET: ("budget",),
    Rule.APPROVAL: ("budget",),
}
_MOST: Final[Mapping[str, int]] = {
    "most_choices": MOST_CHOICES,
    "points": MOST_POINTS,
    "most_points": MOST_POINTS,
    "budget": MOST_COST,
    "winners": MOST_CHOICES,
}


def _require_numbers(used: Mapping[str, int | None], needed: tuple[str, ...]) -> None:
    problems: dict[str, list[Problem]] = {}
    for name, value in used.items():
        if value is None:
            if name in needed:
                problems[name] = [Problem("required")]
        elif not 1 <= value <= _MOST[name]:
            problems[name] = [Problem("out_of_range_answer", {"minimum": 1, "maximum": _MOST[name]})]
    points, most = used["points"], used["most_points"]
    if not problems and points is not None and most is not None and most > points:
        problems["most_points"] = [Problem("out_of_range_answer", {"minimum": 1, "maximum": points})]
    if problems:
        raise Invalid(problems)


def _note(vote: Vote, actor: User, *, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    if before == after:
        return
    key = f"vote {vote.category.title}"
    note(
        vote.campaign,
        actor,
        STEP,
        before={} if before is None else {key: before},
        after={} if after is None else {key: after},
    )
