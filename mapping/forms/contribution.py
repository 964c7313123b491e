"""One builder of forms for contributions: a category and its questions become form fields, POST data a `Submission`.

Shared by the plain form, the author's private page and the planners' edit form, and rendered by
`mapping/fields.html` and `mapping/place_fields.html`. The fields are lenient on purpose: validation happens in
one place, `mapping.services`, whose problems `ContributionForm.take` assigns to the fields.
"""

import re
import uuid
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mapping.forms import places
from mapping.forms.answering import AnsweringForm, initial_answers, uuid_of
from mapping.forms.questions import FieldLook
from mapping.geo.errors import GeometryProblem, JsonProblem
from mapping.geo.geojson import loads_strict
from mapping.models import Category, Contribution
from mapping.models.campaign import PlaceType
from mapping.services.checking.answers import clean_answers
from mapping.services.errors import Invalid
from mapping.services.messages import sentence
from mapping.services.photos.pictures import MAX_BYTES, MAX_PHOTOS
from mapping.services.submit import Submission

TEXT_MAX_LENGTH = 5000
_DIGITS = re.compile(r"[0-9]{1,2}")


class SeveralFilesInput(forms.FileInput):
    """A file input for several pictures."""

    allow_multiple_selected = True


class ContributionForm(AnsweringForm):
    """Place, questions, text and photos of one category.

    `auto_id` with another pattern (`"trees-%s"`) allows forms of several categories on one page.
    """

    def __init__(
        self,
        category: Category,
        data: Mapping[str, Any] | None = None,
        files: "MultiValueDict[str, UploadedFile[bytes]] | None" = None,
        *,
        contribution: Contribution | None = None,
        with_place: bool = True,
        with_photos: bool | None = None,
        auto_id: str = "id_%s",
    ) -> None:
        self.category = category
        self.questions = list(category.questions.all())
        self.with_place = with_place and category.geometry_types != [PlaceType.NONE]
        self.place_types = [name for name in category.geometry_types if name != PlaceType.NONE]
        super().__init__(data, files, initial=self._initial(contribution), auto_id=auto_id)
        self._add_hidden_fields()
        if self.with_place:
            self.fields.update(places.fields_for(category))
        self.add_question_fields()
        self.fields["text"] = self._text_field()
        if category.campaign.allows_photos if with_photos is None else with_photos:
            self.fields["photos"] = self._photo_field()

    # --- for templates ------------------------------------------------------------------------------------------

    def place_fields(self) -> list[BoundField]:
        """The visible fields of the place."""
        return [self[name] for name in places.FIELD_NAMES if name in self.fields]

    def place_errors(self) -> bool:
        """The errors of the place."""
        return any(field.errors for field in self.place_fields())

    def content_fields(self) -> list[BoundField]:
        """Everything but the place, in the order of the form: questions, text, photos."""
        rest = [self[name] for name in ("text", "photos") if name in self.fields]
        return [*self.question_fields(), *rest]

    def has_files(self) -> bool:
        """Whether the form needs `enctype="multipart/form-data"`."""
        return "photos" in self.fields

    # --- from the form to the services ----------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Parse the place; everything else is validated by the services."""
        cleaned = super().clean() or self.cleaned_data
        cleaned["place"] = None
        if not self.with_place:
            return cleaned
        try:
            cleaned["place"] = self._geometry(cleaned)
        except GeometryProblem as problem:
            member = problem.params.get("member")
            words = (
                gettext("Please fill in this field.") if member else sentence(problem.code, problem.params)
            )
            self.add_error(self._place_field(member), words)
        except JsonProblem:
            self.add_error(
                self._place_field(None), gettext("The place could not be read. Please mark it again.")
            )
        if self.errors:
            self._find_wrong_answers()
        return cleaned

    def submission(self) -> Submission:
        """Make the submission for `services.submit`; call it after `is_valid()`."""
        cleaned = self.cleaned_data
        return Submission(
            category=self.category.slug,
            geometry=cleaned["place"],
            text=cleaned.get("text") or "",
            answers=self.answers(),
            id=uuid_of(cleaned.get("id")),
            zoom=int(cleaned["zoom"]) if _DIGITS.fullmatch(cleaned.get("zoom") or "") else None,
            photos=self._photos(),
        )

    def field_of(self, name: str) -> str | None:
        """See `AnsweringForm`; the geometry has several fields."""
        return self._place_field(None) if name == "geometry" else name

    # --- inside -----------------------------------------------------------------------------------------------------

    def _initial(self, contribution: Contribution | None) -> dict[str, object]:
        if contribution is None:
            return {"id": str(uuid.uuid4())}
        initial: dict[str, object] = {"text": contribution.text}
        initial |= initial_answers(self.questions, contribution.answers_for(self.questions))
        initial.update(places.initial_of(contribution.geom))
        return initial

    def _add_hidden_fields(self) -> None:
        # The id makes sending twice harmless; geometry and zoom are filled by the map's script.
        for name in ("id", "geometry", "zoom"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    def _text_field(self) -> forms.Field:
        required = self.category.text_required
        field = forms.CharField(
            label=_("What would you like to tell us?"),
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 5, "maxlength": TEXT_MAX_LENGTH, "dir": "auto"}),
        )
        if not self.questions:
            field.help_text = self.category.description
        field.look = FieldLook("long_text", required)  # type: ignore[attr-defined]
        if required:
            field.widget.attrs["required"] = True
        return field

    def _photo_field(self) -> forms.Field:
        # Not a FileField: that accepts one file only, and validates what the services validate.
        field = forms.Field(
            label=_("Photos"),
            required=False,
            widget=SeveralFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
            help_text=_(
                "Up to three pictures (JPEG, PNG or WebP, 10 MB each). We remove hidden data such as the place where"
                " a photo was taken. Please do not show people's faces or number plates."
            ),
        )
        field.look = FieldLook("photos", required=False)  # type: ignore[attr-defined]
        return field

    def _geometry(self, cleaned: Mapping[str, Any]) -> object | None:
        drawn = cleaned.get("geometry") or ""
        if drawn.strip():
            return loads_strict(drawn.encode())
        return places.geometry_of(cleaned, self.place_types)

    def _place_field(self, member: object) -> str | None:
        wanted = {"lon": "longitude", "lat": "latitude"}.get(str(member), "")
        present = [name for name in places.FIELD_NAMES if name in self.fields and name != "place_type"]
        if wanted in present:
            return wanted
        kind = self.data.get("place_type") or (self.place_types[0] if self.place_types else "")
        if kind != PlaceType.POINT and "positions" in present:
            return "positions"
        return present[0] if present else None

    def _find_wrong_answers(self) -> None:
        """Validate answers if the place is invalid: the services are not called then, yet all errors are shown."""
        try:
            clean_answers(self.questions, self.answers())
        except Invalid as error:
            self.take(error)

    def _photos(self) -> tuple[bytes, ...]:
        if "photos" not in self.fields or not isinstance(self.files, MultiValueDict):
            return ()
        # One more than allowed, and one byte more, is enough for the services to report the error.
        files = self.files.getlist("photos")[: MAX_PHOTOS + 1]
        return tuple(file.read(MAX_BYTES + 1) for file in files)


def question_fields(category: Category) -> ContributionForm:
    """An empty form without place, for a page with several categories: ids begin with the slug."""
    return ContributionForm(category, with_place=False, auto_id=f"{category.slug}-%s")
