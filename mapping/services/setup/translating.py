"""Texts of campaigns in further languages: which languages are offered, and what is written in each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.db import transaction

from accounts.models import User
from mapping import rules
from mapping.geo.errors import TextProblem
from mapping.geo.text import clean_text
from mapping.languages import OFFERED, TAGS
from mapping.models import Campaign, CampaignChange, Category, Phase, Question, Translation
from mapping.services.checking.gates import require_role
from mapping.services.errors import Conflict, Invalid, Problem, invalid
from mapping.services.setup import changes
from mapping.services.setup.asking.owners import changing
from mapping.translated.texts import Text, name_of, texts_of

STEP: Final = "translations"
LANGUAGES_STEP: Final = "languages"


@dataclass(frozen=True, slots=True)
class TranslatedText:
    """A text of a campaign with its translation, which is empty where there is none.

    `is_outdated`: the original was changed after it was translated; `former` is the one that was translated.
    """

    text: Text
    translation: str
    is_outdated: bool
    former: str = ""


class Hidden(StrEnum):
    """What becomes of the translations into a language that is offered no more."""

    KEEP = "keep"
    DELETE = "delete"


def texts_to_translate(campaign: Campaign) -> list[Text]:
    """The texts of a campaign in the order of its pages: its own, phases, categories with their questions, survey."""
    return [text for row in _rows(campaign) for text in texts_of(row)]


def translations_in(campaign: Campaign, language: str) -> list[TranslatedText]:
    """The texts of a campaign, each with its translation into a language."""
    return _joined(texts_to_translate(campaign), _stored(campaign, language))


def version_of(texts: Iterable[TranslatedText]) -> str:
    """A mark of some texts with their translations: another one after each change of either."""
    values = [(one.text.name, one.text.original, one.translation, one.former) for one in texts]
    return hashlib.sha256(json.dumps(sorted(values)).encode()).hexdigest()[:16]


def set_languages(
    campaign: Campaign,
    actor: User,
    languages: Sequence[str],
    *,
    original: str | None = None,
    expected: str = "",
    hidden: Hidden | None = Hidden.KEEP,
) -> Campaign:
    """Store in which languages a campaign is offered beside that of its texts, and (`original`) which one that is.

    `hidden` decides about the translations into languages that are offered no more; where it is None and there are
    some, this raises Conflict "translations_undecided" (params: number). Raises Invalid "not_a_choice" on "languages"
    and "language", otherwise as `changes.change` does.
    """
    require_role(rules.may_manage, actor, campaign, "not_manager")
    original = campaign.language if original is None else original
    if original not in TAGS:
        raise invalid("language", "not_a_choice")
    if not set(languages) <= set(TAGS):
        raise invalid("languages", "not_a_choice")
    # In one order, so that the same choice is no change.
    ordered = [one.tag for one in OFFERED if one.tag in languages and one.tag != original]
    values = {"language": original, "languages": ordered}
    with transaction.atomic():
        missing = set(changes.locked_campaign(campaign).languages) - set(ordered)
        concerned = Translation.objects.filter(campaign=campaign, language__in=missing)
        if hidden is None and (number := concerned.count()):
            raise Conflict("translations_undecided", number=number)
        changed = changes.change(campaign, actor, LANGUAGES_STEP, values, expected=expected)
        # Afterwards, so that it is what can be taken back: a language is chosen again by one click.
        for tag in sorted(missing) if hidden == Hidden.DELETE else ():
            _store(campaign, actor, tag, dict.fromkeys(_stored(campaign, tag)))
    return changed


def add_languages(campaign: Campaign, languages: Collection[str], actor: User | None = None) -> None:
    """Offer a locked campaign in further languages, too; callers without an actor are trusted, and not noted."""
    before = list(campaign.languages)
    wanted = {*before, *languages} - {campaign.language}
    campaign.languages = [one.tag for one in OFFERED if one.tag in wanted]
    if campaign.languages == before:
        return
    campaign.save(update_fields=["languages"])
    if actor is not None:
        former, now = {"languages": before}, {"languages": list(campaign.languages)}
        changes.note(campaign, actor, LANGUAGES_STEP, before=former, after=now)


def set_translations(
    campaign: Campaign,
    actor: User,
    language: str,
    texts: Mapping[str, str],
    *,
    confirmed: Collection[str] | None = None,
    originals: Mapping[str, str] | None = None,
    expected: str = "",
) -> int:
    """Store translations by the names of their texts (`Text.name`); an empty one is removed, others stay.

    Cleaned as originals are. Sending a translation again confirms it for the original as it is now; with `confirmed`
    only of the texts with these names, other translations that are the same stay as they are. `originals` are the texts
    that were translated, by name, where they may be others than those of now. `expected` is the `version_of` the texts.

    Returns how many changed. Raises NotAllowed "not_manager", Conflict "gone" where a text does not exist (any more),
    and "step_changed" (params: version), Invalid "not_a_choice" on "language", and "too_long" by name.
    """
    if language not in TAGS or language == campaign.language:
        raise invalid("language", "not_a_choice")
    with changing(campaign, actor):
        known = {text.name: text for text in texts_to_translate(campaign)}
        if not set(texts) <= set(known):
            raise Conflict("gone")
        stored = _stored(campaign, language)
        version = version_of(_joined([known[name] for name in texts], stored)) if expected else ""
        wanted = {}
        for text, words in _cleaned({known[name]: words for name, words in texts.items()}).items():
            former = stored.get(text.name)
            is_same = former is not None and former.text == words
            if not is_same or confirmed is None or text.name in confirmed:
                original = (originals or {}).get(text.name, text.original)
                wanted[text.name] = [words, original] if words else None
        number = _store(campaign, actor, language, wanted)
        # Who sends once more what is stored already overwrites nothing.
        if number and version != expected:
            raise Conflict("step_changed", version=version)
    return number


def undo(campaign: Campaign, actor: User, change: CampaignChange) -> None:
    """Have the translations that a change concerned as they were; raises Conflict "changed_meanwhile", "gone"."""
    with changing(campaign, actor):
        language = change.after["language"]
        stored = _stored(campaign, language)
        now = {name: _as_json(stored.get(name)) for name in change.after["texts"]}
        if now != change.after["texts"]:
            raise Conflict("changed_meanwhile")
        known = {text.name for text in texts_to_translate(campaign)}
        if not set(change.before["texts"]) <= known:
            raise Conflict("changed_meanwhile")
        _store(campaign, actor, language, change.before["texts"])


def _store(campaign: Campaign, actor: User, language: str, wanted: Mapping[str, Sequence[str] | None]) -> int:
    """Store text and original by name, None for no translation; note what changed of it."""
    stored = _stored(campaign, language)
    before: dict[str, list[str] | None] = {}
    after: dict[str, list[str] | None] = {}
    new: list[Translation] = []
    changed: list[Translation] = []
    removed: list[int] = []
    for name, pair in wanted.items():
        former = stored.get(name)
        if _as_json(former) == (None if pair is None else list(pair)):
            continue
        before[name], after[name] = _as_json(former), None if pair is None else list(pair)
        if pair is None:
            removed.extend([] if former is None else [former.pk])
            continue
        one = former or _new(campaign, language, name)
        one.text, one.original = pair
        (changed if former else new).append(one)
    with transaction.atomic():
        Translation.objects.filter(pk__in=removed).delete()
        Translation.objects.bulk_create(new)
        Translation.objects.bulk_update(changed, ["text", "original"])
        if after:
            changes.note(
                campaign,
                actor,
                STEP,
                before={"language": language, "texts": before},
                after={"language": language, "texts": after},
            )
    return len(after)


def _new(campaign: Campaign, language: str, name: str) -> Translation:
    kind, number, field = name.split(".", 2)
    return Translation(campaign=campaign, language=language, kind=kind, object_id=int(number), field=field)


def _as_json(one: Translation | None) -> list[str] | None:
    return None if one is None else [one.text, one.original]


def _cleaned(texts: Mapping[Text, str]) -> dict[Text, str]:
    found: dict[Text, str] = {}
    problems: dict[str, list[Problem]] = {}
    for text, words in texts.items():
        try:
            found[text] = clean_text(words, max_length=text.max_length, multiline=text.is_long)
        except TextProblem as problem:
            problems[text.name] = [Problem(problem.code, problem.params)]
    if problems:
        raise Invalid(problems)
    return found


def _joined(texts: Iterable[Text], stored: Mapping[str, Translation]) -> list[TranslatedText]:
    found = []
    for text in texts:
        one = stored.get(text.name)
        if one is None:
            found.append(TranslatedText(text, "", is_outdated=False))
        else:
            is_outdated = one.original != text.original
            former = one.original if is_outdated else ""
            found.append(TranslatedText(text, one.text, is_outdated, former))
    return found


def _stored(campaign: Campaign, language: str) -> dict[str, Translation]:
    found = Translation.objects.filter(campaign=campaign, language=language)
    return {name_of(one.kind, one.object_id, one.field): one for one in found}


def _rows(campaign: Campaign) -> Iterator[Campaign | Phase | Category | Question]:
    yield Campaign.objects.select_related("picture").get(pk=campaign.pk)
    yield from Phase.objects.filter(campaign=campaign).order_by("opens_at")
    questions: dict[int | None, list[Question]] = {}
    for question in Question.objects.of_categories(campaign.pk):
        questions.setdefault(question.category_id, []).append(question)
    for category in Category.objects.filter(campaign=campaign).order_by("position", "pk"):
        yield category
        yield from questions.get(category.pk, ())
    yield from Question.objects.of_survey(campaign.pk)
