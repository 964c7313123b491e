"""All documents with filters, those of a campaign, and the page of one with its text."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.http import require_safe

from engagement import rules
from engagement.models import (
    Body,
    Document,
    DocumentKind,
    DocumentPage,
    DocumentVersion,
    Extraction,
    Topic,
)
from engagement.models.document import DocumentQuerySet
from engagement.web.papers.lookup import document_or_404, or_gone, with_holders
from engagement.web.papers.shown import holders_of, pdf_address, shown_documents
from mapping.web.languages import reading_of
from mapping.web.lookup import campaign_or_404

ON_A_PAGE: Final = 20
PAGES_SHOWN: Final = 10
"""Pages of a file whose text stands on one page of the site."""
LONGEST_WORDS: Final = 100


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """What the list shows; what means nothing is left out."""

    words: str
    kind: str
    topic: str
    body: str
    year: str

    @property
    def is_empty(self) -> bool:
        """Whether all documents are shown."""
        return not (self.words or self.kind or self.topic or self.body or self.year)

    def apply(self, rows: DocumentQuerySet) -> DocumentQuerySet:
        """The documents that fit."""
        for word in self.words.split():
            rows = rows.filter(
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(reference__icontains=word)
            )
        if self.kind:
            rows = rows.filter(kind=self.kind)
        if self.topic:
            rows = rows.filter(topic=self.topic)
        if self.body:
            of_body = Q(body__slug=self.body) | Q(session__body__slug=self.body)
            rows = rows.filter(of_body | Q(agenda_item__session__body__slug=self.body))
        if self.year:
            rows = rows.filter(dated__year=int(self.year))
        return rows


@dataclass(frozen=True, slots=True)
class ShownText:
    """The text of a part of a file; `is_cut` if the file has more pages than could be read."""

    pages: list[DocumentPage]
    number: int
    parts: int
    is_cut: bool


@require_safe
def documents_page(request: HttpRequest) -> HttpResponseBase:
    """`/documents/`: all public documents, the latest first; `q`, `kind`, `topic`, `body`, `year`, `page`."""
    public = Document.objects.public()
    bodies = list(Body.objects.public().order_by("name", "slug").values_list("slug", "name"))
    years = [str(day.year) for day in public.dates("dated", "year", order="DESC")]
    chosen = _read_filter(request.GET, {slug for slug, _name in bodies}, set(years))
    found = chosen.apply(with_holders(public)).order_by("-dated", "title", "pk")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "chosen": chosen,
        "page": page,
        "documents": shown_documents(page),
        "query": query.urlencode(),
        "kinds": DocumentKind.choices,
        "topics": Topic.choices,
        "bodies": bodies,
        "years": years,
    }
    return render(request, "engagement/papers/documents.html", context)


@require_safe
def campaign_page(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The public documents of a campaign."""
    campaign = campaign_or_404(request, slug)
    rows = with_holders(Document.objects.public().filter(campaign=campaign))
    page = Paginator(rows.order_by("-dated", "title", "pk"), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "campaign": reading_of(request, campaign).campaign,
        "page": page,
        "documents": shown_documents(page, within={campaign.get_absolute_url()}),
    }
    return render(request, "engagement/papers/campaign.html", context)


@require_safe
@or_gone
def document_page(request: HttpRequest, document: uuid.UUID) -> HttpResponseBase:
    """`/documents/<id>/`: facts, files, and the text; `version` and `part` choose what is read."""
    found, is_public = document_or_404(request, document)
    versions = list(found.versions.all())
    version = _chosen_version(versions, request.GET.get("version", ""))
    newest = versions[0] if versions else None
    context = {
        "document": found,
        "is_public": is_public,
        "holders": holders_of(found),
        "versions": versions,
        "version": version,
        "newest": newest,
        "pdf": pdf_address(found, version),
        "text": _text_of(version, request.GET.get("part", "")),
        "may_edit": rules.may_edit_document(request.user, found),
        "Extraction": Extraction,
    }
    response = render(request, "engagement/papers/document.html", context)
    if not is_public:
        add_never_cache_headers(response)
    return response


def _read_filter(given: QueryDict, bodies: set[str], years: set[str]) -> DocumentFilter:
    def known(name: str, values: object) -> str:
        value = given.get(name, "")
        return value if value in values else ""  # type: ignore[operator]

    return DocumentFilter(
        words=given.get("q", "").replace("\0", "").strip()[:LONGEST_WORDS],
        kind=known("kind", DocumentKind.values),
        topic=known("topic", Topic.values),
        body=known("body", bodies),
        year=known("year", years),
    )


def _chosen_version(versions: list[DocumentVersion], given: str) -> DocumentVersion | None:
    """The version that the address names, else the newest."""
    return next((one for one in versions if str(one.number) == given), versions[0] if versions else None)


def _text_of(version: DocumentVersion | None, given: str) -> ShownText | None:
    if version is None or version.extraction != Extraction.DONE:
        return None
    read = version.texts.count()
    parts = max(1, -(-read // PAGES_SHOWN))
    number = int(given) if given.isdecimal() and len(given) < 6 else 1
    number = max(1, min(parts, number))
    first = (number - 1) * PAGES_SHOWN
    pages = list(version.texts.filter(number__gt=first, number__lte=first + PAGES_SHOWN).order_by("number"))
    return ShownText(pages, number, parts, is_cut=version.pages is not None and read < version.pages)
