"""Districts: layers replaced as a whole by a newer file, or edited one by one from QGIS.

No stored data depend on them: heat maps by district are counted on request.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Final

import pyproj
from django.contrib.gis.geos import MultiPolygon
from django.db import IntegrityError, transaction
from shapely.geometry.base import BaseGeometry

from accounts.models import User
from mapping import rules
from mapping.geo.errors import TextProblem
from mapping.geo.text import cell_text, clean_text
from mapping.geo.unseen import undisguised
from mapping.imports.outlines import area_of_row, is_on_earth, require_all_right, united
from mapping.imports.problems import TableProblem
from mapping.imports.reading.rows import Row, Table
from mapping.imports.rejections import ImportReport
from mapping.models import Campaign, District, DistrictLayer
from mapping.services.checking.content import Collected
from mapping.services.city import Precondition
from mapping.services.errors import Conflict, NotAllowed
from mapping.services.submit import refusing_what_the_database_refuses

LONGEST_CODE: Final = 40
LONGEST_NAME: Final = 160
_LEFT_OUT: Final = frozenset({("geometry", "sliver"), ("name", "required")})
"""Errors of rows that may be left out on request: leaving them out changes no other district."""


@dataclass(frozen=True)
class NewDistrict:
    """One area of a layer; the code is unique within it."""

    code: str
    name: str
    geom: MultiPolygon


def import_districts(
    slug: str,
    districts: Iterable[NewDistrict],
    *,
    title: str = "",
    attribution: str = "",
    campaigns: Iterable[Campaign] = (),
) -> DistrictLayer:
    """Replace the districts of a layer (created when needed) and assign it to campaigns, atomically.

    An empty title or attribution keeps an existing layer's.
    """
    with transaction.atomic():
        layer, _ = DistrictLayer.objects.get_or_create(slug=slug, defaults={"title": title or slug})
        layer.title = title or layer.title
        layer.attribution = attribution or layer.attribution
        layer.save()
        layer.districts.all().delete()
        District.objects.bulk_create(
            District(layer=layer, code=district.code, name=district.name, geom=district.geom)
            for district in districts
        )
        for campaign in campaigns:
            campaign.district_layer = layer
            campaign.save(update_fields=["district_layer"])
    return layer


@dataclass(frozen=True)
class SentDistrict:
    """A district as received, not validated except that `areas` are valid polygons in degrees."""

    code: object
    name: object
    areas: tuple[BaseGeometry, ...]


def add(layer: DistrictLayer, sent: SentDistrict, *, actor: User) -> District:
    """Add a district; raises NotAllowed "not_manager_of_layer", Invalid, Conflict "code_taken"."""
    _require_manager(actor, layer)
    checked = _checked(sent)
    try:
        with transaction.atomic(), refusing_what_the_database_refuses():
            return District.objects.create(
                layer=layer, code=checked.code, name=checked.name, geom=checked.geom
            )
    except IntegrityError as error:
        if layer.districts.filter(code=checked.code).exists():
            raise Conflict("code_taken") from error
        raise


def replace(district: District, sent: SentDistrict, *, actor: User, precondition: Precondition) -> District:
    """Replace name and outline; the code stays, since addresses and counts refer to it.

    Raises NotAllowed "not_manager_of_layer" and "gone", Invalid.
    """
    checked = _checked(sent)
    with transaction.atomic(), refusing_what_the_database_refuses():
        stored = _locked_for(actor, district, precondition)
        stored.name, stored.geom = checked.name, checked.geom
        stored.save(update_fields=["name", "geom"])
    return stored


def remove(district: District, *, actor: User, precondition: Precondition) -> None:
    """Delete a district; contributions in it stay. Raises as `replace` does."""
    with transaction.atomic():
        _locked_for(actor, district, precondition).delete()


def _locked_for(actor: User, district: District, precondition: Precondition) -> District:
    _require_manager(actor, district.layer)
    stored = District.objects.select_for_update().filter(pk=district.pk).first()
    if stored is None:
        raise NotAllowed("gone")
    precondition()
    return stored


def _require_manager(actor: User, layer: DistrictLayer) -> None:
    if not rules.may_write_districts(actor, layer):
        raise NotAllowed("not_manager_of_layer")


def _checked(sent: SentDistrict) -> NewDistrict:
    problems = Collected()
    code = _word(sent.code, "code", LONGEST_CODE, problems)
    name = _word(sent.name, "name", LONGEST_NAME, problems)
    outline = united(sent.areas)
    if outline is None:
        problems.add("geometry", "geometry_required")
    problems.raise_if_any()
    assert outline is not None  # noqa: S101 - for the type checker: all problems were raised above
    return NewDistrict(code, name, outline)


def _word(value: object, field: str, longest: int, problems: Collected) -> str:
    if value is not None and not isinstance(value, str):
        problems.add(field, "not_a_text")
        return ""
    try:
        cleaned = clean_text(value or "", max_length=longest, multiline=False)
    except TextProblem as problem:
        problems.add(field, problem.code, **problem.params)
        return ""
    if not cleaned:
        problems.add(field, "required")
    return cleaned


def read_districts(
    table: Table,
    report: ImportReport,
    *,
    name_field: str,
    code_field: str | None = None,
    crs: pyproj.CRS | None = None,
    leave_out: bool = False,
) -> Generator[int, None, list[NewDistrict]]:
    """Read the districts of a file; rows with the same code are one district of several parts. Without a field of codes
    the name is the code. Yields the rows of each batch.

    With `leave_out`, rows without a name and slivers are left out and reported; all others must be valid.
    Raises TableProblem for invalid rows (the report lists all of them) or an empty file.
    """
    table.require(name_field, code_field)
    found: dict[str, tuple[Row, str, list[BaseGeometry]]] = {}
    for batch in table.rows(crs=crs, drop_heights=True):
        for row in report.sound(batch):
            name = undisguised(cell_text(row.fields[name_field])).strip()
            code = undisguised(cell_text(row.fields[code_field])).strip() if code_field else name
            area = area_of_row(row, report) if _is_named(row, name, code, report) else None
            if area is not None:
                found.setdefault(code, (row, name, []))[2].append(area)
        yield len(batch)
    districts = []
    for code, (row, name, areas) in found.items():
        outline = united(areas)
        if outline is None:
            report.reject(row, "geometry", "sliver", params={"name": name})
        elif not is_on_earth(outline):
            report.reject(row, "geometry", "not_in_degrees", params={"name": name})
        else:
            districts.append(NewDistrict(code, name, outline))
    require_all_right(report, except_for=_LEFT_OUT if leave_out else frozenset())
    if not districts:
        raise TableProblem("The file has no rows.", "file_without_rows")
    report.stored = len(districts)
    return districts


def _is_named(row: Row, name: str, code: str, report: ImportReport) -> bool:
    if not name or not code:
        report.reject(row, "name", "required")
    elif len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
        report.reject(row, "name", "too_long", params={"name": LONGEST_NAME, "code": LONGEST_CODE})
    else:
        return True
    return False
