"""Template filters for the fields of questions: `{% load questions %}`."""

from django import template

from mapping.forms.questions import ChoicePicture, FieldLook

register = template.Library()


@register.filter
def picture_of(look: FieldLook, value: object) -> ChoicePicture | None:
    """The picture of a choice, None for one without."""
    return look.pictures.get(str(value))
