"""With whom a survey's answers are compared: reference distributions that managers give to questions."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from mapping import rules
from mapping.geo.text import TextProblem, clean_text
from mapping.models import Campaign, ComparedAbout, Comparison, Question, ReferenceUnit
from mapping.models.survey.comparison import COMPARABLE, HIGHEST_TOTAL, LOWEST_TOTAL
from mapping.questions.registry import KINDS
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Invalid, Problem
from mapping.services.setup.changes import locked_campaign, note

STEP: Final = "comparison"
"""The name of these changes in the history of a campaign."""

FEWEST_GROUPS: Final = 2
MOST_GROUPS: Final = 60
LARGEST_SIZE: Final = 10**12
LONGEST_TITLE: Final = 120
LONGEST_SOURCE: Final = 300

_NO_LETTER: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group of the reference distribution: its size in people or per cent."""

    title: str
    size: float


@dataclass(frozen=True, slots=True)
class ComparisonDraft:
    """A reference distribution as received, not validated.

    `chosen` is the title of the group by value of the choices ("": in none). Choices that are missing in it, or whose
    group is not there, belong to the group with the same title.
    """

    about: str
    unit: str
    groups: Sequence[GroupDraft]
    source: str
    as_of: date
    is_public: bool = False
    chosen: Mapping[str, str] = field(default_factory=dict)


def compare_with(question: Question, draft: ComparisonDraft, *, actor: User) -> Comparison:
    """Give a question of a survey its reference distribution, in place of the one it had.

    Raises NotAllowed "not_manager"; Conflict "not_comparable" for questions that do not put each person into one
    group; Invalid by the names of the draft.
    """
    campaign = _campaign_of(question)
    require_role(rules.may_manage, actor, campaign, "not_manager")
    if question.kind not in COMPARABLE:
        raise Conflict("not_comparable")
    values = _checked(question, draft)
    with transaction.atomic():
        locked_campaign(campaign)
        former = Comparison.objects.filter(question=question).first()
        before = {} if former is None else _noted(former)
        stored = former or Comparison(question=question)
        for name, value in values.items():
            setattr(stored, name, value)
        stored.updated_at = timezone.now()
        stored.save()
        if before != _noted(stored):
            note(campaign, actor, STEP, before=before, after=_noted(stored))
    return stored


def drop_comparison(question: Question, *, actor: User) -> None:
    """Take the reference distribution from a question; without one nothing happens. Raises NotAllowed "not_manager"."""
    campaign = _campaign_of(question)
    require_role(rules.may_manage, actor, campaign, "not_manager")
    with transaction.atomic():
        locked_campaign(campaign)
        former = Comparison.objects.filter(question=question).first()
        if former is not None:
            note(campaign, actor, STEP, before=_noted(former))
            former.delete()


def plain_title(title: str) -> str:
    """A title without the differences of case, spaces and dashes, by which choices find their groups."""
    return _NO_LETTER.sub("", title).casefold()


def _campaign_of(question: Question) -> Campaign:
    if question.campaign is None:
        raise Conflict("not_comparable")
    return question.campaign


def _checked(question: Question, draft: ComparisonDraft) -> dict[str, Any]:
    problems: dict[str, list[Problem]] = {}
    for name, known in (("about", ComparedAbout.values), ("unit", ReferenceUnit.values)):
        if getattr(draft, name) not in known:
            problems[name] = [Problem("not_a_choice")]
    source = _line(draft.source, LONGEST_SOURCE)
    if isinstance(source, Problem):
        problems["source"] = [source]
    if draft.as_of > timezone.localdate():
        problems["as_of"] = [Problem("in_the_future")]
    wrong = list(_problems_of(draft.groups, draft.unit))
    if wrong:
        problems["groups"] = wrong
    if problems:
        raise Invalid(problems)
    return {
        "about": draft.about,
        "unit": draft.unit,
        "groups": _groups(question, draft),
        "source": source,
        "as_of": draft.as_of,
        "is_public": draft.is_public,
    }


def _problems_of(groups: Sequence[GroupDraft], unit: str) -> Iterator[Problem]:
    if len(groups) < FEWEST_GROUPS:
        yield Problem("groups_needed")
        return
    if len(groups) > MOST_GROUPS:
        yield Problem("too_many_groups", {"max": MOST_GROUPS})
        return
    seen: set[str] = set()
    for group in groups:
        title = _line(group.title, LONGEST_TITLE)
        if isinstance(title, Problem):
            yield title
        elif title in seen:
            yield Problem("group_twice", {"title": title})
        else:
            seen.add(title)
        if not math.isfinite(group.size) or not 0 <= group.size <= LARGEST_SIZE:
            yield Problem("size_out_of_range", {"title": group.title[:LONGEST_TITLE]})
            return
    total = math.fsum(group.size for group in groups)
    if unit == ReferenceUnit.PER_CENT and not LOWEST_TOTAL <= total <= HIGHEST_TOTAL:
        yield Problem("shares_total", {"total": f"{total:.1f}".removesuffix(".0")})
    elif sum(1 for group in groups if group.size) < FEWEST_GROUPS:
        yield Problem("groups_empty")


def _line(value: str, most: int) -> str | Problem:
    try:
        words = clean_text(value, max_length=most, multiline=False)
    except TextProblem as problem:
        return Problem(problem.code, problem.params)
    return words or Problem("required")


def _groups(question: Question, draft: ComparisonDraft) -> list[dict[str, Any]]:
    titles = [clean_text(group.title, max_length=LONGEST_TITLE, multiline=False) for group in draft.groups]
    alike = {plain_title(title): title for title in reversed(titles)}
    choices: dict[str, list[str]] = {title: [] for title in titles}
    for value, title in KINDS[question.kind].choices(question.options):
        wanted = draft.chosen.get(value)
        if wanted is None or (wanted and wanted not in choices):
            wanted = alike.get(plain_title(str(title)), "")
        if wanted:
            choices[wanted].append(value)
    return [
        {"title": title, "size": group.size, "choices": choices[title]}
        for title, group in zip(titles, draft.groups, strict=True)
    ]


def _noted(comparison: Comparison) -> dict[str, Any]:
    """What the history shows."""
    groups = "; ".join(f"{group['title']}: {group['size']:g}" for group in comparison.groups)
    return {
        "question": comparison.question.title,
        "groups": groups,
        "choices": [group["choices"] for group in comparison.groups],
        "source": f"{comparison.source} ({comparison.as_of.isoformat()})",
        "is_public_comparison": comparison.is_public,
    }
