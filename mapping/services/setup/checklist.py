"""What a campaign lacks before it can be published, and what its makers should look at once more."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from django.utils import timezone

from accounts.models import Membership, Role
from doors.providers.openid import citizens_provider
from mapping.models import Audience, Campaign, Category, Contribution, Phase, Question, QuestionKind, Source
from mapping.models.campaign import PlaceType
from mapping.questions import conditions
from mapping.questions.registry import KINDS
from mapping.registry import Registry
from mapping.services.errors import NotAllowed
from mapping.services.messages import sentence
from mapping.translated.progress import progress_of
from mapping.translated.texts import Row, Text, texts_of

_PERSON: Final = re.compile(
    r"\b(?:vor|nach|familien|user)?(?:name|namen|names)\b|\be-?mail|\btelefon|\bhandy|\bmobil(?:nummer|telefon)"
    r"|\bphone\b|\banschrift\b|\bwohnadresse\b|\bkontakt|\bcontact\b|\bheißen sie\b|\bgeburts(?:tag|datum)",
    re.IGNORECASE,
)
"""Words in questions that ask for who somebody is."""
_FREE_TEXT: Final = frozenset({QuestionKind.TEXT, QuestionKind.LONG_TEXT})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to do: `code` names its sentence (`services.messages`), `step` the page where it is done.

    What `blocks` keeps the campaign from being published; everything else is advice.
    """

    code: str
    step: str
    blocks: bool = False
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, tuple[tuple[str, object], ...]]:
        """What tells this finding from others, also from the same one about another question."""
        return self.code, tuple(sorted(self.params.items()))


def _no_categories(_campaign: Campaign) -> Collection[int]:
    return ()


@dataclass(frozen=True, eq=False)
class Check:
    """What another app finds missing or doubtful in a campaign, in a fixed number of queries.

    `categories` are the ids of those categories whose contributions the app looks after: what is drawn in them, and
    what people do with it, is checked by `findings` alone.
    """

    name: str
    findings: Callable[[Campaign], Iterable[Finding]]
    categories: Callable[[Campaign], Collection[int]] = _no_categories


CHECKS: Final[Registry[Check]] = Registry("check of campaigns")


def findings(campaign: Campaign) -> list[Finding]:
    """What is missing or doubtful in a campaign, in a fixed number of queries."""
    categories = list(campaign.categories.all())
    survey = list(Question.objects.of_survey(campaign.pk))
    questions = list(Question.objects.of_categories(campaign.pk))
    phases = list(campaign.phases.all())
    rows: list[Row] = [campaign, *phases, *categories, *questions, *survey]
    return [
        *_of_texts(campaign),
        *_of_area(campaign, categories),
        *_of_period(campaign, phases),
        *_of_content(campaign, categories, survey),
        *(one for check in CHECKS for one in check.findings(campaign)),
        *_of_questions(campaign, [survey, *_by_category(questions)]),
        *_of_publication(campaign),
        *_of_languages(campaign, [text for row in rows for text in texts_of(row)]),
        *_of_people(campaign),
    ]


def blocking(campaign: Campaign) -> list[Finding]:
    """What keeps a campaign from being published."""
    return [one for one in findings(campaign) if one.blocks]


@contextmanager
def stays_publishable(campaign: Campaign) -> Iterator[None]:
    """Refuse changes after which a public campaign could not be published, within the caller's transaction.

    What was wrong before may stay so. Raises NotAllowed "unpublishable" (params: message).
    """
    if campaign.is_draft:
        yield
        return
    before = {one.key for one in blocking(campaign)}
    yield
    fresh = Campaign.objects.get(pk=campaign.pk)
    for one in blocking(fresh):
        if one.key not in before:
            raise NotAllowed("unpublishable", message=sentence(one.code, one.params))


def _of_texts(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.title:
        yield Finding("setup_no_title", "texts", blocks=True)
    if not campaign.summary:
        yield Finding("setup_no_summary", "texts")
    if not campaign.contact:
        yield Finding("setup_no_contact", "texts")
    if campaign.picture is not None and not campaign.picture.alt:
        yield Finding("setup_picture_without_words", "texts", blocks=True)


def _of_area(campaign: Campaign, categories: Sequence[Category]) -> Iterator[Finding]:
    has_places = any(one.geometry_types != [PlaceType.NONE.value] for one in categories)
    if campaign.area is None and has_places:
        yield Finding("setup_no_area", "area", blocks=True)


def _of_period(campaign: Campaign, phases: Sequence[Phase]) -> Iterator[Finding]:
    if campaign.closes_at is None:
        yield Finding("setup_no_end", "period")
    elif campaign.closes_at <= timezone.now():
        yield Finding("setup_over", "period")
    for phase in phases:
        starts_early = campaign.opens_at is not None and phase.opens_at < campaign.opens_at
        ends_late = campaign.closes_at is not None and phase.closes_at > campaign.closes_at
        if starts_early or ends_late:
            yield Finding("setup_phase_outside", "period", params={"title": phase.title})
        if not phase.allows:
            yield Finding("setup_phase_allows_nothing", "period", params={"title": phase.title})


def _of_content(
    campaign: Campaign, categories: Sequence[Category], survey: Sequence[Question]
) -> Iterator[Finding]:
    has_survey = any(one.kind != QuestionKind.NOTE for one in survey)
    if not categories and not has_survey:
        # A campaign without categories is meant to be a survey.
        yield Finding("setup_nothing_to_do", "questions", blocks=True)
        return
    others = {pk for check in CHECKS for pk in check.categories(campaign)}
    drawn = [one for one in categories if not one.takes_contributions and one.pk not in others]
    if drawn:
        filled = set(
            Contribution.objects.filter(campaign=campaign, source__in=(Source.CITY, Source.IMPORT))
            .order_by()
            .values_list("category", flat=True)
            .distinct()
        )
        for category in drawn:
            if category.pk not in filled:
                yield Finding("setup_nothing_drawn", "categories", params={"title": category.title})
    if len(drawn) == len(categories) and not has_survey and not campaign.allows_support:
        yield Finding("setup_nothing_open", "categories")


def _by_category(questions: Sequence[Question]) -> list[list[Question]]:
    found: dict[int | None, list[Question]] = {}
    for one in questions:
        found.setdefault(one.category_id, []).append(one)
    return list(found.values())


def _of_questions(campaign: Campaign, forms: Sequence[Sequence[Question]]) -> Iterator[Finding]:
    is_protected = not campaign.publishes_points
    for questions in forms:
        for number, question in enumerate(questions):
            problem = _problem_of(question, questions[:number])
            if problem is not None:
                params = {"title": question.title, "message": problem}
                yield Finding("setup_question_unfit", "questions", blocks=True, params=params)
            is_open = question.audience == Audience.PUBLIC and question.kind in _FREE_TEXT
            if is_open and _PERSON.search(question.title):
                code = "setup_asks_for_person_protected" if is_protected else "setup_asks_for_person"
                yield Finding(code, "questions", params={"title": question.title})


def _problem_of(question: Question, earlier: Sequence[Question]) -> str | None:
    kind = KINDS.get(question.kind)
    problem = None if kind is None else kind.options_problem(question.options)
    if problem is None and question.show_if:
        problem = conditions.problem_of(question.show_if, earlier)
    return problem


def _of_publication(campaign: Campaign) -> Iterator[Finding]:
    if not campaign.publishes_points and campaign.allows_photos:
        yield Finding("setup_photos_protected", "publication")
    if campaign.needs_sign_in and citizens_provider() is None:
        yield Finding("setup_sign_in_off", "publication", blocks=True)


def _of_languages(campaign: Campaign, texts: Sequence[Text]) -> Iterator[Finding]:
    for one in progress_of(campaign, texts):
        language = str(one.language.name)
        for code, number in (
            ("setup_texts_missing", one.missing),
            ("setup_texts_outdated", one.outdated),
        ):
            if number:
                yield Finding(code, "languages", params={"language": language, "number": number})


def _of_people(campaign: Campaign) -> Iterator[Finding]:
    if Membership.objects.filter(campaign=campaign, role=Role.MANAGER).count() == 1:
        yield Finding("setup_one_manager", "people")
