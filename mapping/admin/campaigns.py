"""Campaigns with their categories and members; categories with their questions."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.generics import ModelAdmin, ModelForm, StackedInline, TabularInline
from accounts.models import Membership
from mapping.admin.widgets import MapFieldsMixin
from mapping.models import Campaign, Category, Question, QuestionKind
from mapping.models.campaign import PlaceType

_CHOICES = {QuestionKind.SINGLE_CHOICE.value, QuestionKind.MULTIPLE_CHOICE.value}


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

    def clean(self) -> dict[str, Any]:
        """Choices need something to choose from."""
        cleaned = super().clean() or self.cleaned_data
        options = cleaned.get("options")
        if cleaned.get("kind") in _CHOICES and not _has_choices(options):
            problem = _('Please list the choices: {"choices": [{"value": "a", "title": "A"}, ...]}.')
            self.add_error("options", ValidationError(problem, code="choices_missing"))
        return cleaned


def _has_choices(options: object) -> bool:
    if not isinstance(options, dict) or not isinstance(options.get("choices"), list):
        return False
    choices = options["choices"]
    return bool(choices) and all(
        isinstance(one, dict) and {"value", "title"} <= one.keys() for one in choices
    )


class CategoryInline(StackedInline[Category, Campaign]):
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


class QuestionInline(StackedInline[Question, Category]):
    """The questions of a category."""

    model = Question
    form = QuestionForm
    extra = 0
    prepopulated_fields = {"slug": ("title",)}
    fields = (("title", "slug"), ("kind", "required", "position"), "help_text", "options")


@admin.register(Campaign)
class CampaignAdmin(MapFieldsMixin, ModelAdmin[Campaign]):
    """Everything of a campaign but its contributions."""

    list_display = (
        "title",
        "status_now",
        "opens_at",
        "closes_at",
        "publication",
        "moderation",
        "is_draft",
        "pages",
    )
    list_filter = ("is_draft", "publication", "moderation")
    search_fields = ("title", "slug", "summary", "organiser")
    prepopulated_fields = {"slug": ("title",)}
    autocomplete_fields = ("district_layer",)
    inlines = (CategoryInline, MembershipInline)
    actions = None
    fieldsets = (
        (None, {"fields": (("title", "slug"), "summary", "description", "outcome", "is_draft")}),
        (_("Period"), {"fields": (("opens_at", "closes_at"),)}),
        (_("What the public sees"), {"fields": ("publication", "k", "moderation")}),
        (
            _("What people may do"),
            {"fields": (("allows_comments", "allows_photos"), ("allows_support", "allows_opposition"))},
        ),
        (_("Place"), {"fields": ("area", "district_layer", "attribution")}),
        (_("Who"), {"fields": ("organiser", "contact")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        """The list needs neither areas nor long texts."""
        found = super().get_queryset(request)
        return (
            found
            if request.resolver_match is None or "object_id" in request.resolver_match.kwargs
            else found.defer("area")
        )

    def has_delete_permission(self, request: HttpRequest, obj: Campaign | None = None) -> bool:
        """A campaign with contributions is not deleted by a click; people's contributions are withdrawn first."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.contributions.exists())

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
class CategoryAdmin(ModelAdmin[Category]):
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
    list_filter = ("campaign",)
    list_select_related = ("campaign",)
    search_fields = ("title", "slug", "campaign__title")
    autocomplete_fields = ("campaign",)
    prepopulated_fields = {"slug": ("title",)}
    inlines = (QuestionInline,)
    actions = None

    def has_delete_permission(self, request: HttpRequest, obj: Category | None = None) -> bool:
        """A category that is in use stays: its contributions would be left without one."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or not obj.contributions.exists())


@admin.register(Question)
class QuestionAdmin(ModelAdmin[Question]):
    """All questions, to search in; they are usually changed at their category."""

    form = QuestionForm
    list_display = ("title", "kind", "required", "category", "campaign", "position")
    list_filter = ("kind", "category__campaign")
    list_select_related = ("category__campaign",)
    search_fields = ("title", "slug", "category__title", "category__campaign__title")
    autocomplete_fields = ("category",)
    prepopulated_fields = {"slug": ("title",)}

    @admin.display(description=_("campaign"), ordering="category__campaign")
    def campaign(self, question: Question) -> str:
        """The campaign in which the question is asked."""
        return str(question.category.campaign)
