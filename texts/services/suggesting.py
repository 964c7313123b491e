"""Suggested wordings by citizens: comments on a section that quote some of its words and bring others.

Moderators read comments only, so that the comment's text holds the whole suggestion, as lines with "−" and "+".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from mapping.services import feedback
from mapping.services.checking.content import checked_text
from mapping.services.errors import Conflict, NotAllowed, invalid
from texts.models import Section, Suggestion, Wording
from texts.reading.quotes import Change, Quote, change_between, places_of, replaced, trimmed

LONGEST: Final = feedback.MAX_COMMENT
"""Most characters of a suggestion with its quote and its reason: it is one comment."""
_OLD, _NEW, _MORE = "− ", "+ ", "…"


@dataclass(frozen=True, slots=True)
class Draft:
    """Other words for a part of a section, as received: the part is the characters from `start` to `end` of the body
    in a version (the end excluded), `why` a reason in the citizen's words.
    """

    version: int
    start: int
    end: int
    words: str
    why: str = ""


def suggest(
    section: Section, draft: Draft, secret: str, at: datetime | None = None, *, must_wait: bool = False
) -> Suggestion:
    """Store a suggestion and its comment; a repetition by the same person is the same suggestion.

    Raises Conflict "wording_changed" where the section has a newer wording, NotAllowed (section_gone and those of
    `feedback.comment`), Invalid on "text" or "why", or TooMany.
    """
    at = at or timezone.now()
    wording = standing_wording(section)
    if wording.version.number != draft.version:
        drafted = Wording.objects.filter(section=section, version__number=draft.version).first()
        if drafted is None or drafted.body != wording.body:
            raise Conflict("wording_changed")
    change = _change(wording.body, draft)
    why = checked_text(draft.why, max_length=LONGEST, name="why")
    text = "\n\n".join(part for part in (why, in_words(change)) if part)
    if len(text) > LONGEST:
        raise invalid("text", "suggestion_too_long", max=LONGEST, length=len(text))
    contribution = wording.section.contribution
    if contribution is None:
        raise NotAllowed("section_gone")
    with transaction.atomic():
        # It locks the contribution, which publishing a version changes.
        comment = feedback.comment(contribution, text, secret, at, must_wait=must_wait)
        now = standing_wording(section)
        if now.body != wording.body:
            raise Conflict("wording_changed")
        made, _is_new = Suggestion.objects.get_or_create(
            comment=comment,
            defaults={
                "wording": now,
                "prefix": change.quote.prefix,
                "exact": change.quote.exact,
                "suffix": change.quote.suffix,
                "replacement": change.replacement,
            },
        )
    return made


def draft_of_quote(section: Section, quote: Quote, replacement: str, why: str = "") -> Draft:
    """The draft for words that programs quote; raises Invalid on "exact" where they are not there, or not once."""
    wording = standing_wording(section)
    places = places_of(quote, wording.body)
    if len(places) != 1:
        raise invalid("exact", "quote_repeats" if places else "quote_not_found")
    start = places[0]
    return Draft(wording.version.number, start, start + len(quote.exact), replacement, why)


def standing_wording(section: Section) -> Wording:
    """How a section reads in the newest published version; raises NotAllowed "section_gone" where it is not in it."""
    found = (
        Wording.objects.filter(section=section, version__published_at__isnull=False)
        .select_related("version", "section__contribution__campaign")
        .order_by("-version__number")
        .first()
    )
    if found is None or found.section.gone_since_id is not None:
        raise NotAllowed("section_gone")
    return found


def in_words(change: Change) -> str:
    """A change as lines: what goes with "−", what comes with "+"; behind which words, where nothing goes."""
    old, new = change.quote.exact.strip(), change.replacement.strip()
    before = change.quote.prefix.strip()
    lines = [_OLD + old if old else _MORE + before if before else "", _NEW + new if new else ""]
    return "\n".join(one for one in lines if one)


def reason_of(suggestion: Suggestion) -> str:
    """What the citizen wrote beside the suggested words."""
    change = Change(Quote(suggestion.prefix, suggestion.exact, suggestion.suffix), suggestion.replacement)
    return suggestion.comment.text.removesuffix(in_words(change)).strip()


def _change(body: str, draft: Draft) -> Change:
    start, end = trimmed(body, draft.start, draft.end)
    cleaned = checked_text(draft.words, max_length=max(LONGEST, len(body) + LONGEST))
    lead = draft.words[: len(draft.words) - len(draft.words.lstrip())].replace("\r", "")[:2]
    tail = draft.words[len(draft.words.rstrip()) :].replace("\r", "")[:2]
    words = f"{lead}{cleaned}{tail}" if cleaned and start == end else cleaned
    change = change_between(body, replaced(body, Change(Quote("", body[start:end], ""), words), start))
    if change is None:
        raise invalid("text", "wording_unchanged")
    return change
