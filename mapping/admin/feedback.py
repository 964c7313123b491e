"""Comments, support and replies."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.generics import ModelAdmin
from mapping import rules
from mapping.admin.contributions import in_words, tell
from mapping.admin.readonly import ReadOnlyMixin
from mapping.admin.recorded import RecordedMixin, acting
from mapping.models import Comment, Reply, Support
from mapping.services.errors import DomainError
from mapping.services.moderation import moderate

_OF_CAMPAIGN = ("contribution__campaign", admin.RelatedOnlyFieldListFilter)


@admin.register(Comment)
class CommentAdmin(ReadOnlyMixin, RecordedMixin, ModelAdmin[Comment]):
    """Comments of all campaigns, with actions to publish and reject."""

    campaign_paths = ("contribution__campaign",)
    list_display = ("__str__", "campaign", "status", "created_at")
    list_filter = ("status", _OF_CAMPAIGN)
    list_select_related = ("contribution__campaign",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-created_at", "-pk")
    search_fields = ("text",)
    fields = ("contribution", "text", "status", "participant", "created_at")
    actions = ("publish", "reject")

    @admin.display(description=_("campaign"))
    def campaign(self, comment: Comment) -> str:
        """The campaign of the comment's contribution."""
        return str(comment.contribution.campaign)

    @admin.action(description=_("Publish the selected comments"), permissions=["view"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Publish them."""
        self._decide(request, queryset, publish=True)

    @admin.action(description=_("Reject the selected comments"), permissions=["view"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Comment]) -> None:
        """Reject them."""
        self._decide(request, queryset, publish=False)

    def _decide(self, request: HttpRequest, queryset: QuerySet[Comment], *, publish: bool) -> None:
        done = 0
        for comment in queryset:
            try:
                if publish:
                    moderate.publish_comment(comment, acting(request))
                else:
                    moderate.reject_comment(comment, acting(request))
            except DomainError as error:
                messages.warning(request, f"{comment}: {in_words(error)}")
            else:
                done += 1
        if done:
            tell(
                request,
                ngettext("%(number)s comment was changed.", "%(number)s comments were changed.", done),
                done,
            )


@admin.register(Support)
class SupportAdmin(ReadOnlyMixin, RecordedMixin, ModelAdmin[Support]):
    """Support, without names; pages show the counters only."""

    campaign_paths = ("contribution__campaign",)
    list_display = ("contribution", "value", "campaign")
    list_filter = ("value", _OF_CAMPAIGN)
    list_select_related = ("contribution__campaign", "contribution__category")
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-pk",)

    @admin.display(description=_("campaign"))
    def campaign(self, support: Support) -> str:
        """The campaign of the contribution."""
        return str(support.contribution.campaign)


@admin.register(Reply)
class ReplyAdmin(RecordedMixin, ModelAdmin[Reply]):
    """The city's replies: texts can be corrected here, new ones are written in the moderation queue."""

    campaign_paths = ("contribution__campaign",)
    list_display = ("__str__", "status", "campaign", "author", "created_at")
    list_filter = ("status", _OF_CAMPAIGN)
    list_select_related = ("contribution__campaign", "author")
    list_per_page = 50
    show_full_result_count = False
    search_fields = ("text", "author__email")
    fields = ("contribution", "status", "text", "author", "created_at")
    readonly_fields = ("contribution", "author", "created_at")

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """New replies come through the service, which checks the role in the campaign."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Reply | None = None) -> bool:
        """Users who may reply may correct; the row's history shows who did."""
        return super().has_change_permission(request, obj) and _may_reply(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Reply | None = None) -> bool:
        """See `has_change_permission`."""
        return super().has_delete_permission(request, obj) and _may_reply(request, obj)

    @admin.display(description=_("campaign"))
    def campaign(self, reply: Reply) -> str:
        """The campaign of the contribution."""
        return str(reply.contribution.campaign)


def _may_reply(request: HttpRequest, reply: Reply | None) -> bool:
    return reply is None or rules.may_reply(acting(request), reply.contribution.campaign)
