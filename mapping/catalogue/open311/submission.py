"""A report as it is sent: fields of a form become a contribution."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from mapping.catalogue.open311.errors import Refused
from mapping.models import Campaign, Category, Question
from mapping.questions.kind import AnswerRefused
from mapping.questions.registry import KINDS
from mapping.services import identity
from mapping.services.checking.content import Submission

PERSONAL: Final = ("email", "first_name", "last_name", "phone", "account_id")
"""What the standard lets people send about themselves; nothing of it is kept."""
_KNOWN: Final = frozenset(
    {
        "api_key",
        "jurisdiction_id",
        "service_code",
        "lat",
        "long",
        "address_string",
        "address_id",
        "device_id",
        "description",
        "media_url",
        *PERSONAL,
    }
)
_ATTRIBUTE: Final = re.compile(r"attribute\[([-\w]{1,80})\](\[\])?")
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{1,20})?")
_SHORTEST_DEVICE, _LONGEST_DEVICE = 8, 200


@dataclass(frozen=True)
class Report:
    """A form, read but not believed."""

    service_code: str
    fields: QueryDict
    answers: Mapping[str, tuple[str, ...]]

    @property
    def names_a_person(self) -> bool:
        """Whether the sender told who they are."""
        return any(self.fields.get(name) for name in PERSONAL)


def read_report(fields: QueryDict) -> Report:
    """Sort the fields; raises Refused for what is unknown, given twice, or not taken here."""
    answers: dict[str, tuple[str, ...]] = {}
    for name, values in fields.lists():
        attribute = _ATTRIBUTE.fullmatch(name)
        if attribute is not None:
            answers[attribute[1]] = (*answers.get(attribute[1], ()), *values)
        elif name not in _KNOWN:
            raise Refused(400, name[:40], _("This argument is not known here."))
        elif len(values) > 1:
            raise Refused(400, name, _("Give this only once."))
    if fields.get("media_url"):
        raise Refused(
            400,
            "media_url",
            _("Pictures are not fetched from elsewhere. Please send them by the form or the API."),
        )
    code = fields.get("service_code", "").strip()
    if not code:
        raise Refused(400, "service_code", _("This must not be missing."))
    return Report(code, fields, answers)


def submission_of(report: Report, category: Category) -> Submission:
    """The contribution that a report means; raises Refused where it names no place by numbers."""
    fields = report.fields
    latitude, longitude = fields.get("lat", ""), fields.get("long", "")
    if not latitude or not longitude:
        raise Refused(
            400, "lat, long", _("Please give latitude and longitude; addresses are not looked up here.")
        )
    position = [_degrees(longitude, "long"), _degrees(latitude, "lat")]
    questions = {question.slug: question for question in category.questions.all()}
    return Submission(
        category=category.slug,
        geometry={"type": "Point", "coordinates": position},
        text=fields.get("description", ""),
        answers={slug: _answer(questions.get(slug), values) for slug, values in report.answers.items()},
    )


def secret_of(report: Report, campaign: Campaign) -> str:
    """Whom the report comes from: the same device is the same person, everyone else is somebody new.

    No cookie counts here, for any page could send this form in a visitor's name. Of the device's id only the keyed
    hash of `services.identity` is stored; it tells nobody that contributions in two campaigns are one person's.
    Campaigns that publish cells promise numbers of people: there the reports of one person must not look like those of
    several, so a report without a device is refused.
    """
    device = report.fields.get("device_id", "").strip()
    if _SHORTEST_DEVICE <= len(device) <= _LONGEST_DEVICE:
        return hashlib.sha256(f"open311:{device}".encode("utf-8", "replace")).hexdigest()
    if not campaign.publishes_points:
        raise Refused(
            400,
            "device_id",
            _("This project counts people: please send the same 8 to 200 characters for the same person."),
        )
    return identity.new_secret()


def _degrees(text: str, name: str) -> float:
    if not _NUMBER.fullmatch(text.strip()):
        raise Refused(400, name, _("Please give a number such as 49.4447."))
    return float(text)


def _answer(question: Question | None, values: tuple[str, ...]) -> object:
    """A form knows texts only; what cannot be read stays one, and the check of answers refuses it."""
    if question is None:
        return values[0]
    try:
        return KINDS[question.kind].open311_answer(values)
    except AnswerRefused:
        raise Refused(400, f"attribute[{question.slug}]", _("Give this only once.")) from None
