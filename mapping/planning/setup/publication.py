"""The step of publication and protection: what citizens will see, in words."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from doors.providers.openid import citizens_provider
from mapping import rules
from mapping.links.origins import MOST, NotAnOrigin, origins_of
from mapping.models import Campaign, Moderation, OpenTo, Publication, ReleaseRhythm
from mapping.planning.access import member, planners_only
from mapping.planning.setup.fields import Described, StepForm
from mapping.planning.setup.frame import setup_frame
from mapping.services.errors import DomainError
from mapping.services.messages import sentence
from mapping.services.setup.changes import FIELDS, change, version_of

_PUBLICATION: Final = (
    (
        Publication.POINTS,
        Described(
            gettext_lazy("Every published contribution"),
            gettext_lazy("Everyone sees each place with its text. More protection can be chosen later."),
        ),
    ),
    (
        Publication.CELLS,
        Described(
            gettext_lazy("Only protected areas"),
            gettext_lazy(
                "Nobody but you sees a single place. The public sees areas in which enough people marked something. "
                "Once people have contributed, this protection stays."
            ),
        ),
    ),
)
_MODERATION: Final = (
    (
        Moderation.PRE,
        Described(
            gettext_lazy("After a review"),
            gettext_lazy(
                "Contributions and comments wait until you publish them. Can be changed at any time."
            ),
        ),
    ),
    (
        Moderation.POST,
        Described(
            gettext_lazy("At once, reviewed later"),
            gettext_lazy("Everyone sees them immediately. Not possible for protected areas."),
        ),
    ),
)


def _open_to(provider: str) -> tuple[tuple[str, Described], ...]:
    """Who may take part, with the name of the citizens' provider."""
    return (
        (
            OpenTo.ANYONE,
            Described(
                gettext_lazy("Anyone"),
                gettext_lazy(
                    "Nobody signs in. Each browser counts as one person; somebody with two devices is two."
                ),
            ),
        ),
        (
            OpenTo.SIGNED_IN,
            Described(
                _("People who signed in at %(provider)s") % {"provider": provider},
                gettext_lazy(
                    "Each person counts once, on whatever device. You see no names: of each person only a number is "
                    "kept, which is another one in every campaign. Fewer people will take part."
                ),
            ),
        ),
    )


class OriginsField(forms.CharField):
    """Addresses of other sites, one in each line; cleaned to their origins."""

    def prepare_value(self, value: Any) -> Any:
        """The stored origins as lines."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        """The origins; raises ValidationError in the words of `services.messages`."""
        text = super().to_python(value) or ""
        for line in text.split():
            try:
                origins_of(line)
            except NotAnOrigin as error:
                raise forms.ValidationError(sentence(error.code, {"address": line})) from None
        origins = origins_of(text)
        if len(origins) > MOST:
            raise forms.ValidationError(sentence("too_many_origins", {"max": MOST}))
        return origins


class PublicationForm(StepForm):
    """What the public sees and what people may do."""

    publication = forms.ChoiceField(
        label=gettext_lazy("What does the public see?"), choices=_PUBLICATION, widget=forms.RadioSelect
    )
    k = forms.IntegerField(
        label=gettext_lazy("Smallest group"),
        help_text=gettext_lazy(
            "An area or a number in the results stands for at least this many people. Once people have contributed to "
            "a protected topic, it can only grow."
        ),
        min_value=2,
        max_value=100,
    )
    release_rhythm = forms.ChoiceField(
        label=gettext_lazy("When are protected areas renewed?"),
        help_text=gettext_lazy(
            "Always at night, never by a single contribution. Can be changed at any time."
        ),
        choices=ReleaseRhythm.choices,
        widget=forms.RadioSelect,
    )
    moderation = forms.ChoiceField(
        label=gettext_lazy("When does a contribution become public?"),
        choices=_MODERATION,
        widget=forms.RadioSelect,
    )
    open_to = forms.ChoiceField(
        label=gettext_lazy("Who may take part?"),
        help_text=gettext_lazy("Can be changed until the first person has taken part."),
        required=False,
        widget=forms.RadioSelect,
    )
    allows_comments = forms.BooleanField(label=gettext_lazy("Comment on contributions"), required=False)
    allows_support = forms.BooleanField(label=gettext_lazy("Support contributions"), required=False)
    allows_opposition = forms.BooleanField(label=gettext_lazy("Oppose contributions, too"), required=False)
    allows_photos = forms.BooleanField(label=gettext_lazy("Add photos"), required=False)
    embed_origins = OriginsField(
        label=gettext_lazy("Which sites may show this campaign in a frame?"),
        help_text=gettext_lazy(
            "One address in each line, for example https://www.city.example. At most 20; no other site can do it. "
            "The code for web editors is on “Posters and links”."
        ),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
    )

    def __init__(self, campaign: Campaign, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._campaign = campaign
        provider = citizens_provider()
        if provider is None and not campaign.needs_sign_in:
            del self.fields["open_to"]
        else:
            name = _("a provider that is not set up") if provider is None else provider.name
            self.fields["open_to"].choices = _open_to(name)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Protected areas are always reviewed first, whatever was chosen; who may take part stays if not sent."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["open_to"] = data.get("open_to") or self._campaign.open_to
        if data.get("publication") == Publication.CELLS:
            data["moderation"] = Moderation.PRE
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@planners_only(rules.may_manage)
def publication(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    """Show and store what the public sees and what people may do."""
    is_sent = request.method == "POST"
    names = FIELDS["publication"]
    initial = {name: getattr(campaign, name) for name in names}
    initial["expected"] = version_of(campaign, "publication")
    form = PublicationForm(campaign, request.POST if is_sent else None, initial=initial)
    if is_sent and form.is_valid():
        try:
            values = {name: form.cleaned_data[name] for name in names}
            expected = form.cleaned_data["expected"]
            change(campaign, member(request), "publication", values, expected=expected)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Saved."))
            return redirect("planning:setup-publication", slug=campaign.slug)
    return render(
        request,
        "planning/setup/publication.html",
        {**setup_frame(request, campaign, "publication"), "form": form},
        status=422 if form.errors else 200,
    )
