"""Kinds of imports on the page: their questions, and the services that validate and store.

The services are those of `bin/manage import_*`. A dry run is a real run in a transaction that is rolled back.
"""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from mapping import rules
from mapping.imports import addresses, districts, outlines, population
from mapping.imports.reading.columns import guessed
from mapping.imports.reading.rows import Table
from mapping.imports.rejections import ImportReport
from mapping.models import Campaign, DistrictLayer, PopulationGrid
from mapping.planning.imports.form import (
    Given,
    Question,
    Section,
    check,
    checks,
    field_select,
    text,
)
from mapping.planning.imports.preview import Preview, columns_of
from mapping.services import campaigns

MOST_COUNTS: Final = 60
"""Most fields offered as numbers of inhabitants."""


@dataclass(frozen=True, slots=True)
class Job:
    """One run: its user, target and entered values; `facts` are additional statements of the result."""

    user: User
    campaign: Campaign
    given: Given
    report: ImportReport
    dry_run: bool
    facts: dict[str, object] = field(default_factory=dict)


Steps = Generator[int, None, None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data that can be imported.

    `guess` returns initial values of the form, `sections` its questions, `errors` its errors by name, `run` yields the
    rows of each step. `is_whole`: nothing is stored if any row is invalid.
    """

    slug: str
    title: str | Promise
    help: str | Promise
    icon: str
    guess: Callable[[Sequence[str], str], dict[str, str | None]]
    sections: Callable[[Campaign, User, Preview, Given], list[Section]]
    errors: Callable[[Campaign, User, Given], dict[str, str]]
    run: Callable[[Job, Table], Steps]
    is_whole: bool = True


def _nothing_guessed(_fields: Sequence[str], _name: str) -> dict[str, str | None]:
    return {}


def required(given: Given, *names: str) -> dict[str, str]:
    """Make an error for each name without a value."""
    return {name: _("Please fill in this field.") for name in names if not given.many(name)}


# --- the area -----------------------------------------------------------------------------------------------------


def _run_area(job: Job, table: Table) -> Steps:
    outline = yield from outlines.read_outline(table, job.given.crs(), job.report)
    with transaction.atomic():
        campaign = Campaign.objects.get(pk=job.campaign.pk)
        job.facts["outside"] = campaigns.set_area(campaign, outline)
        if job.dry_run:
            transaction.set_rollback(True)


# --- districts ------------------------------------------------------------------------------------------------------


def _guess_districts(fields: Sequence[str], name: str) -> dict[str, str | None]:
    name_field = guessed("name", fields)
    code = guessed("code", fields)
    return {
        "name_field": name_field or code,
        "code_field": code if code != name_field else None,
        "short_name": slugify(name)[:80] or "districts",
        "use": "1",
    }


def _ask_districts(_campaign: Campaign, _user: User, preview: Preview, given: Given) -> list[Section]:
    meaning = [
        field_select("name_field", _("Name"), given, preview.fields, empty=_("Please choose"), required=True),
        field_select("code_field", _("Code"), given, preview.fields, empty=_("The name is the code")),
    ]
    return [
        Section(_("What the fields mean"), meaning),
        Section(
            _("Layer of districts"),
            [
                *_named(given),
                check("use", _("Use these districts in this campaign"), given),
                check("leave_out", _("Leave out rows without a name or an area"), given),
            ],
            _("Districts of a layer that exists already are replaced as a whole."),
        ),
    ]


def _named(given: Given) -> list[Question]:
    return [
        text("short_name", _("Short name"), given, required=True, help=_("Letters, digits and hyphens.")),
        text("title", _("Title"), given, help=_("Empty: the present one, or the short name.")),
        text("attribution", _("Data source"), given, help=_("For example: © City, land survey office")),
    ]


def _short_name_errors(given: Given) -> dict[str, str]:
    wrong = required(given, "short_name")
    if not wrong:
        try:
            validate_slug(given.text("short_name"))
        except ValidationError:
            wrong["short_name"] = _("A short name is made of letters, digits and hyphens.")
    for name, most in (("short_name", 80), ("title", 160), ("attribution", 300)):
        if len(given.text(name)) > most:
            wrong[name] = _("This is too long. At most %(max)s characters are possible.") % {"max": most}
    return wrong


def _district_errors(_campaign: Campaign, user: User, given: Given) -> dict[str, str]:
    wrong = required(given, "name_field") | _short_name_errors(given)
    layer = DistrictLayer.objects.filter(slug=given.text("short_name")).first()
    may_replace = layer is None or rules.may_write_districts(user, layer) or rules.may_replace_shared(user)
    if not may_replace:
        wrong["short_name"] = _("A layer of this name belongs to others as well. Please choose another name.")
    return wrong


def _run_districts(job: Job, table: Table) -> Steps:
    given = job.given
    found = yield from districts.read_districts(
        table,
        job.report,
        name_field=given.text("name_field"),
        code_field=given.name("code_field"),
        crs=given.crs(),
        leave_out=given.flag("leave_out"),
    )
    with transaction.atomic():
        before = DistrictLayer.objects.filter(slug=given.text("short_name")).first()
        job.facts["replaced"] = before.districts.count() if before else 0
        districts.import_districts(
            given.text("short_name"),
            found,
            title=given.text("title"),
            attribution=given.text("attribution"),
            campaigns=Campaign.objects.filter(pk=job.campaign.pk) if given.flag("use") else (),
        )
        if job.dry_run:
            transaction.set_rollback(True)


# --- addresses ------------------------------------------------------------------------------------------------------


def _guess_addresses(fields: Sequence[str], _name: str) -> dict[str, str | None]:
    return {"name_field": guessed("name", fields), "kind_field": guessed("kind", fields)}


def _ask_addresses(_campaign: Campaign, user: User, preview: Preview, given: Given) -> list[Section]:
    questions = [
        field_select("name_field", _("Name"), given, preview.fields, empty=_("Please choose"), required=True),
        field_select("kind_field", _("Kind"), given, preview.fields, empty=_("The same for all")),
        text("kind", _("Kind of all of them"), given, help=_("For example: street. Only without a field.")),
    ]
    if rules.may_replace_shared(user):
        questions.append(check("replace", _("Forget all addresses known so far"), given))
    shared = _("All campaigns of this site search the same addresses. Pieces of a street become one address.")
    return [Section(_("What the fields mean"), questions, shared)]


def _address_errors(_campaign: Campaign, user: User, given: Given) -> dict[str, str]:
    wrong = required(given, "name_field")
    if given.flag("replace") and not rules.may_replace_shared(user):
        wrong["replace"] = _("Only the administration of this site may do this.")
    return wrong


def _run_addresses(job: Job, table: Table) -> Steps:
    lon, lat = columns_of(table, job.given)
    fields = addresses.AddressFields(
        name=job.given.text("name_field"),
        kind_field=job.given.name("kind_field"),
        kind=job.given.text("kind"),
        lon=lon,
        lat=lat,
        crs=job.given.crs(),
    )
    found = yield from addresses.read_addresses(table, job.report, fields)
    with transaction.atomic():
        job.report.stored = addresses.import_addresses(found, replace=job.given.flag("replace"))
        job.report.known = len(found) - job.report.stored
        if job.dry_run:
            transaction.set_rollback(True)


# --- inhabitants ----------------------------------------------------------------------------------------------------


def _guess_population(fields: Sequence[str], name: str) -> dict[str, str | None]:
    return {
        "id_field": guessed("cell", fields),
        "count_fields": guessed("count", fields),
        "short_name": slugify(name)[:80] or "inhabitants",
    }


def _ask_population(_campaign: Campaign, _user: User, preview: Preview, given: Given) -> list[Section]:
    others = [one for one in preview.fields if one != given.text("id_field")][:MOST_COUNTS]
    return [
        Section(
            _("What the fields mean"),
            [
                field_select(
                    "id_field",
                    _("Id of the cell"),
                    given,
                    preview.fields,
                    empty=_("Please choose"),
                    required=True,
                    help=_("Such as CRS3035RES1000mN2916000E4150000."),
                ),
                checks(
                    "count_fields",
                    _("Inhabitants"),
                    given,
                    others,
                    required=True,
                    help=_("Several are added up, for example age groups."),
                ),
            ],
        ),
        Section(
            _("Grid of inhabitants"),
            _named(given),
            _("All campaigns of this site use the same grids for rates."),
        ),
    ]


def _population_errors(_campaign: Campaign, user: User, given: Given) -> dict[str, str]:
    wrong = required(given, "id_field", "count_fields") | _short_name_errors(given)
    known = PopulationGrid.objects.filter(slug=given.text("short_name")).exists()
    if known and not rules.may_replace_shared(user):
        wrong["short_name"] = _(
            "There is a grid of this name. Only the administration of this site may replace it."
        )
    return wrong


def _run_population(job: Job, table: Table) -> Steps:
    given = job.given
    size, cells = yield from population.read_population(
        table, job.report, id_field=given.text("id_field"), count_fields=given.many("count_fields")
    )
    job.facts.update(size=size, inhabitants=sum(cells.values()))
    with transaction.atomic():
        population.import_population(
            given.text("short_name"),
            cells,
            size=size,
            title=given.text("title"),
            attribution=given.text("attribution"),
        )
        if job.dry_run:
            transaction.set_rollback(True)


def _no_questions(_campaign: Campaign, _user: User, _preview: Preview, _given: Given) -> list[Section]:
    return []


def _no_errors(_campaign: Campaign, _user: User, _given: Given) -> dict[str, str]:
    return {}


AREA: Final = Kind(
    "area",
    gettext_lazy("Area of the campaign"),
    gettext_lazy("Polygons; together they are the area in which people take part."),
    "area",
    _nothing_guessed,
    _no_questions,
    _no_errors,
    _run_area,
)
DISTRICTS: Final = Kind(
    "districts",
    gettext_lazy("Districts"),
    gettext_lazy("Polygons with names, for counting and for the map: wards, postcode areas."),
    "layers",
    _guess_districts,
    _ask_districts,
    _district_errors,
    _run_districts,
)
ADDRESSES: Final = Kind(
    "addresses",
    gettext_lazy("Addresses and streets"),
    gettext_lazy("Names with a position, for the search of this site that asks nobody else."),
    "search",
    _guess_addresses,
    _ask_addresses,
    _address_errors,
    _run_addresses,
    is_whole=False,
)
POPULATION: Final = Kind(
    "population",
    gettext_lazy("Grid of inhabitants"),
    gettext_lazy("Inhabitants per cell of the European grid, for rates per 1,000 people."),
    "people",
    _guess_population,
    _ask_population,
    _population_errors,
    _run_population,
)
