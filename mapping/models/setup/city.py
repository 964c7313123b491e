"""The city itself: name, logo, colour, contact, imprint and boundary, as its page for planners has them."""

import uuid
from typing import ClassVar, Final

from django.contrib.gis.db import models
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.checks import geometry_is_sound
from mapping.models.texts import PlainLine, PlainText

THE_CITY: Final = 1
"""The key of the only row."""
MOST_LOGO_BYTES: Final = 2 * 2**20


class CityLogo(models.Model):
    """A re-encoded PNG without metadata. It lies in the database: small, and as old as the row that shows it.

    The random id is its address. A former one stays until the next change, so that the last one can be taken back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data = models.BinaryField(editable=False)
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    digest = models.BinaryField(max_length=32, unique=True, editable=False)

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        default_permissions = ()
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(LessThanOrEqual(Length("data"), MOST_LOGO_BYTES)),
                name="citylogo_is_small",
                violation_error_message=_("This file is too large for a logo."),
            ),
        )

    def __str__(self) -> str:
        return str(self.id)


class City(models.Model):
    """The one row of the city's page; where it is empty or missing, the settings stand (`models.setup.profile`)."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=THE_CITY, editable=False)
    name = PlainLine(_("name of the city"), max_length=120, blank=True)
    accent = models.CharField(_("colour"), max_length=7, blank=True)
    logo = models.ForeignKey(
        CityLogo,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="cities",
        verbose_name=_("logo"),
    )
    logo_alt = PlainLine(_("what the logo shows"), max_length=300, blank=True)
    mail = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    phone = PlainLine(_("telephone"), max_length=60, blank=True)
    postal_address = PlainText(_("postal address"), blank=True)
    imprint = PlainText(_("imprint"), blank=True)
    privacy_contact = PlainText(_("data protection"), blank=True)
    boundary = models.MultiPolygonField(_("boundary"), srid=4326, null=True, blank=True)
    boundary_source = PlainLine(_("source of the boundary"), max_length=300, blank=True)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        default_permissions = ()
        constraints: ClassVar = (
            models.CheckConstraint(
                condition=models.Q(id=THE_CITY),
                name="city_is_one",
                violation_error_message=_("There is one city only."),
            ),
            models.CheckConstraint(
                condition=models.Q(accent__regex=r"^(#[0-9a-f]{6})?$"),
                name="city_accent",
                violation_error_message=_("Please give the colour as # and six digits, for example #0b5a6b."),
            ),
            models.CheckConstraint(
                condition=models.Q(logo=None) | ~models.Q(logo_alt=""),
                name="city_logo_in_words",
                violation_error_message=_("Please write in words what the logo shows."),
            ),
            *geometry_is_sound("boundary", "city_boundary", ("MULTIPOLYGON",)),
        )

    def __str__(self) -> str:
        return self.name
