"""Results of surveys: exact ones for staff, and the public ones, which are kept until enough people have answered.

Public numbers are made when somebody reads them, but only of whole groups: `docs/privacy/surveys.md` says why a group
of at least k people is as safe as a fixed time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from mapping.aggregation.surveys.cells import Edges, cells_of, is_classed
from mapping.aggregation.surveys.release import ToldQuestion, changes_needed, rounded, tell
from mapping.aggregation.surveys.results import SurveyResults, exact_result, public_result
from mapping.models import (
    Audience,
    Campaign,
    CampaignStatus,
    Question,
    Response,
    ResultsShown,
    SurveyRelease,
    SurveyTally,
)
from mapping.models.survey.counts import ANSWERED, WHOLE_SURVEY
from mapping.questions.registry import KINDS
from mapping.services.releases.making import is_held
from mapping.services.surveys.responses import questions_of


def exact_results(campaign: Campaign, questions: Sequence[Question] | None = None) -> SurveyResults:
    """The results for staff, answers that only staff may read included; callers must check the rule and log it."""
    if questions is None:
        questions = questions_of(campaign)
    tally = SurveyTally.objects.of(campaign.pk)
    return SurveyResults(
        responses=tally.get(WHOLE_SURVEY, {}).get(ANSWERED, 0),
        k=campaign.k,
        questions=tuple(
            exact_result(one, cells_of(one, tally.get(one.slug, {})), tally.get(one.slug, {}))
            for one in questions
        ),
        is_exact=True,
    )


def public_results(
    campaign: Campaign, at: datetime, questions: Sequence[Question] | None = None
) -> SurveyResults:
    """The results that everybody may read at a moment; makes a new release where one is due."""
    if questions is None:
        questions = questions_of(campaign)
    shown = list(questions_shown(campaign, questions, at))
    later = tuple(
        one
        for one in questions
        if one.audience == Audience.PUBLIC
        and one.results == ResultsShown.AFTER
        and one not in shown
        and KINDS[one.kind].is_answered
    )
    has_any = not campaign.is_draft and any(KINDS[one.kind].is_answered for one in shown)
    release = _current(campaign, shown, at) if has_any else None
    if release is None:
        return SurveyResults(0, campaign.k, (), later=later)
    published = release.published
    return SurveyResults(
        responses=release.responses,
        k=campaign.k,
        questions=tuple(
            public_result(one, ToldQuestion.of_json(published[one.slug]))
            for one in shown
            if one.slug in published and published[one.slug]["kind"] == one.kind
        ),
        made_at=release.made_at,
        later=later,
    )


def questions_shown(campaign: Campaign, questions: Iterable[Question], at: datetime) -> Iterable[Question]:
    """The questions whose results may be public at a moment."""
    is_over = campaign.status_at(at) == CampaignStatus.CLOSED
    for question in questions:
        is_shown = question.results == ResultsShown.LIVE or (
            is_over and question.results == ResultsShown.AFTER
        )
        if question.audience == Audience.PUBLIC and is_shown:
            yield question


def offers_results(questions: Iterable[Question]) -> bool:
    """Whether anything of a survey is public or will be."""
    return any(
        one.audience == Audience.PUBLIC and one.results != ResultsShown.NEVER and KINDS[one.kind].is_answered
        for one in questions
    )


def _current(campaign: Campaign, shown: Sequence[Question], at: datetime) -> SurveyRelease | None:
    """The release that is public at a moment."""
    kept = SurveyRelease.objects.filter(campaign=campaign)
    release = kept.defer("shown").first()
    if not _is_due(campaign, release, at) or is_held(campaign):
        return release
    with transaction.atomic():
        # Whoever comes second finds the release made.
        Campaign.objects.select_for_update(no_key=True).only("pk").get(pk=campaign.pk)
        release = kept.first()
        if _is_due(campaign, release, at):
            release = _make(campaign, release or SurveyRelease(campaign=campaign), shown, at)
    return release


def _is_due(campaign: Campaign, release: SurveyRelease | None, at: datetime) -> bool:
    if release is None:
        return _has(campaign, campaign.k)
    is_over = campaign.status_at(at) == CampaignStatus.CLOSED
    return (is_over and not release.is_final) or _has_changed(campaign, release)


def _has(campaign: Campaign, people: int) -> bool:
    """Whether at least so many people have sent a response."""
    found = Response.objects.of(campaign).complete()[:people]
    return len(found.values_list("pk")) >= people


def _has_changed(campaign: Campaign, release: SurveyRelease) -> bool:
    """Whether enough people have answered or changed their answers since a release."""
    needed = changes_needed(release.responses, campaign.k)
    changed = Response.objects.of(campaign).complete().filter(updated_at__gt=release.made_at)
    return len(changed.values_list("pk")[:needed]) >= needed


def _make(
    campaign: Campaign, release: SurveyRelease, shown: Iterable[Question], at: datetime
) -> SurveyRelease:
    """Make the next release; the caller holds the campaign's lock."""
    is_new = release.pk is None
    is_changed = is_new or _has_changed(campaign, release)
    tally = SurveyTally.objects.of(campaign.pk)
    published: dict[str, Any] = {}
    people = [rounded(tally.get(WHOLE_SURVEY, {}).get(ANSWERED, 0), campaign.k)]
    for question in shown:
        before = _before(release, question)
        if before is not None and not is_changed:
            told = before
        else:
            cells = cells_of(question, tally.get(question.slug, {}), _edges(question, before))
            numbers = release.shown.get(question.slug, {})
            told, release.shown[question.slug] = tell(question.kind, cells, numbers, campaign.k, before)
        published[question.slug] = {"kind": question.kind, **told.as_json()}
        people.append(told.told.responses)
    release.published = published
    release.responses = max(people)
    # After the counts were read: whoever is in them has not changed anything since.
    release.made_at = max(at, timezone.now())
    release.is_final = release.is_final or campaign.status_at(at) == CampaignStatus.CLOSED
    release.save()
    return release


def _before(release: SurveyRelease, question: Question) -> ToldQuestion | None:
    """What the last release shows of a question; None if it was another kind of question then."""
    kept = release.published.get(question.slug)
    return ToldQuestion.of_json(kept) if kept and kept["kind"] == question.kind else None


def _edges(question: Question, before: ToldQuestion | None) -> Edges:
    return before.edges if before is not None and is_classed(question) else ()
