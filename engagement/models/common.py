"""What the tables of dates and papers share: topics, moments of creation and change, random ids."""

import uuid
from typing import Final

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mapping.models.checks import UNKNOWN_VALUE


class Topic(models.TextChoices):
    """What an event, a document or a plan is about: one list for all of them, so that one filter finds all."""

    MOBILITY = "mobility", _("Mobility and traffic")
    BUILDING = "building", _("Building and housing")
    GREEN = "green", _("Parks, green spaces and water")
    CLIMATE = "climate", _("Climate and energy")
    CENTRE = "centre", _("City centre and trade")
    SAFETY = "safety", _("Safety and cleanliness")
    SOCIAL = "social", _("Living together")
    YOUTH = "youth", _("Children, young people and education")
    CULTURE = "culture", _("Culture, sports and leisure")
    BUDGET = "budget", _("Budget")
    PARTICIPATION = "participation", _("Participation itself")
    OTHER = "other", _("Other topics")


class Record(models.Model):
    """A row that the public knows by a random id, with the moments of its creation and last change.

    Services set `changed_at` with every change that the public can see.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        abstract = True


def topic_is_known(name: str) -> models.CheckConstraint:
    """The constraint that the column `topic` holds one of the topics."""
    return value_is_known("topic", Topic.values, name)


def value_is_known(field: str, values: list[str], name: str) -> models.CheckConstraint:
    """The constraint that a column holds one of its choices."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": values}), name=name, violation_error_message=UNKNOWN_VALUE
    )


ONE_SUMMARY: Final = 300
"""Most characters of a summary."""
