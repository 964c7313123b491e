"""Campaigns with their categories and members; categories with their questions."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.generics import ModelAdmin, ModelForm, StackedInline, TabularInline
from accounts.models import Membership, Role
from mapping import rules
from mapping.admin.recorded import acting
from mapping.admin.widgets import MapFieldsMixin
from mapping.models import Campaign, Category, Contribution, Question
from mapping.models.campaign import CampaignQuerySet, PlaceType
from mapping.wording import in_words_end

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class CategoryForm(ModelForm[Category]):
    """A category whose places are ticked."""

    geometry_types = forms.MultipleChoiceField(
        label=_("Places"), choices=PlaceType.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Category
        fields = (
            "campaign",
            "title",
            "slug",
            "description",
            "geometry_types",
            "marker",
            "colour",
            "position",
            "takes_contributions",
            "text_required",
        )


class QuestionForm(ModelForm[Question]):
    """A question whose options fit its kind."""

    class Meta:
        model = Question
        fields = ("category", "title", "slug", "help_text", "kind", "required", "options", "position")
        help_texts = {
            "options": _(
                'Choices: {"choices": [{"value": "a", "title": "A"}]}. Scale: {"minimum": 1, "maximum": 5,'
                ' "minimum_title": "safe", "maximum_title": "unsafe"}. Number: {"minimum": 0, "unit": "min"}.'
            )
        }
        widgets = {"options": forms.Textarea(attrs={"rows": 3, "cols": 60, "spellcheck": "false"})}


def _managed(request: HttpRequest) -> CampaignQuerySet:
    return CampaignQuerySet(Campaign).for_member(acting(request), Role.MANAGER)


def _may_manage(request: HttpRequest, campaign: Campaign | None) -> bool:
    return campaign is None or rules.may_manage(request.user, campaign)


class ManagedMixin(_Base):
    """Rows of the campaigns that one manages. The role alone decides, not Django's rights; nobody else sees a row."""

    campaign_path: ClassVar[str] = "campaign"
    """The way from a row to its campaign."""

    def campaign_of(self, row: Any) -> Campaign:
        """The campaign of a row."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Of the campaigns that one manages; superusers manage all."""
        return super().get_queryset(request).filter(**{f"{self.campaign_path}__in": _managed(request)})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row; those of other campaigns are answered like rows that do not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model is listed at all."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same as to change."""
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever manages a campaign; the form offers no other one."""
        return rules.manages_a_campaign(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The managers of the row's campaign; the list is for everybody who manages one."""
        if obj is None:
            return rules.manages_a_campaign(request.user)
        return _may_manage(request, self.campaign_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """The form takes no campaign and no category of somebody else's, whatever is sent."""
        field = super().formfield_for_foreignkey(db_field, request, **more)
        way = {"campaign": "pk__in", "category": "campaign__in"}.get(db_field.name)
        if field is not None and field.queryset is not None and way is not None:
            field.queryset = field.queryset.filter(**{way: _managed(request)})
        return field


class ManagedInlineMixin:
    """Rows below a campaign or category: its managers change them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The managers of the campaign; who makes a new one is its manager."""
        return _may_manage(request, obj.campaign if isinstance(obj, Category) else obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return self.has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same."""
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The same; a category in use is kept by Django's own check of protected rows."""
        return self.has_view_permission(request, obj)


class CategoryInline(ManagedInlineMixin, StackedInline[Category, Campaign]):
    """The categories of a campaign; their questions have an own page each."""

    model = Category
    form = CategoryForm
    extra = 0
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}
    fields = (
        ("title", "slug"),
        "description",
        "geometry_types",
        ("marker", "colour", "position"),
        ("takes_contributions", "text_required"),
    )


class MembershipInline(TabularInline[Membership, Campaign]):
    """Who works on a campaign."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)

    def has_add_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Roles are given by managers of the campaign; who makes a new one is its manager."""
        return super().has_add_permission(request, obj) and _may_manage(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """The same."""
        return super().has_change_permission(request, obj) and _may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """The same."""
        return super().has_delete_permission(request, obj) and _may_manage(request, obj)


class QuestionInline(ManagedInlineMixin, StackedInline[Question, Category]):
    """The questions of a category; they are deleted on their own page, which says how many answers go out of sight."""

    model = Question
    form = QuestionForm
    extra = 0
    can_delete = False
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}
    fields = (("title", "slug"), ("kind", "required", "position"), "help_text", "options")


@admin.register(Campaign)
class CampaignAdmin(ManagedMixin, MapFieldsMixin, ModelAdmin[Campaign]):
    """Everything of a campaign but its contributions. To make or delete one takes Django's right as well."""

    campaign_path = "pk"
    list_display = (
        "title",
        "status_now",
        "opens_at",
        "ends",
        "publication",
        "moderation",
        "is_draft",
        "pages",
    )
    list_filter = ("is_draft", "publication", "moderation")
    search_fields = ("title", "slug", "summary", "organiser")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("district_layer",)
    readonly_fields = ("districts",)
    inlines = (CategoryInline, MembershipInline)
    actions = None
    fieldsets = (
        (None, {"fields": (("title", "slug"), "summary", "description", "outcome", "is_draft")}),
        (_("Period"), {"fields": (("opens_at", "closes_at"),)}),
        (_("What the public sees"), {"fields": ("publication", "k", "moderation", "release_rhythm")}),
        (
            _("What people may do"),
            {"fields": (("allows_comments", "allows_photos"), ("allows_support", "allows_opposition"))},
        ),
        (_("Place"), {"fields": ("area", "district_layer", "attribution")}),
        (_("Who"), {"fields": ("organiser", "contact")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        """Show the districts fixed without Django's right to them: managers of a layer's campaigns may write it."""
        fieldsets = super().get_fieldsets(request, obj)
        if request.user.has_perm("mapping.view_districtlayer"):
            return fieldsets
        return [
            (
                title,
                {"fields": ["districts" if one == "district_layer" else one for one in options["fields"]]},
            )
            for title, options in fieldsets
        ]

    @admin.display(description=_("districts"))
    def districts(self, campaign: Campaign) -> str:
        """The layer by which the campaign counts."""
        return str(campaign.district_layer or "–")

    @admin.display(description=_("closes"), ordering="closes_at")
    def ends(self, campaign: Campaign) -> str:
        """The last whole day, or the very moment where it ends in the course of a day."""
        return "–" if campaign.closes_at is None else in_words_end(campaign.closes_at)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Say beside the end that it no longer belongs to the period."""
        if db_field.name == "closes_at":
            kwargs["help_text"] = _(
                "The end does not belong to the period. So that the 31st is the last day, choose the 1st, 0:00."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """The list needs neither areas nor long texts."""
        found = super().get_queryset(request)
        return (
            found
            if request.resolver_match is None or "object_id" in request.resolver_match.kwargs
            else found.defer("area")
        )

    def campaign_of(self, row: Campaign) -> Campaign:
        """Itself."""
        return row

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Who makes a campaign manages it; superusers do so anyway."""
        super().save_related(request, form, formsets, change)
        if not change and not acting(request).is_superuser:
            Membership.objects.get_or_create(user=acting(request), campaign=form.instance, role=Role.MANAGER)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Django's right: a role in one campaign is none to make others."""
        return request.user.has_perm("mapping.add_campaign")

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Managers; the empty list is also for those who may make the first campaign."""
        return super().has_change_permission(request, obj) or (
            obj is None and self.has_add_permission(request)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """A campaign with contributions is not deleted by a click; people's contributions are withdrawn first."""
        allowed = request.user.has_perm("mapping.delete_campaign") and super().has_delete_permission(
            request, obj
        )
        return allowed and (obj is None or not obj.contributions.exists())

    def view_on_site(self, obj: Campaign) -> str:
        """Straight to the page: Django's detour over the number of a row is for staff only."""
        return obj.get_absolute_url()

    @admin.display(description=_("status"))
    def status_now(self, campaign: Campaign) -> str:
        """Where the campaign stands in its period."""
        return str(campaign.status.label)

    @admin.display(description=_("pages"))
    def pages(self, campaign: Campaign) -> str:
        """Ways to the planners' pages."""
        ways = ((_("Review"), "planning:queue"), (_("Heat map"), "planning:heatmap"))
        return format_html(
            '<a href="{}">{}</a> · <a href="{}">{}</a>',
            *(part for title, name in ways for part in (reverse(name, args=(campaign.slug,)), title)),
        )


@admin.register(Category)
class CategoryAdmin(ManagedMixin, ModelAdmin[Category]):
    """A category with its questions."""

    form = CategoryForm
    list_display = (
        "title",
        "campaign",
        "geometry_types",
        "marker",
        "colour",
        "takes_contributions",
        "position",
    )
    list_filter = (("campaign", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("campaign",)
    search_fields = ("title", "slug", "campaign__title")
    autocomplete_fields = ("campaign",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (QuestionInline,)
    actions = None

    def campaign_of(self, row: Category) -> Campaign:
        """In which it is asked for."""
        return row.campaign

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        """A category that is in use stays: its contributions would be left without one."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.contributions.exists())


@admin.register(Question)
class QuestionAdmin(ManagedMixin, ModelAdmin[Question]):
    """All questions, to search in; they are usually changed at their category."""

    campaign_path = "category__campaign"
    form = QuestionForm
    list_display = ("title", "kind", "required", "category", "campaign", "position")
    list_filter = ("kind", ("category__campaign", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("category__campaign",)
    search_fields = ("title", "slug", "category__title", "category__campaign__title")
    autocomplete_fields = ("category",)
    prepopulated_fields = {"slug": ("title",)}

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say before anybody confirms how many answers are no longer shown then."""
        question = self.get_object(request, object_id)
        number = Contribution.objects.with_answer_to(question).count()
        if number and request.method == "GET":
            words = ngettext(
                "%(number)s answer to this question is neither shown nor delivered any more once it is deleted.",
                "%(number)s answers to this question are neither shown nor delivered any more once it is deleted.",
                number,
            )
            self.message_user(request, words % {"number": number}, messages.WARNING)
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No deletion of many at once: its page could not say what happens to the answers of each."""
        actions = dict(super().get_actions(request))
        actions.pop("delete_selected", None)
        return actions

    def campaign_of(self, row: Question) -> Campaign:
        """In which it is asked."""
        return row.category.campaign

    @admin.display(description=_("campaign"), ordering="category__campaign")
    def campaign(self, question: Question) -> str:
        """The campaign in which the question is asked."""
        return str(question.category.campaign)
