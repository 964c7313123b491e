"""Tables of the search: texts as vectors, words for suggestions, stems that stand in compounds."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVectorField,
    TrigramSimilarity,
    TrigramWordSimilarity,
)
from django.db import models
from django.db.models.functions import Cast, Extract, Greatest
from django.utils.translation import gettext_lazy as _

LONGEST_KIND: Final = 20
LONGEST_KEY: Final = 40
LONGEST_WORD: Final = 40
_LENGTHS_LOGARITHM: Final = 1
"""Long texts rank lower by the logarithm of their length (`normalization` of `ts_rank`)."""


class PreparedQuery(SearchQuery):
    """A `tsquery` that PostgreSQL has written before (`mapping.search.query`): its words are not parsed again."""

    def __init__(self, value: str) -> None:
        super().__init__(value, search_type="raw")
        self.prepared = value

    def as_sql(self, *_args: Any, **_kwargs: Any) -> Any:
        """The text as it was written."""
        return "%s::tsquery", [self.prepared]


class SearchTextQuerySet(models.QuerySet["SearchText"]):
    """Indexed texts as the search asks for them."""

    def of_any_kind(self, query: str) -> SearchTextQuerySet:
        """Texts that fit a query written by PostgreSQL."""
        return self.filter(vector=PreparedQuery(query))

    def fitting(self, kind: str, query: str) -> SearchTextQuerySet:
        """Texts of a kind that fit it."""
        return self.of_any_kind(query).filter(kind=kind)

    def behind_gate(self, public: models.QuerySet[Any]) -> SearchTextQuerySet:
        """Those whose row is among the public ones at this moment."""
        is_uuid = isinstance(public.model._meta.pk, models.UUIDField)  # noqa: SLF001 - Django's own way
        key = Cast(models.OuterRef("key"), models.UUIDField() if is_uuid else models.BigIntegerField())
        return self.filter(models.Exists(public.filter(pk=key)))

    def newest_first(self) -> SearchTextQuerySet:
        """In the order in which they are ranked; ties broken by id."""
        return self.order_by("-at", "-id")

    def ranked(self, query: str) -> SearchTextQuerySet:
        """With how well each fits (`rank`): titles before texts, long texts lower, parts of compounds last.

        And with its `moment`, seconds since 1970: a thousand moments as text take Python ten milliseconds.
        """
        rank = SearchRank(
            models.F("vector"), PreparedQuery(query), normalization=models.Value(_LENGTHS_LOGARITHM)
        )
        moment = Cast(Extract("at", "epoch"), models.FloatField())
        return self.annotate(rank=rank, moment=moment)


SearchTextManager = models.Manager.from_queryset(SearchTextQuerySet)


class SearchText(models.Model):
    """A text as the words it has; `key` is the primary key of its row, whose table `kind` names.

    `subject` is the key of what is found by it: of the document for a page, of the campaign for a translation.

    There are no foreign keys: triggers delete and change these rows with their texts (`models.search.indexing`).
    """

    kind = models.CharField(max_length=LONGEST_KIND)
    key = models.CharField(max_length=LONGEST_KEY)
    subject = models.CharField(max_length=LONGEST_KEY)
    campaign_id = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    vector = SearchVectorField()

    objects: ClassVar = SearchTextManager()

    class Meta:
        default_permissions = ()
        indexes: ClassVar = (
            GinIndex(fields=("vector",), name="searchtext_words"),
            models.Index(fields=("kind", "-at", "-id"), name="searchtext_newest"),
        )
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("kind", "key"),
                name="searchtext_once_per_row",
                violation_error_message=_("This text is indexed already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} · {self.key}"


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    """Words as suggestions ask for them."""

    def like(self, word: str) -> SearchWordQuerySet:
        """Words that are spelled similarly or have a part that is, the most similar first; never the word itself."""
        return (
            self.filter(models.Q(word__trigram_similar=word) | models.Q(word__trigram_word_similar=word))
            .exclude(word=word)
            .annotate(
                similarity=Greatest(TrigramSimilarity("word", word), TrigramWordSimilarity(word, "word"))
            )
            .order_by("-similarity", "-texts", "word")
        )


SearchWordManager = models.Manager.from_queryset(SearchWordQuerySet)


class SearchWord(models.Model):
    """A word of public texts as they were when the words were last collected, and in how many texts it is."""

    word = models.CharField(max_length=LONGEST_WORD, primary_key=True)
    texts = models.PositiveIntegerField()

    objects: ClassVar = SearchWordManager()

    class Meta:
        default_permissions = ()
        indexes: ClassVar = (GinIndex(fields=("word",), name="searchword_like", opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return self.word


class SearchStemQuerySet(models.QuerySet["SearchStem"]):
    """Stems as suggestions ask for them."""

    def like(self, word: str) -> SearchStemQuerySet:
        """Stems that are spelled similarly, the most similar first; there are few, hence no index."""
        return (
            self.filter(stem__trigram_similar=word)
            .annotate(similarity=TrigramSimilarity("stem", word))
            .order_by("-similarity", "stem")
        )


SearchStemManager = models.Manager.from_queryset(SearchStemQuerySet)


class SearchStem(models.Model):
    """A word that German compounds begin or end with; `parts` are the words that it stands for, itself among them.

    They come from the migrations; a new one needs a migration and `rebuild_search`.
    """

    stem = models.CharField(max_length=LONGEST_WORD, primary_key=True)
    parts = models.CharField(max_length=100)

    objects: ClassVar = SearchStemManager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.stem
