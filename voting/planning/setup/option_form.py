"""The form of an option: a place of the city with pictures and a cost."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from mapping.base_map import map_config
from mapping.forms.answering import uuid_of
from mapping.forms.files import largest_form_with_photos, takes_files
from mapping.forms.questions import FieldLook
from mapping.models import Campaign, Category
from mapping.models.campaign import PlaceType
from mapping.planning.access import file_door, log_exact_access, member, planners_only
from mapping.planning.setup.frame import setup_frame
from mapping.planning.setup.places import PlaceForm, drawn_as
from mapping.services.errors import DomainError
from voting.models import Option, Rule, Vote
from voting.models.vote import MOST_COST
from voting.planning.setup.options import list_address, option_called
from voting.planning.setup.votes import vote_called
from voting.rules import may_edit_votes
from voting.services.setup.options import LONGEST_REASON, change_option, put_up
from voting.services.setup.votes import STEP


class OptionForm(PlaceForm):
    """A place of the city with pictures, a cost where the rule has costs, and a reason once people have voted."""

    def __init__(
        self,
        vote: Vote,
        data: QueryDict | None = None,
        files: MultiValueDict[str, UploadedFile[bytes]] | None = None,
        *,
        option: Option | None = None,
    ) -> None:
        contribution = None if option is None else option.contribution
        super().__init__(_taking_all(vote.category), data, files, contribution=contribution, with_photos=True)
        self.photos = [] if contribution is None else list(contribution.photos.all())
        title = self.fields["title"]
        title.label, title.help_text = gettext_lazy("Title"), gettext_lazy("Stands on the ballot.")
        title.look = FieldLook("text", required=True)  # type: ignore[attr-defined]
        if Rule(vote.rule).has_costs:
            self._add("cost", self._cost_field(option), FieldLook("number", required=True))
        if option is not None and vote.ballots.exists():
            self._add("reason", self._reason_field(), FieldLook("text", required=False))

    def content_fields(self) -> list[BoundField]:
        """Title, cost, the rest, and the reason last."""
        title, *rest = super().content_fields()
        cost, reason = ([self[name]] if name in self.fields else [] for name in ("cost", "reason"))
        return [title, *cost, *rest, *reason]

    def cost(self) -> int | None:
        """The cost in whole euros; call it after `is_valid()`."""
        found: int | None = self.cleaned_data.get("cost")
        return found

    def reason(self) -> str:
        """Why something is changed; call it after `is_valid()`."""
        return self.cleaned_data.get("reason") or ""

    def photos_to_remove(self) -> list[UUID]:
        """The pictures that are marked."""
        chosen = self.data.getlist("remove_photo") if isinstance(self.data, QueryDict) else []
        return [one for one in map(uuid_of, chosen) if one is not None]

    def _add(self, name: str, field: forms.Field, look: FieldLook) -> None:
        field.look = look  # type: ignore[attr-defined]
        self.fields[name] = field

    @staticmethod
    def _cost_field(option: Option | None) -> forms.Field:
        return forms.IntegerField(
            label=gettext_lazy("Cost in euros"),
            required=False,
            min_value=1,
            max_value=MOST_COST,
            initial=None if option is None else option.cost,
        )

    @staticmethod
    def _reason_field() -> forms.Field:
        return forms.CharField(
            label=gettext_lazy("Why is something changed?"),
            help_text=gettext_lazy(
                "People have voted already. They read what changed and why; their ballots stay as they are."
            ),
            required=False,
            max_length=LONGEST_REASON,
        )


@takes_files(largest_form_with_photos, file_door(may_edit_votes))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def new_option(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The form of another option."""
    vote = vote_called(campaign, category)
    is_sent = request.method == "POST"
    form = OptionForm(vote, request.POST, request.FILES) if is_sent else OptionForm(vote)
    if is_sent and form.is_valid():
        try:
            option = put_up(vote, form.named(), form.cost(), actor=member(request))
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": option.contribution.title})
            if request.POST.get("do") == "another":
                return HttpResponseRedirect(request.path)
            return HttpResponseRedirect(list_address(vote, option))
    return _page(request, vote, None, form)


@takes_files(largest_form_with_photos, file_door(may_edit_votes))
@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def option(request: HttpRequest, campaign: Campaign, category: str, pk: UUID) -> HttpResponse:
    """The form of an option; once people have voted, they read what changed."""
    vote = vote_called(campaign, category)
    found = option_called(vote, pk)
    log_exact_access(request, campaign, "option")
    is_sent = request.method == "POST"
    form = (
        OptionForm(vote, request.POST, request.FILES, option=found)
        if is_sent
        else OptionForm(vote, option=found)
    )
    if is_sent and form.is_valid():
        try:
            stored = change_option(
                found,
                form.named(),
                form.cost(),
                actor=member(request),
                reason=form.reason(),
                photos_to_remove=form.photos_to_remove(),
            )
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": stored.contribution.title})
            return HttpResponseRedirect(list_address(vote, stored))
    return _page(request, vote, found, form)


def _taking_all(category: Category) -> Category:
    """The category as if it took every kind of place, and none: the service widens the stored one where needed."""
    found = copy.copy(category)
    found.geometry_types = [PlaceType.NONE.value, *(one for one in PlaceType.values if one != PlaceType.NONE)]
    return found


def _page(request: HttpRequest, vote: Vote, found: Option | None, form: OptionForm) -> HttpResponse:
    pictures: Sequence[Any] = form.photos
    return render(
        request,
        "voting/setup/option.html",
        {
            **setup_frame(request, vote.campaign, STEP),
            "vote": vote,
            "category": vote.category,
            "option": found,
            "pictures": pictures,
            "form": form,
            "geometry_type": drawn_as(form.category),
            "config": map_config(vote.campaign),
            "back": reverse("voting-planning:options", args=(vote.campaign.slug, vote.category.slug)),
        },
        status=422 if form.errors else 200,
    )
