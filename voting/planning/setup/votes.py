"""The list of categories with their votes, the form of a vote's rule, and its removal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mapping.models import Campaign, Category
from mapping.planning.access import member, planners_only
from mapping.planning.moderation.decisions import sentences
from mapping.planning.setup.fields import Described, SetupForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from voting.models import Method, Rule, Shown, Vote
from voting.models.vote import MOST_COST, MOST_POINTS
from voting.rules import may_edit_votes
from voting.services.setup.votes import (
    LOCKED,
    LONGEST_EXPLANATION,
    MOST_CHOICES,
    STEP,
    CountedVote,
    VoteDraft,
    draft_of,
    remove_vote,
    set_vote,
    votes_of,
)

_RULES: Final = (
    (
        Rule.UP_TO,
        Described(
            Rule.UP_TO.label,
            gettext_lazy(
                "Each person chooses up to a number that you set, for example: Which events should there be in the "
                "centre?"
            ),
        ),
    ),
    (
        Rule.ONE_OF,
        Described(
            Rule.ONE_OF.label,
            gettext_lazy(
                "Each person chooses one, for example: Which of these designs should the square have?"
            ),
        ),
    ),
    (
        Rule.FOR_AGAINST,
        Described(
            Rule.FOR_AGAINST.label,
            gettext_lazy(
                "Each person may say yes or no to every proposal, for example: Should these become bike streets?"
            ),
        ),
    ),
    (
        Rule.POINTS,
        Described(
            Rule.POINTS.label,
            gettext_lazy("Each person has some points and gives more of them to what matters more to them."),
        ),
    ),
    (
        Rule.BUDGET,
        Described(
            Rule.BUDGET.label,
            gettext_lazy(
                "Proposals have costs. What a person chooses must fit the sum, for example in a citizens' budget."
            ),
        ),
    ),
    (
        Rule.APPROVAL,
        Described(
            Rule.APPROVAL.label,
            gettext_lazy(
                "Proposals have costs. Each person chooses as many as they like; what the sum pays for is computed."
            ),
        ),
    ),
    (
        Rule.RANKING,
        Described(
            Rule.RANKING.label,
            gettext_lazy(
                "Each person puts proposals in an order, the best first, for example: names for a school."
            ),
        ),
    ),
)
_METHODS: Final = (
    (
        Method.EQUAL_SHARES,
        Described(
            Method.EQUAL_SHARES.label,
            gettext_lazy(
                "Each ballot stands for an equal share of the sum. A proposal is paid for by the shares of those who "
                "chose it."
            ),
        ),
    ),
    (
        Method.GREEDY,
        Described(
            Method.GREEDY.label,
            gettext_lazy(
                "The proposals with most votes are paid for, one after another, while the sum lasts."
            ),
        ),
    ),
)
_SHOWN: Final = (
    (
        Shown.AFTER_END,
        Described(Shown.AFTER_END.label, gettext_lazy("Nobody is influenced by what others chose.")),
    ),
    (Shown.LIVE, Described(Shown.LIVE.label, gettext_lazy("Everyone sees during the vote who is ahead."))),
    (
        Shown.STAFF,
        Described(Shown.STAFF.label, gettext_lazy("You publish the outcome in words of your own.")),
    ),
)


class VoteForm(SetupForm):
    """The rule of a vote; the service checks what it holds."""

    rule = forms.ChoiceField(
        label=gettext_lazy("How do people choose?"), choices=_RULES, widget=forms.RadioSelect
    )
    most_choices = forms.IntegerField(
        label=gettext_lazy("Most proposals on a ballot"),
        help_text=gettext_lazy("People may choose fewer. Empty for orders of all proposals."),
        required=False,
        min_value=1,
        max_value=MOST_CHOICES,
    )
    points = forms.IntegerField(
        label=gettext_lazy("Points of each person"), required=False, min_value=1, max_value=MOST_POINTS
    )
    most_points = forms.IntegerField(
        label=gettext_lazy("Most points for one proposal"), required=False, min_value=1, max_value=MOST_POINTS
    )
    budget = forms.IntegerField(
        label=gettext_lazy("Sum of money in euros"), required=False, min_value=1, max_value=MOST_COST
    )
    method = forms.ChoiceField(
        label=gettext_lazy("How is the sum spent?"), choices=_METHODS, widget=forms.RadioSelect
    )
    winners = forms.IntegerField(
        label=gettext_lazy("Number of winners"),
        help_text=gettext_lazy("Empty: the result is an order without a line below the winners."),
        required=False,
        min_value=1,
        max_value=MOST_CHOICES,
    )
    results = forms.ChoiceField(
        label=gettext_lazy("Who sees the results?"),
        help_text=gettext_lazy("You see them at any time. This can be changed while people vote."),
        choices=_SHOWN,
        widget=forms.RadioSelect,
    )
    needs_code = forms.BooleanField(
        label=gettext_lazy("Only with a printed voting code"),
        help_text=gettext_lazy(
            "Each code counts once. Without codes each browser counts once: easier for everyone, but easier to cheat."
        ),
        required=False,
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Stands above the ballot: what is decided, and what happens with the result."),
        max_length=LONGEST_EXPLANATION,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def lock(self) -> None:
        """Show what stays as it is once there is a ballot."""
        for name in LOCKED:
            self.fields[name].disabled = True

    def draft(self) -> VoteDraft:
        """What was typed; call it after `is_valid()`."""
        return VoteDraft(**self.cleaned_data)


@dataclass(frozen=True, slots=True)
class ShownCategory:
    """A category with its vote, if people vote in it."""

    category: Category
    vote: CountedVote | None


@require_safe
@planners_only(may_edit_votes)
def votes(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """The categories of the campaign, and how people vote in them."""
    by_category = {one.vote.category_id: one for one in votes_of(campaign)}
    shown = [
        ShownCategory(one, by_category.get(one.pk)) for one in campaign.categories.order_by("position", "pk")
    ]
    return render(
        request,
        "voting/setup/votes.html",
        {
            **setup_frame(request, campaign, STEP),
            "votes": [one for one in shown if one.vote is not None],
            "others": [one.category for one in shown if one.vote is None],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(may_edit_votes)
def vote(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """The form of the rule by which people vote in a category."""
    found = get_object_or_404(Category, campaign=campaign, slug=category)
    found.campaign = campaign
    stored = Vote.objects.filter(category=found).first()
    initial = vars(VoteDraft(rule=Rule.UP_TO, most_choices=3) if stored is None else draft_of(stored))
    form = VoteForm(request.POST if request.method == "POST" else None, initial=initial)
    is_locked = stored is not None and stored.ballots.exists()
    if is_locked:
        form.lock()
    if request.method == "POST" and form.is_valid():
        try:
            set_vote(found, form.draft(), actor=member(request))
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("“%(title)s” is saved.") % {"title": found.title})
            name = "options" if stored is None else "setup"
            args = (campaign.slug, found.slug) if stored is None else (campaign.slug,)
            return HttpResponseRedirect(reverse(f"voting-planning:{name}", args=args))
    return render(
        request,
        "voting/setup/vote.html",
        {
            **setup_frame(request, campaign, STEP),
            "category": found,
            "vote": stored,
            "is_locked": is_locked,
            "form": form,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@planners_only(may_edit_votes)
def remove(request: HttpRequest, campaign: Campaign, category: str) -> HttpResponse:
    """Have people vote in a category no more; refused once somebody has voted."""
    found = vote_called(campaign, category)
    try:
        remove_vote(found, actor=member(request))
    except DomainError as error:
        messages.error(request, sentences(error))
    else:
        title = {"title": found.category.title}
        messages.success(
            request, _("People do not vote on “%(title)s” any more. What you put up stays.") % title
        )
    return HttpResponseRedirect(reverse("voting-planning:setup", args=(campaign.slug,)))


def vote_called(campaign: Campaign, category: str) -> Vote:
    """The vote in a category of a campaign, else 404."""
    found = get_object_or_404(
        Vote.objects.select_related("category"), category__campaign=campaign, category__slug=category
    )
    found.category.campaign = campaign
    return found
