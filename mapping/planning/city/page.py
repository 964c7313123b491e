"""Name, colour, logo, contact, imprint: the part of the city's page that every visitor sees something of."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from mapping.forms.files import largest_form_with_photos, lost_upload, takes_files
from mapping.geo.colour import schemes_of
from mapping.models import City
from mapping.planning.city.frame import city_frame, editors_only, file_door
from mapping.planning.setup.fields import StepForm, formatted_text
from mapping.services.errors import DomainError
from mapping.services.setup.city.changes import stored_city, version_of
from mapping.services.setup.city.page import LONGEST, NewLogo, set_page

_TEXTS: Final = (
    *("name", "accent", "logo_alt", "mail", "phone"),
    *("postal_address", "imprint", "privacy_contact"),
)


class CityForm(StepForm):
    """What pages, files and letters show of the city."""

    name = forms.CharField(label=gettext_lazy("Name of the city"), max_length=LONGEST["name"], required=False)
    accent = forms.CharField(
        label=gettext_lazy("Colour"),
        help_text=gettext_lazy(
            "For buttons, links and the marked parts of pages, as # and six digits, for example #0b5a6b. "
            "Where it would be hard to read, a darker or lighter shade of it is used."
        ),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"data-colour": "", "autocomplete": "off", "spellcheck": "false"}),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        help_text=gettext_lazy(
            "PNG, JPEG or WebP, best with a transparent ground: it stands on light and on dark."
        ),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp", "data-logo": ""}),
    )
    logo_alt = forms.CharField(
        label=gettext_lazy("What the logo shows"),
        help_text=gettext_lazy("For people who do not see it, for example: coat of arms of the city."),
        max_length=LONGEST["logo_alt"],
        required=False,
    )
    remove_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    mail = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=LONGEST["mail"],
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone"),
        max_length=LONGEST["phone"],
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel"}),
    )
    postal_address = forms.CharField(
        label=gettext_lazy("Postal address"),
        max_length=LONGEST["postal_address"],
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    imprint = formatted_text(gettext_lazy("Imprint"), LONGEST["imprint"], 10)
    privacy_contact = formatted_text(
        gettext_lazy("Data protection officer"),
        LONGEST["privacy_contact"],
        5,
        gettext_lazy("Name and contact, at the end of the privacy page."),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        words = _("As long as it is empty: “%(value)s”, as whoever runs this site has set it.")
        self.fields["name"].help_text = words % {"value": settings.CITY_NAME}
        if settings.CITY_CONTACT:
            self.fields["mail"].help_text = _(
                "As long as e-mail, telephone and address are empty: “%(value)s”."
            ) % {"value": settings.CITY_CONTACT}


@takes_files(largest_form_with_photos, file_door)
@require_http_methods(["GET", "HEAD", "POST"])
@editors_only
def page(request: HttpRequest, editor: User) -> HttpResponseBase:
    """Show and store it."""
    is_sent = request.method == "POST"
    city = stored_city()
    form = CityForm(request.POST, request.FILES) if is_sent else CityForm(initial=_initial(city))
    if city.logo_id is None:
        del form.fields["remove_logo"]
    if is_sent and (lost := lost_upload(request)) is not None:
        form.refuse(lost)
    elif is_sent and form.is_valid() and _is_stored(editor, form):
        messages.success(request, _("Saved."))
        return redirect("planning:city")
    return render(
        request,
        "planning/city/page.html",
        {**city_frame("page"), **_look(*_typed(form)), "form": form},
        status=422 if form.errors else 200,
    )


@require_safe
@editors_only
def look(request: HttpRequest, _editor: User) -> HttpResponseBase:
    """The preview for values that are not saved yet (`?accent=…&name=…`), as a part of a page."""
    name = request.GET.get("name", "")[: LONGEST["name"]]
    return render(request, "planning/city/look.html", _look(name, request.GET.get("accent", "")))


@require_safe
@editors_only
def look_css(request: HttpRequest, _editor: User) -> HttpResponseBase:
    """The style sheet of the preview: the tokens of `?accent=` in both colour schemes, side by side."""
    schemes = schemes_of(request.GET.get("accent", ""))
    text = "" if schemes is None else _LOOK_CSS.format(light=schemes[0].rules, dark=schemes[1].rules)
    return HttpResponse(text, content_type="text/css; charset=utf-8")


_LOOK_CSS: Final = (
    ".city-look, .city-look .city-look__light {{ {light} }}\n"
    "@media (prefers-color-scheme: dark) {{ .city-look {{ {dark} }} }}\n"
    ".city-look .city-look__dark {{ {dark} }}\n"
)


def _typed(form: CityForm) -> tuple[str, str]:
    """Name and colour in the form, whatever is stored."""
    return str(form["name"].value() or ""), str(form["accent"].value() or "")


def _look(name: str, accent: str) -> dict[str, object]:
    used = accent.strip() or settings.CITY_ACCENT
    return {
        "look_accent": used,
        "schemes": schemes_of(used),
        "look_name": name.strip() or settings.CITY_NAME,
    }


def _initial(city: City) -> dict[str, Any]:
    return {name: getattr(city, name) for name in _TEXTS} | {"expected": version_of(city, "page")}


def _is_stored(editor: User, form: CityForm) -> bool:
    data = form.cleaned_data
    file = data["logo"]
    logo = NewLogo(file.read() if file else None, is_removed=bool(data.get("remove_logo")))
    try:
        set_page(editor, {name: data[name] for name in _TEXTS}, logo, expected=data["expected"])
    except DomainError as error:
        form.refuse(error)
        return False
    return True
