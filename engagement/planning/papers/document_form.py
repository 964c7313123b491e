"""The form of a document: facts, what it belongs to, the text or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from engagement import rules
from engagement.models import AgendaItem, Body, Document, DocumentKind, Event, Plan, Session, Topic
from engagement.models.common import ONE_SUMMARY
from engagement.services.documents.editing import HOLDERS, LONGEST
from mapping.languages import OFFERED, ORIGINAL
from mapping.models import Campaign
from mapping.planning.setup.fields import SetupForm, StepForm, day_input, formatted_text

_FACTS = ("title", "summary", "kind", "topic", "dated", "reference", "licence", "author", "language", "text")


class _SessionChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Session) -> str:
        return f"{obj.body.name} · {obj.event.title}"


class DocumentForm(StepForm):
    """Facts and text of a document."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST["title"])
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    dated = forms.DateField(
        label=_("Date"),
        help_text=_("Of the document itself, for example of the session."),
        widget=day_input(),
    )
    topic = forms.ChoiceField(label=_("Topic"), choices=Topic.choices, initial=Topic.PARTICIPATION)
    summary = forms.CharField(
        label=_("Summary"),
        help_text=_("One or two sentences, in lists and for search."),
        max_length=LONGEST["summary"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    body = forms.ModelChoiceField(
        Body.objects.none(), label=_("Body"), required=False, empty_label=_("not assigned")
    )
    session = _SessionChoice(
        Session.objects.none(), label=_("Session"), required=False, empty_label=_("not assigned")
    )
    agenda_item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label=_("Agenda item"), required=False, empty_label=_("not assigned")
    )
    event = forms.ModelChoiceField(
        Event.objects.none(), label=_("Event"), required=False, empty_label=_("not assigned")
    )
    plan = forms.ModelChoiceField(
        Plan.objects.none(), label=_("Plan of the city"), required=False, empty_label=_("not assigned")
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(),
        label=_("Participation on this site"),
        required=False,
        empty_label=_("not assigned"),
    )
    text = formatted_text(
        _("Text, if the document is written here"),
        LONGEST["text"],
        14,
        _(
            "People read it as a page and as PDF. Headings with #, lists with -, **bold**, *italics*, "
            "[words](https://address) for links; a blank line begins a paragraph."
        ),
    )
    reference = forms.CharField(label=_("Reference number"), max_length=LONGEST["reference"], required=False)
    author = forms.CharField(
        label=_("Author"),
        help_text=_("A department or an office, public."),
        max_length=LONGEST["author"],
        required=False,
    )
    licence = forms.CharField(
        label=_("Licence"),
        help_text=_("For example: Datenlizenz Deutschland, attribution 2.0."),
        max_length=LONGEST["licence"],
        required=False,
    )
    language = forms.ChoiceField(
        label=_("Language of its texts"),
        choices=[(one.tag, one.name) for one in OFFERED],
        initial=ORIGINAL,
    )

    def offer(
        self, user: User, campaigns: Sequence[Campaign], document: Document | None, given: dict[str, Any]
    ) -> None:
        """Offer what the document may belong to: managers write for their campaigns only."""
        self._offer("campaign", Campaign.objects.defer("area").filter(pk__in=[one.pk for one in campaigns]))
        if not rules.may_edit_records(user):
            for name in HOLDERS:
                if name != "campaign":
                    del self.fields[name]
            self.fields["campaign"].required = True
            return
        self._offer("body", Body.objects.order_by("name", "slug"))
        sessions = Session.objects.select_related("body", "event").order_by("body", "-number", "pk")
        self._offer("session", sessions)
        self._offer("plan", Plan.objects.defer("place").order_by("title", "pk"))
        session = given.get("session") or (document.session_id if document is not None else None)
        self._offer_or_drop(
            "agenda_item", AgendaItem.objects.filter(session=session).order_by("position", "pk")
        )
        event = given.get("event") or (document.event_id if document is not None else None)
        self._offer_or_drop("event", Event.objects.filter(pk__in=[event] if event else []))

    def values(self) -> dict[str, object]:
        """The columns; call it after `is_valid()`."""
        names = (*_FACTS, *HOLDERS)
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def _offer(self, name: str, rows: QuerySet[Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - for the type checker
        field.queryset = rows

    def _offer_or_drop(self, name: str, rows: QuerySet[Any]) -> None:
        """Leave out a choice that has nothing to choose from."""
        if rows.exists():
            self._offer(name, rows)
        else:
            del self.fields[name]


class FileForm(SetupForm):
    """A file of a document."""

    file = forms.FileField(
        label=_("PDF"),
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        allow_empty_file=True,
    )
    note = forms.CharField(
        label=_("What changed"),
        help_text=_("For people who know an earlier version."),
        max_length=ONE_SUMMARY,
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].help_text = _(
            "At most %(megabytes)s MB and %(pages)s pages. Scripts, attachments and the author's name are removed."
        ) % {"megabytes": settings.DOCUMENT_MEGABYTES, "pages": settings.DOCUMENT_PAGES}


def initial_of(document: Document) -> dict[str, Any]:
    """The form of a stored document."""
    return {name: getattr(document, name) for name in (*_FACTS, *HOLDERS)}
