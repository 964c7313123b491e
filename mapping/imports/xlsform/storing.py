"""Stores the questions of an XLSForm as the survey of a campaign."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.imports.xlsform.form import Finding, Form, FormQuestion
from mapping.models import (
    Campaign,
    Picture,
    Question,
    RemovedQuestion,
    Response,
    TextOf,
    Translation,
)
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, DomainError
from mapping.services.setup.asking.drafts import STEP, values_of
from mapping.services.setup.changes import note
from mapping.services.setup.translating import add_languages
from mapping.translated.texts import texts_of

_NOT_STORED: Final = ("row", "translations")

Translated = Mapping[tuple[str, str, str, str], str]
"""The text that was translated, by short name of the question, language, place and translation."""


class FormRefused(DomainError):
    """A form with faults: nothing of it was stored."""

    def __init__(self, problems: tuple[Finding, ...]) -> None:
        super().__init__("form_refused", number=len(problems))
        self.problems = problems


def import_xlsform(
    campaign: Campaign, form: Form, actor: User | None = None, *, replace: bool = False
) -> list[Question]:
    """Add the questions of a form to the survey of a campaign; callers without an actor are trusted (commands).

    Its translations come along, and their languages are added to those of the campaign. One that is the same as before
    stays one of the text that was translated then: a form that comes back confirms nothing.

    Raises NotAllowed "not_manager", `FormRefused`, and Conflict where the survey has questions: `survey_has_questions`,
    or with `replace` `survey_has_responses` (params: number), because nobody may lose answers.
    """
    if actor is not None:
        require_role(rules.may_manage, actor, campaign, "not_manager")
    problems = problems_of(campaign, form)
    if problems:
        raise FormRefused(problems)
    with transaction.atomic():
        # Responses refer to the campaign: none is stored between the look and the commit.
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        former = list(Question.objects.of_survey(campaign.pk))
        if former and not replace:
            raise Conflict("survey_has_questions")
        number = Response.objects.of(campaign).count()
        if number and (former or _kept_answers(campaign, form)):
            raise Conflict("survey_has_responses", number=number)
        known = _translated(former)
        Question.objects.of_survey(campaign.pk).delete()
        stored = Question.objects.bulk_create(
            _question(campaign, one, position) for position, one in enumerate(form.questions)
        )
        _store_translations(campaign, form, stored, known, actor)
        if actor is not None:
            before, after = (
                {f"question {one.title}": values_of(one) for one in some} for some in (former, stored)
            )
            note(campaign, actor, STEP, before=before, after=after)
    return stored


def problems_of(campaign: Campaign, form: Form) -> tuple[Finding, ...]:
    """Why a form cannot be stored in a campaign: its own faults, else what the campaign does not have."""
    return form.problems or (*_unknown_pictures(campaign, form), *_refused(campaign, form))


def _unknown_pictures(campaign: Campaign, form: Form) -> Iterator[Finding]:
    named = {
        choice["picture"]: question.row
        for question in form.questions
        for choice in question.options.get("choices", ())
        if "picture" in choice
    }
    if not named:
        return
    known = Picture.objects.filter(campaign=campaign, pk__in=named).values_list("pk", flat=True)
    for picture in named.keys() - {str(pk) for pk in known}:
        yield Finding("survey", named[picture], "picture_not_here", {"file": f"{picture}.jpg"})


def _refused(campaign: Campaign, form: Form) -> Iterator[Finding]:
    for position, question in enumerate(form.questions):
        try:
            _question(campaign, question, position).clean_fields(exclude=("campaign", "category"))
        except ValidationError as error:
            yield Finding("survey", question.row, "options", {"message": " ".join(error.messages)})


def _translated(questions: Sequence[Question]) -> Translated:
    """What is translated of some questions."""
    slugs = {one.pk: one.slug for one in questions}
    rows = Translation.objects.filter(kind=TextOf.QUESTION, object_id__in=slugs)
    return {(slugs[one.object_id], one.language, one.field, one.text): one.original for one in rows}


def _store_translations(
    campaign: Campaign, form: Form, stored: Sequence[Question], known: Translated, actor: User | None
) -> None:
    """Only of texts that a question has: a translation without an original would be shown nowhere."""
    rows = []
    for asked, question in zip(form.questions, stored, strict=True):
        originals = {text.field: text.original for text in texts_of(question)}
        rows += [
            Translation(
                campaign=campaign,
                language=tag,
                kind=TextOf.QUESTION,
                object_id=question.pk,
                field=field,
                text=text,
                original=known.get((question.slug, tag, field, text), originals[field]),
            )
            for tag, texts in asked.translations.items()
            for field, text in texts.items()
            if field in originals
        ]
    Translation.objects.bulk_create(rows)
    add_languages(campaign, {one.language for one in rows}, actor)


def _kept_answers(campaign: Campaign, form: Form) -> bool:
    """Whether a removed question, whose answers were kept, had the short name of one in the form."""
    removed = RemovedQuestion.objects.of_survey(campaign.pk)
    return removed.filter(slug__in=[one.slug for one in form.questions]).exists()


def _question(campaign: Campaign, question: FormQuestion, position: int) -> Question:
    values = {name: value for name, value in asdict(question).items() if name not in _NOT_STORED}
    return Question(campaign=campaign, position=position, **values)
