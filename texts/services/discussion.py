"""A text as people read and discuss it: sections with their numbers, reactions and suggestions, in constant queries."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from django.db.models import F, Q, TextField, Value, Window
from django.db.models.functions import MD5, Concat, RowNumber

from mapping.languages import language_of
from mapping.models import Comment, Contribution, Participant
from mapping.models.feedback import CommentQuerySet
from mapping.translated.reading import LanguageText
from texts.models import Suggestion, Text, TextVersion, Wording, version_at
from texts.models.suggestion import LONGEST_CONTEXT
from texts.reading.bodies import Block, blocks_of
from texts.reading.differences import Piece, differences
from texts.reading.numbers import numbers
from texts.services.suggesting import reason_of

COMMENTS_BESIDE: Final = 3
"""Comments that stand beside each section of the whole text, the newest ones."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment on a section as pages show it."""

    comment: Comment
    suggestion: Suggestion | None
    words: str
    """What the citizen wrote, without the suggested words, which are shown as marked differences."""
    earlier: TextVersion | None
    """The version that the comment was written on, where the section read otherwise in it."""
    answers: list[Remark] = field(default_factory=list)

    @property
    def is_orphan(self) -> bool:
        """Whether it answers a comment that is not public (any more), if it stands for itself."""
        return self.comment.answers_comment

    @property
    def pieces(self) -> Sequence[Piece]:
        """The suggested words as marked differences from the quoted ones."""
        found = self.suggestion
        return () if found is None else differences(found.exact, found.replacement)

    @property
    def before(self) -> str:
        """Whole words before the quoted ones."""
        found = self.suggestion
        if found is None or len(found.prefix) < LONGEST_CONTEXT:
            return "" if found is None else found.prefix
        return f"…{found.prefix[len(found.prefix.split(maxsplit=1)[0]) :]}" if found.prefix.strip() else ""

    @property
    def behind(self) -> str:
        """Whole words behind the quoted ones."""
        found = self.suggestion
        if found is None or len(found.suffix) < LONGEST_CONTEXT:
            return "" if found is None else found.suffix
        return f"{found.suffix[: -len(found.suffix.rsplit(maxsplit=1)[-1])]}…" if found.suffix.strip() else ""


@dataclass
class ShownSection:
    """A section in one version; numbers of comments and support are those of now."""

    wording: Wording
    number: str
    remarks: list[Remark] = field(default_factory=list)
    suggestions: int = 0
    opinion: int = 0
    """That of the visitor: support (1), opposition (-1), none (0)."""

    @property
    def pk(self) -> uuid.UUID:
        """The id in addresses."""
        return self.wording.section_id

    @property
    def anchor(self) -> str:
        """The fragment of the section on the page of the whole text."""
        return anchor_of(self.pk)

    @property
    def heading(self) -> LanguageText:
        """The heading, in the language in which the campaign was written."""
        return LanguageText(self.wording.heading, language_of(self.wording.section.text.campaign.language))

    @property
    def name(self) -> str:
        """The number, or the heading of a section without one."""
        return self.number or self.wording.heading

    @property
    def contribution(self) -> Contribution | None:
        """What comments and support are on; None for a section that was never public."""
        return self.wording.section.contribution

    @cached_property
    def blocks(self) -> Sequence[Block]:
        """The body."""
        return list(blocks_of(self.wording.body))

    @property
    def more(self) -> int:
        """Comments that are not shown beside it."""
        contribution = self.contribution
        shown = sum(one.comment.status == "published" for one in self.remarks)
        return 0 if contribution is None else max(0, contribution.comment_count - shown)


@dataclass(frozen=True)
class TextInVersion:
    """A text in one of its versions; `published` are all that were published, the newest first."""

    text: Text
    version: TextVersion
    published: Sequence[TextVersion]
    sections: Sequence[ShownSection]

    @property
    def is_newest(self) -> bool:
        """Whether this is what can be discussed."""
        return bool(self.published) and self.version == self.published[0]

    @cached_property
    def by_id(self) -> Mapping[uuid.UUID, ShownSection]:
        """The sections by id."""
        return {one.pk: one for one in self.sections}


def anchor_of(section: uuid.UUID) -> str:
    """The fragment of a section."""
    return f"section-{section}"


def text_in_version(
    text: Text, version: TextVersion, published: Sequence[TextVersion], *, is_public: bool = True
) -> TextInVersion:
    """A version with its sections in order; with `is_public` through the gate, else for members of a draft."""
    wordings = Wording.objects.filter(version=version).in_order()
    if is_public:
        wordings = wordings.public()
    found = list(wordings.select_related("section__contribution"))
    for one in found:
        one.version = version
        one.section.text = text
        if one.section.contribution is not None:
            one.section.contribution.campaign = text.campaign
            one.section.contribution.category = text.category
    numbered = numbers(one.level for one in found)
    shown = [ShownSection(wording, number) for wording, number in zip(found, numbered, strict=True)]
    return TextInVersion(text, version, published, shown)


def add_remarks(shown: TextInVersion, participant: Participant | None) -> None:
    """Add the newest comments to each section, the visitor's own ones that wait for a review, and their opinions."""
    contributions = [one.pk for one in shown.sections if one.contribution is not None]
    newest = Window(
        RowNumber(), partition_by=F("contribution"), order_by=(F("created_at").desc(), F("pk").desc())
    )
    rows = _visible(contributions, participant).filter(answers_comment=False)
    rows = rows.annotate(place=newest).filter(place__lte=COMMENTS_BESIDE)
    for section, remarks in remarks_of(shown, rows).items():
        shown.by_id[section].remarks = remarks
    public = Suggestion.objects.public().filter(wording__section__in=contributions)
    for section in public.values_list("wording__section", flat=True):
        if section in shown.by_id:
            shown.by_id[section].suggestions += 1
    if participant is not None:
        opinions = participant.supports.filter(contribution__in=contributions)
        for section, value in opinions.values_list("contribution", "value"):
            shown.by_id[section].opinion = value


def threads_on(section: uuid.UUID, participant: Participant | None) -> CommentQuerySet:
    """The comments on a section that a visitor may read and that are no answers to such, the oldest first."""
    rows = _visible([section], participant)
    return rows.exclude(parent__in=rows.values("pk")).order_by("created_at", "pk")


def with_answers(
    shown: TextInVersion, section: uuid.UUID, threads: Iterable[Comment], participant: Participant | None
) -> list[Remark]:
    """Some of `threads_on` as remarks, each with its answers."""
    chosen = [one.pk for one in threads]
    rows = _visible([section], participant).filter(Q(pk__in=chosen) | Q(parent__in=chosen))
    return in_threads(remarks_of(shown, rows).get(section, []))


def in_threads(remarks: Sequence[Remark]) -> list[Remark]:
    """Remarks with the answers to each; answers to what is not among them stand for themselves."""
    known = {one.comment.pk: one for one in remarks}
    threads: list[Remark] = []
    for one in remarks:
        above = known.get(one.comment.parent_id or 0)
        (threads if above is None else above.answers).append(one)
    return threads


def remarks_of(shown: TextInVersion, comments: CommentQuerySet) -> Mapping[uuid.UUID, list[Remark]]:
    """Comments as remarks by section, the oldest first."""
    found: dict[uuid.UUID, list[Remark]] = defaultdict(list)
    rows = sorted(comments.select_related("suggestion__adopted_in"), key=lambda one: (one.created_at, one.pk))
    changes = _Changes(shown)
    for one in rows:
        suggestion = getattr(one, "suggestion", None)
        words = one.text if suggestion is None else reason_of(suggestion)
        found[one.contribution_id].append(Remark(one, suggestion, words, changes.earlier(one)))
    return found


def first_versions(shown: TextInVersion) -> Mapping[uuid.UUID, int]:
    """The number of the version since which each section reads as in this one."""
    changes = _Changes(shown)
    return {one.pk: changes.since(one.pk).number for one in shown.sections}


class _Changes:
    """In which versions the sections of a text read otherwise than in one; one query, none for a single version."""

    def __init__(self, shown: TextInVersion) -> None:
        self._shown = shown

    def earlier(self, comment: Comment) -> TextVersion | None:
        """The version of a comment, where its section read otherwise."""
        version = version_at(self._shown.published, comment.created_at)
        if version is None or self._reads_alike(comment.contribution_id, version):
            return None
        return version

    def since(self, section: uuid.UUID) -> TextVersion:
        """The first version since which a section reads as it does."""
        found = self._shown.version
        for version in self._shown.published:
            if version.number < found.number:
                if not self._reads_alike(section, version):
                    break
                found = version
        return found

    def _reads_alike(self, section: uuid.UUID, version: TextVersion) -> bool:
        if version.pk == self._shown.version.pk:
            return True
        known = self._digests[section]
        return known.get(version.pk) == known.get(self._shown.version.pk)

    @cached_property
    def _digests(self) -> Mapping[uuid.UUID, Mapping[int, str]]:
        found: dict[uuid.UUID, dict[int, str]] = defaultdict(dict)
        rows = Wording.objects.filter(version__in=[one.pk for one in self._shown.published]).annotate(
            digest=MD5(Concat(F("heading"), Value("\n"), F("body"), output_field=TextField()))
        )
        for section, version, digest in rows.values_list("section", "version", "digest"):
            found[section][version] = digest
        return found


def _visible(contributions: Sequence[uuid.UUID], participant: Participant | None) -> CommentQuerySet:
    """Published comments, and the visitor's own that wait for a review."""
    rows: CommentQuerySet = Comment.objects.filter(contribution__in=contributions)
    public = rows.published()
    if participant is None:
        return public
    return public | rows.pending().filter(participant=participant)
