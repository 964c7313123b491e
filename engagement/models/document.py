"""Documents: minutes, plans, guidelines, decisions; as files in several versions, or written here."""

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models.deletion import Collector
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.models.body import AgendaItem, Body, Session
from engagement.models.common import ONE_SUMMARY, Record, Topic, topic_is_known, value_is_known
from engagement.models.event import Event
from engagement.models.plan import Plan
from mapping.languages import ORIGINAL
from mapping.models.texts import PlainLine, PlainText


class DocumentKind(models.TextChoices):
    """What kind of paper it is."""

    MINUTES = "minutes", _("Minutes")
    INVITATION = "invitation", _("Invitation")
    PLAN = "plan", _("Plan")
    GUIDELINE = "guideline", _("Guideline")
    DECISION = "decision", _("Decision")
    REPORT = "report", _("Report")
    OTHER = "other", _("Other document")


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as pages and OParl ask for them."""

    def public(self) -> "DocumentQuerySet":
        """Documents that everyone may see: no draft, nor hung to something that is not public."""
        of_drafts = (
            models.Q(campaign__is_draft=True)
            | models.Q(body__is_draft=True)
            | models.Q(event__is_draft=True)
            | models.Q(agenda_item__is_public=False)
            | models.Q(plan__is_draft=True)
        )
        # Not joined, as that twice would take PostgreSQL longer to plan than to run.
        of_document = models.Q(pk=models.OuterRef("session")) | models.Q(
            pk=models.OuterRef("agenda_item__session")
        )
        hidden = Session.objects.filter(
            of_document, models.Q(event__is_draft=True) | models.Q(body__is_draft=True)
        )
        return self.filter(~models.Exists(hidden), is_draft=False).exclude(of_drafts)

    def of_body(self, body: Body) -> "DocumentQuerySet":
        """What a body wrote: its own documents, and those of its sessions."""
        of_sessions = models.Q(session__body=body) | models.Q(agenda_item__session__body=body)
        return self.filter(models.Q(body=body) | of_sessions)


DocumentManager = models.Manager.from_queryset(DocumentQuerySet)


def stay_hidden(
    collector: Collector, field: Any, documents: "models.QuerySet[Document]", _using: str
) -> None:
    """What `on_delete` does: the document loses what it belonged to; one that this hid becomes a draft.

    Otherwise the paper of a draft would be public as soon as the draft is deleted.
    """
    hidden = list(documents.exclude(pk__in=Document.objects.public().values("pk")))
    collector.add_field_update(field, None, documents)
    if hidden:
        collector.add_field_update(Document._meta.get_field("is_draft"), True, hidden)  # noqa: SLF001 - the interface


class Document(Record):
    """A paper with its versions. In OParl a Paper with a File per version."""

    title = PlainLine(_("title"), max_length=200)
    summary = PlainLine(_("summary"), max_length=ONE_SUMMARY, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=DocumentKind.choices, default=DocumentKind.OTHER
    )
    topic = models.CharField(_("topic"), max_length=16, choices=Topic.choices, default=Topic.OTHER)
    dated = models.DateField(_("date"), default=timezone.localdate)
    reference = PlainLine(_("reference number"), max_length=60, blank=True)
    licence = PlainLine(_("licence"), max_length=120, blank=True)
    author = PlainLine(_("author"), max_length=160, blank=True)
    language = models.CharField(
        _("language of its texts"), max_length=20, default=ORIGINAL, db_default=ORIGINAL
    )
    text = PlainText(_("text"), blank=True)
    """Written here, in the simple formatting of the builder; a document with files has none."""
    body = models.ForeignKey(
        Body,
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("body"),
    )
    session = models.ForeignKey(
        Session,
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("session"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("agenda item"),
    )
    event = models.ForeignKey(
        Event,
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("event"),
    )
    plan = models.ForeignKey(
        Plan,
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("plan"),
    )
    campaign = models.ForeignKey(
        "mapping.Campaign",
        on_delete=stay_hidden,
        null=True,
        blank=True,
        related_name="documents",
        verbose_name=_("participation"),
    )
    is_draft = models.BooleanField(_("draft"), default=True)
    origin = models.URLField(_("address in another system"), max_length=500, blank=True)

    objects: ClassVar = DocumentManager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ("-dated", "title", "pk")
        constraints: ClassVar = (
            value_is_known("kind", DocumentKind.values, "document_kind"),
            topic_is_known("document_topic"),
            models.UniqueConstraint(
                fields=("origin",),
                condition=~models.Q(origin=""),
                name="document_origin_once",
                violation_error_message=_("This document was read from the other system already."),
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The document's page."""
        return reverse("document", args=(self.pk,))


class Extraction(models.TextChoices):
    """How far reading the text of a file has come."""

    WAITING = "waiting", _("Being read")
    DONE = "done", _("Readable in the page")
    NO_TEXT = "no_text", _("Without readable text")
    FAILED = "failed", _("Not readable")


class DocumentVersion(models.Model):
    """One file of a document (PDF, without scripts and attachments); the newest is shown first."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    document = models.ForeignKey(
        Document, on_delete=models.CASCADE, related_name="versions", verbose_name=_("document")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    note = PlainLine(_("what changed"), max_length=ONE_SUMMARY, blank=True)
    file = models.FileField(upload_to="documents/%Y/%m/", editable=False)
    name = PlainLine(_("name of the file"), max_length=200)
    bytes = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    digest = models.BinaryField(max_length=32, editable=False)
    pages = models.PositiveIntegerField(_("pages"), null=True, editable=False)
    extraction = models.CharField(
        _("text"), max_length=8, choices=Extraction.choices, default=Extraction.WAITING, editable=False
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("version")
        verbose_name_plural = _("versions")
        ordering = ("document", "-number")
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("document", "number"),
                name="documentversion_number_once",
                violation_error_message=_("This document has a version with this number already."),
            ),
            value_is_known("extraction", Extraction.values, "documentversion_extraction"),
        )

    def __str__(self) -> str:
        return f"{self.name} · {self.number}"


class DocumentPage(models.Model):
    """The text of one page of a file, for search and for reading without a viewer."""

    version = models.ForeignKey(
        DocumentVersion, on_delete=models.CASCADE, related_name="texts", verbose_name=_("version")
    )
    number = models.PositiveIntegerField(_("page"))
    text = PlainText(_("text"))

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        ordering = ("version", "number")
        default_permissions = ()
        constraints: ClassVar = (
            models.UniqueConstraint(
                fields=("version", "number"),
                name="documentpage_once",
                violation_error_message=_("This page was read already."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} · {self.number}"


class RemovedRecord(models.Model):
    """What was public and is deleted, so that OParl can tell others (`deleted: true`) and its address answers 410."""

    id = models.UUIDField(primary_key=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20)
    """The model's name in lower case: `body`, `session`, `agendaitem`, `document`, …

    `location` with the id of the event or plan that had a place.
    """
    owner = models.UUIDField(_("owner"), null=True, editable=False)
    """Of sessions: the id of their body, in whose list of meetings they are called deleted."""
    created_at = models.DateTimeField(_("created"))
    removed_at = models.DateTimeField(_("removed"), default=timezone.now)

    class Meta:
        verbose_name = _("removed record")
        verbose_name_plural = _("removed records")
        ordering = ("removed_at", "pk")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.kind} · {self.id}"
