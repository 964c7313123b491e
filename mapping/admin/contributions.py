"""Contributions, people and photos: read-only lists with search; actions call services."""

from collections import defaultdict
from contextlib import suppress
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin
from mapping import rules
from mapping.admin.readonly import ReadOnlyInline, ReadOnlyMixin
from mapping.admin.recorded import RecordedMixin, acting
from mapping.models import Campaign, Comment, Contribution, ModerationEvent, Participant, Photo, Reply
from mapping.services import erase
from mapping.services.errors import DomainError, Invalid
from mapping.services.messages import sentence
from mapping.services.moderation import moderate


class ReasonForm(ActionForm):
    """The bar of actions with a field for the reason."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=1000)


class PhotoInline(ReadOnlyInline):
    """The photos of a contribution."""

    model = Photo
    fields = ("picture", "width", "height", "position")
    readonly_fields = fields
    show_change_link = False

    @admin.display(description=_("photo"))
    def picture(self, photo: Photo) -> str:
        """A link to the file through the view that checks permissions."""
        return format_html('<a href="{}">{}</a>', reverse("photo", args=(photo.pk,)), str(photo))


class CommentInline(ReadOnlyInline):
    """The comments below a contribution."""

    model = Comment
    fields = ("text", "status", "created_at")
    readonly_fields = fields


class ReplyInline(ReadOnlyInline):
    """The city's replies."""

    model = Reply
    fields = ("text", "status", "author", "created_at")
    readonly_fields = fields


class ModerationEventInline(ReadOnlyInline):
    """Past decisions."""

    model = ModerationEvent
    fields = ("created_at", "from_status", "to_status", "actor", "reason")
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[ModerationEvent]:
        """With the people who decided."""
        found: QuerySet[ModerationEvent] = super().get_queryset(request).select_related("actor")
        return found


@admin.register(Contribution)
class ContributionAdmin(ReadOnlyMixin, RecordedMixin, ModelAdmin[Contribution]):
    """Contributions of all campaigns; the moderation queue is the place to work on them."""

    list_display = ("beginning", "campaign", "category", "status", "source", "created_at")
    list_filter = ("status", "source", ("campaign", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("campaign", "category")
    list_per_page = 50
    show_full_result_count = False
    ordering = (
        "-pk",
    )  # ids of UUIDv7 are time-ordered: straight from the primary key, newest first but for random ids
    search_fields = ("text", "external_id")
    search_help_text = _("Words of the text, the id in the source, or the id of a contribution")
    inlines = (PhotoInline, CommentInline, ReplyInline, ModerationEventInline)
    action_form = ReasonForm
    actions = ("publish", "reject", "withdraw")
    fields = (
        "id",
        "campaign",
        "category",
        "status",
        "source",
        "text",
        "answers_shown",
        "place",
        "participant",
        ("created_at", "updated_at"),
        ("support_count", "opposition_count", "comment_count"),
        ("external_id", "zoom"),
    )
    readonly_fields = ("answers_shown", "place")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contribution], search_term: str
    ) -> tuple[QuerySet[Contribution], bool]:
        """Look up ids directly, without a text search."""
        with suppress(ValueError):
            queryset, search_term = queryset.filter(pk=UUID(search_term.strip())), ""
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("text"))
    def beginning(self, contribution: Contribution) -> str:
        """The first words."""
        words = " ".join(contribution.text.split())
        return words[:80] + ("…" if len(words) > 80 else "") if words else str(contribution.id)

    @admin.display(description=_("answers"))
    def answers_shown(self, contribution: Contribution) -> str:
        """Answers, one per line."""
        return (
            format_html_join("", "<div><strong>{}</strong>: {}</div>", contribution.all_answers.items())
            or "–"
        )

    @admin.display(description=_("place"))
    def place(self, contribution: Contribution) -> str:
        """The place as text (EPSG:4326)."""
        return str(contribution.geom.wkt) if contribution.geom is not None else "–"

    @admin.action(description=_("Publish the selected contributions"), permissions=["view"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Contribution]) -> None:
        """Publish them, as far as this user moderates their campaigns."""
        self._decide(request, queryset, "publish")

    @admin.action(description=_("Reject the selected contributions (with a reason)"), permissions=["view"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Contribution]) -> None:
        """Reject them; the reason is entered in the bar of actions."""
        self._decide(request, queryset, "reject")

    @admin.action(
        description=_("Delete the selected contributions with everything in them"), permissions=["erase"]
    )
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Contribution]) -> HttpResponse | None:
        """Withdraw them as their authors could, after confirmation."""
        if "confirmed" not in request.POST:
            return confirmation(self, request, queryset, "withdraw", _("Delete contributions"))
        if not _may_erase(request, queryset):
            return None
        for contribution in queryset:
            erase.withdraw(contribution, actor=acting(request))
        tell(
            request,
            ngettext(
                "%(number)s contribution is deleted.", "%(number)s contributions are deleted.", len(queryset)
            ),
            len(queryset),
        )
        return None

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Users with Django's permission to delete contributions."""
        return request.user.has_perm("mapping.delete_contribution")

    def _decide(self, request: HttpRequest, queryset: QuerySet[Contribution], action: Any) -> None:
        by_campaign: dict[Campaign, list[UUID]] = defaultdict(list)
        for contribution in queryset:
            by_campaign[contribution.campaign].append(contribution.pk)
        done = skipped = 0
        for campaign, keys in by_campaign.items():
            try:
                result = moderate.bulk(
                    keys, campaign, action, acting(request), request.POST.get("reason", "")
                )
            except DomainError as error:
                messages.error(request, f"{campaign}: {in_words(error)}")
                continue
            done, skipped = done + result.done, skipped + result.skipped
        if done:
            tell(
                request,
                ngettext(
                    "%(number)s contribution was changed.", "%(number)s contributions were changed.", done
                ),
                done,
            )
        if skipped:
            tell(
                request,
                ngettext("%(number)s was left as it is.", "%(number)s were left as they are.", skipped),
                skipped,
                messages.WARNING,
            )


@admin.register(Participant)
class ParticipantAdmin(ReadOnlyMixin, RecordedMixin, ModelAdmin[Participant]):
    """Participants of one campaign, identified by a number only; for the erasure of a person's data."""

    list_display = ("__str__", "campaign", "created_at")
    list_filter = (("campaign", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("campaign",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)
    search_fields = ("pk",)
    search_help_text = _("The number of a participant")
    fields = ("campaign", "created_at", "numbers")
    readonly_fields = ("numbers",)
    actions = ("erase",)

    @admin.display(description=_("what they gave"))
    def numbers(self, participant: Participant) -> str:
        """Numbers of contributions, comments and supports."""
        counted = Participant.objects.filter(pk=participant.pk).aggregate(
            contributions=Count("contributions", distinct=True),
            comments=Count("comments", distinct=True),
            supports=Count("supports", distinct=True),
        )
        return (
            gettext("Contributions: %(contributions)s, comments: %(comments)s, support: %(supports)s")
            % counted
        )

    @admin.action(description=_("Erase the selected people with everything they gave"), permissions=["erase"])
    def erase(self, request: HttpRequest, queryset: QuerySet[Participant]) -> HttpResponse | None:
        """Erase all data of these people in their campaign, after confirmation."""
        if "confirmed" not in request.POST:
            return confirmation(self, request, queryset, "erase", _("Erase people"))
        if not _may_erase(request, queryset):
            return None
        for participant in queryset:
            erase.erase_participant(participant, actor=acting(request))
        tell(
            request,
            ngettext("%(number)s person is erased.", "%(number)s people are erased.", len(queryset)),
            len(queryset),
        )
        return None

    def has_erase_permission(self, request: HttpRequest) -> bool:
        """Users with Django's permission to delete participants."""
        return request.user.has_perm("mapping.delete_participant")


@admin.register(ModerationEvent)
class ModerationEventAdmin(ReadOnlyMixin, RecordedMixin, ModelAdmin[ModerationEvent]):
    """The record of all decisions."""

    campaign_paths = ("contribution__campaign", "comment__contribution__campaign")

    list_display = ("created_at", "what", "from_status", "to_status", "actor", "beginning")
    list_filter = ("to_status", ("contribution__campaign", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("actor", "contribution__category", "comment")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("reason", "actor__email")
    raw_id_fields = ("contribution", "comment")

    @admin.display(description=_("about"))
    def what(self, event: ModerationEvent) -> str:
        """A contribution or a comment."""
        return str(event.contribution or event.comment)

    @admin.display(description=_("reason"))
    def beginning(self, event: ModerationEvent) -> str:
        """The first words of the reason."""
        return event.reason[:80]


def _may_erase(request: HttpRequest, rows: QuerySet[Any]) -> bool:
    """Whether the user manages all campaigns of these rows; adds a message if not."""
    campaigns = Campaign.objects.filter(pk__in=rows.order_by().values("campaign"))
    if all(rules.may_erase(acting(request), campaign) for campaign in campaigns):
        return True
    messages.error(request, sentence("not_manager", {}))
    return False


def confirmation(
    model_admin: ModelAdmin[Any], request: HttpRequest, queryset: QuerySet[Any], action: str, title: Any
) -> TemplateResponse:
    """The confirmation page of permanent deletions."""
    context = {
        **model_admin.admin_site.each_context(request),
        "title": title,
        "opts": model_admin.opts,
        "action": action,
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "objects": list(queryset[:200]),
        "number": queryset.count(),
        "select_across": request.POST.get("select_across", "0"),
    }
    return TemplateResponse(request, "admin/confirm_erasure.html", context)


def in_words(error: DomainError) -> str:
    """The message of a service's error."""
    problems = (
        [problem for found in error.fields.values() for problem in found]
        if isinstance(error, Invalid)
        else [error.problem]
    )
    return " ".join(str(sentence(problem.code, problem.params)) for problem in problems)


def tell(request: HttpRequest, text: str, number: int, level: int = messages.SUCCESS) -> None:
    """Add a message with a number in it."""
    messages.add_message(request, level, text % {"number": number})
