"""Campaigns with their categories and members; categories with their questions."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin, ModelForm, StackedInline, TabularInline
from accounts.models import Membership, Role
from audit.recording import Action, record
from mapping import rules
from mapping.admin.recorded import NotedMixin, acting
from mapping.admin.widgets import MapFieldsMixin
from mapping.models import Campaign, Category, Contribution, Question
from mapping.models.campaign import CampaignQuerySet, PlaceType
from mapping.wording import in_words_end

if TYPE_CHECKING:
    _Base = ModelAdmin[Any]
else:
    _Base = object


class CategoryForm(ModelForm[Category]):
    """A category form with checkboxes for geometry types."""

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
            "smallest_zoom",
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
    return Campaign.objects.for_member(acting(request), Role.MANAGER)


def _may_manage(request: HttpRequest, campaign: Campaign | None) -> bool:
    return campaign is None or rules.may_manage(request.user, campaign)


class ManagedMixin(_Base):
    """Rows of the campaigns that the user manages. Only the role counts, not Django's permissions; others see none."""

    campaign_path: ClassVar[str] = "campaign"
    """The lookup from a row to its campaign."""

    def campaign_of(self, row: Any) -> Campaign:
        """The campaign of a row."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the campaigns that the user manages; superusers manage all."""
        return super().get_queryset(request).filter(**{f"{self.campaign_path}__in": _managed(request)})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """One row; those of other campaigns are treated like rows that do not exist."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the model is listed at all."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `has_change_permission`."""
        return self.has_change_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Users who manage a campaign; the form offers no other one."""
        return rules.manages_a_campaign(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of the row's campaign; the list is for users who manage any."""
        if obj is None:
            return rules.manages_a_campaign(request.user)
        return _may_manage(request, self.campaign_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `has_change_permission`."""
        return self.has_change_permission(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **more: Any) -> Any:
        """Limit choices to the user's own campaigns and categories, also against forged requests."""
        field = super().formfield_for_foreignkey(db_field, request, **more)
        way = {"campaign": "pk__in", "category": "campaign__in"}.get(db_field.name)
        if field is not None and field.queryset is not None and way is not None:
            field.queryset = field.queryset.filter(**{way: _managed(request)})
        return field


class ManagedInlineMixin:
    """Rows below a campaign or category: its managers change them."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of the campaign; the creator of a new one is its manager."""
        return _may_manage(request, obj.campaign if isinstance(obj, Category) else obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `has_view_permission`."""
        return self.has_view_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See `has_view_permission`."""
        return self.has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Managers of the campaign; Django's own check of protected rows keeps a category in use."""
        return self.has_view_permission(request, obj)


class CategoryInline(ManagedInlineMixin, StackedInline[Category, Campaign]):
    """The categories of a campaign; their questions have a page each."""

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
        ("takes_contributions", "text_required", "smallest_zoom"),
    )


class MembershipInline(TabularInline[Membership, Campaign]):
    """The memberships of a campaign."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)

    def has_add_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Roles are given by managers of the campaign; the creator of a new one is its manager."""
        return super().has_add_permission(request, obj) and _may_manage(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """See `has_add_permission`."""
        return super().has_change_permission(request, obj) and _may_manage(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """See `has_add_permission`."""
        return super().has_delete_permission(request, obj) and _may_manage(request, obj)


class QuestionInline(ManagedInlineMixin, StackedInline[Question, Category]):
    """The questions of a category; deleted on their own page (see `QuestionAdmin.delete_view`)."""

    model = Question
    form = QuestionForm
    extra = 0
    can_delete = False
    show_change_link = True
    prepopulated_fields = {"slug": ("title",)}
    fields = (("title", "slug"), ("kind", "required", "position"), "help_text", "options")


@admin.register(Campaign)
class CampaignAdmin(ManagedMixin, NotedMixin, MapFieldsMixin, ModelAdmin[Campaign]):
    """Administration of a campaign without its contributions. Creation and deletion need Django's permission too."""

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
        (
            _("What the public sees"),
            {"fields": ("publication", "k", "moderation", "release_rhythm", "open_to")},
        ),
        (
            _("What people may do"),
            {"fields": (("allows_comments", "allows_photos"), ("allows_support", "allows_opposition"))},
        ),
        (_("Place"), {"fields": ("area", "district_layer", "attribution")}),
        (_("Who"), {"fields": ("organiser", "contact")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Campaign | None = None) -> Any:
        """Show the districts read-only without Django's permission: managers of a layer's campaigns may write it."""
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
        """The campaign's district layer."""
        return str(campaign.district_layer or "–")

    @admin.display(description=_("closes"), ordering="closes_at")
    def ends(self, campaign: Campaign) -> str:
        """The last whole day, or the exact time if it ends during a day."""
        return "–" if campaign.closes_at is None else in_words_end(campaign.closes_at)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Explain beside the end that it is excluded."""
        if db_field.name == "closes_at":
            kwargs["help_text"] = _(
                "The end does not belong to the period. So that the 31st is the last day, choose the 1st, 0:00."
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """Without areas and long texts, which the list does not need."""
        found = super().get_queryset(request)
        return (
            found
            if request.resolver_match is None or "object_id" in request.resolver_match.kwargs
            else found.defer("area")
        )

    def campaign_of(self, row: Campaign) -> Campaign:
        """The campaign itself."""
        return row

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Make the creator a manager; superusers are managers anyway."""
        super().save_related(request, form, formsets, change)
        if not change and not acting(request).is_superuser:
            maker, made, role = acting(request), form.instance, Role.MANAGER
            if Membership.objects.get_or_create(user=maker, campaign=made, role=role)[1]:
                given = Action.MEMBERSHIP_GIVEN
                record(maker, given, campaign=made, target=maker, member=maker.pk, role=role.value)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Requires Django's permission: a role in one campaign does not allow creating others."""
        return request.user.has_perm("mapping.add_campaign")

    def has_change_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """Managers; the empty list is also for users who may create the first campaign."""
        return super().has_change_permission(request, obj) or (
            obj is None and self.has_add_permission(request)
        )

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """A campaign with contributions or responses is not deleted by a click; they are withdrawn first."""
        allowed = request.user.has_perm("mapping.delete_campaign") and super().has_delete_permission(
            request, obj
        )
        return allowed and (obj is None or not (obj.contributions.exists() or obj.responses.exists()))

    def view_on_site(self, obj: Campaign) -> str:
        """Link directly to the page: Django's redirect by a row's number is for staff only."""
        return obj.get_absolute_url()

    @admin.display(description=_("status"))
    def status_now(self, campaign: Campaign) -> str:
        """The state of the campaign's period."""
        return str(campaign.status.label)

    @admin.display(description=_("pages"))
    def pages(self, campaign: Campaign) -> str:
        """Links to the planners' pages."""
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
        """The campaign of the category."""
        return row.campaign

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        """A category in use cannot be deleted: its contributions would be left without one."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.contributions.exists())


@admin.register(Question)
class QuestionAdmin(ManagedMixin, ModelAdmin[Question]):
    """All questions, for searching; usually changed at their category."""

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
        """A question that was answered is removed on the planners' page: there its answers are kept or deleted."""
        question: Question = self.get_object(request, object_id)
        category = question.category
        assert category is not None  # noqa: S101 - for the type checker: `get_queryset` has no other ones
        if Contribution.objects.with_answer_to(question).exists():
            names = (category.campaign.slug, category.slug, question.slug)
            return redirect("planning:setup-category-question-remove", *names)
        return super().delete_view(request, object_id, extra_context)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """No bulk deletion: it would not decide about the answers."""
        actions = dict(super().get_actions(request))
        actions.pop("delete_selected", None)
        return actions

    def campaign_of(self, row: Question) -> Campaign:
        """The campaign of the question."""
        campaign = row.campaign if row.category is None else row.category.campaign
        assert campaign is not None  # noqa: S101 - a constraint of the table: a question belongs to one of both
        return campaign

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Questions of surveys are written on the planners' pages."""
        return super().get_queryset(request).filter(category__isnull=False)

    @admin.display(description=_("campaign"), ordering="category__campaign")
    def campaign(self, question: Question) -> str:
        """The campaign of the question."""
        return str(self.campaign_of(question))
