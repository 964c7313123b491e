"""Import of contributions from files: validated like submissions, many rows at once.

A row that fails a check is left out and reported; the others are stored. Every row has an id in its source (a field,
or a hash of its content), so that the same file imported again stores nothing twice. Rules for citizens only do not
apply to files: the period, limits, categories closed to citizens, required texts and answers.
"""

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import numpy as np
import pyproj
import shapely
import shapely.geometry
from django.db import transaction
from django.utils import timezone
from django.utils.translation import override
from shapely.geometry.base import BaseGeometry

from mapping.geo.crs import to_laea
from mapping.geo.errors import GeometryProblem
from mapping.geo.geojson import geometry_type_name
from mapping.geo.text import cell_text
from mapping.imports.matching import Categories
from mapping.imports.messages import row_sentence
from mapping.imports.parts import Parts, parted
from mapping.imports.problems import TableProblem
from mapping.imports.reading.dates import LOOKED_AT, DateForm, DateProblem, dates_of, zone_of
from mapping.imports.reading.rows import Row, Table
from mapping.imports.refusals import Refused, cleaned, geometry_of, of_geometry
from mapping.imports.rejections import ImportReport
from mapping.models import Campaign, Category, Contribution, ContributionStatus, Source, Withdrawal
from mapping.models.campaign import PlaceType
from mapping.questions.registry import KINDS
from mapping.services import bulk
from mapping.services.checking.answers import clean_answers
from mapping.services.checking.area import area_of
from mapping.services.checking.content import MAX_TEXT
from mapping.services.errors import Invalid
from mapping.services.identity import imported_ids, imported_participant_key
from mapping.services.messages import sentence

_LONGEST_ID: Final = 120
_LONGEST_TITLE: Final = 120


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """Mapping of the fields of a file to contributions; see `bin/manage import_contributions --help`.

    `categories` maps values of the category field to other category names; rows mapped to an empty one are excluded.
    """

    lon_field: str | None = None
    lat_field: str | None = None
    crs: pyproj.CRS | None = None
    drop_heights: bool = False
    parts: Parts = Parts.WHOLE
    without_place: bool = False
    id_field: str | None = None
    category_field: str | None = None
    category: str | None = None
    categories: Mapping[str, str] = field(default_factory=dict)
    create_categories: bool = False
    time_field: str | None = None
    date_form: DateForm = DateForm.ANY
    time_zone: str | None = None
    text_field: str | None = None
    participant_field: str | None = None
    answer_fields: Mapping[str, str] = field(default_factory=dict)
    status: str = ContributionStatus.PUBLISHED
    source: str = Source.IMPORT


@dataclass(frozen=True, slots=True)
class _Checked:
    row: Row
    kind: PlaceType
    geometry: BaseGeometry | None
    category: str
    external_id: str
    text: str
    answers: Mapping[str, object]
    created_at: datetime
    note: str
    person: bytes | None


def import_contributions(
    campaign: Campaign,
    table: Table,
    options: ImportOptions,
    report: ImportReport,
    *,
    dry_run: bool = False,
) -> Generator[int, None, None]:
    """Store the rows of a table as contributions of a campaign, filling the report; yields the rows of each batch.

    Each batch is one transaction, so an interrupted import continues where it stopped when it is run again. A dry run
    makes the same checks in transactions that are rolled back, and inserts no row.

    Raises TableProblem where an option names a field that the file does not have, or a category or question that the
    campaign does not have.
    """
    importer = _Importer(campaign, table, options, report, dry_run=dry_run)
    rows = table.rows(
        crs=options.crs,
        lon_field=options.lon_field,
        lat_field=options.lat_field,
        drop_heights=options.drop_heights,
    )
    for batch in rows:
        with transaction.atomic():
            # Concurrent imports into one campaign are serialised; nothing else takes this lock.
            Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
            importer.store(batch)
            if dry_run:
                transaction.set_rollback(True)
        yield len(batch)
    if not dry_run:
        bulk.settle()


class _Importer:
    def __init__(
        self, campaign: Campaign, table: Table, options: ImportOptions, report: ImportReport, *, dry_run: bool
    ) -> None:
        self.campaign, self.options, self.report, self.dry_run = campaign, options, report, dry_run
        table.require(
            options.id_field,
            options.category_field,
            options.time_field,
            options.text_field,
            options.participant_field,
            *options.answer_fields.values(),
        )
        has_places = table.has_geometries or bool(options.lon_field and options.lat_field)
        if not has_places and not options.without_place:
            raise TableProblem(
                "The file holds no geometries: name its columns with --lon and --lat, or use --without-place.",
                "file_without_places",
            )
        cells = table.values(options.time_field, LOOKED_AT) if options.time_field else ()
        self._dates = dates_of(cells, options.date_form, zone_of(options.time_zone))
        self._area = area_of(campaign)
        self._seen: Counter[str] = Counter()
        self._now = timezone.now()
        self._categories = self._categories_now()
        if not (
            options.create_categories
            or options.category_field
            or self._categories.find(options.category or "")
        ):
            missing = (
                f"has no category {options.category}" if options.category else "has not just one category"
            )
            raise TableProblem(
                f"The campaign {missing}: use --category, --category-field or --create-categories.",
                "file_without_category",
            )
        known = {question.slug for questions in self._categories.questions.values() for question in questions}
        for slug in options.answer_fields:
            if slug not in known:
                raise TableProblem(f"The campaign has no question {slug}.", "no_such_question")

    def _categories_now(self) -> Categories:
        # Citizens cannot add to categories drawn by the city.
        return Categories(self.campaign, open_to_citizens=self.options.source != Source.CITY)

    def store(self, batch: Sequence[Row]) -> None:
        """Validate and store one batch; runs inside the caller's transaction."""
        # Reload: another import may have created some meanwhile.
        self._categories = self._categories_now()
        sound = parted(self.report.sound(batch), self.options.parts)
        checked = self._inside_area([one for row in sound if (one := self._checked(row)) is not None])
        possible = {one.external_id: imported_ids(self.campaign, one.external_id) for one in checked}
        ids = {name: first for name, (first, *_earlier) in possible.items()}
        known = self._known(possible)
        fresh = [one for one in checked if one.external_id not in known]
        titles = self._categories_for(fresh)
        if not self.dry_run:
            self._copy(fresh, ids)
        self.report.known += len(checked) - len(fresh)
        self.report.stored += len(fresh)
        self.report.categories.update(titles)
        self.report.notes.update(one.note for one in fresh if one.note)

    def _categories_for(self, fresh: Sequence[_Checked]) -> list[str]:
        """Map the rows' titles to categories, creating missing ones."""
        known = set(self._categories.questions)
        found = [self._categories.find_or_make(one.category, one.kind) for one in fresh]
        self.report.made |= {category.title for category in found if category.pk not in known}
        return [category.title for category in found]

    def _copy(self, fresh: Sequence[_Checked], ids: Mapping[str, uuid.UUID]) -> None:
        people = bulk.participants(self.campaign, (one.person for one in fresh if one.person is not None))
        hexes = shapely.to_wkb(
            shapely.set_srid(np.array([one.geometry for one in fresh], dtype=object), 4326),
            hex=True,
            include_srid=True,
        )
        bulk.store_contributions(
            self.campaign,
            [
                bulk.NewContribution(
                    id=ids[one.external_id],
                    category_id=self._categories.find_or_make(one.category, one.kind).pk,
                    participant_id=None if one.person is None else people[one.person],
                    geometry=geometry,
                    text=one.text,
                    answers=one.answers,
                    status=self.options.status,
                    source=self.options.source,
                    external_id=one.external_id,
                    created_at=one.created_at,
                )
                for one, geometry in zip(fresh, hexes.tolist(), strict=True)
            ],
        )

    def _known(self, possible: Mapping[str, Sequence[uuid.UUID]]) -> set[str]:
        """The rows that are stored already, or were stored and withdrawn."""
        ids = {pk: name for name, several in possible.items() for pk in several}
        stored = Contribution.objects.filter(pk__in=ids).values_list("pk", flat=True)
        by_name = self.campaign.contributions.filter(external_id__in=possible).values_list(
            "external_id", flat=True
        )
        return {ids[pk] for pk in [*stored, *Withdrawal.objects.ids_among(ids)]} | {
            str(name) for name in by_name
        }

    def _reject(self, row: Row, refused: Refused) -> None:
        self.report.reject(row, refused.field_name, refused.code, str(refused), refused.params)

    def _checked(self, row: Row) -> _Checked | None:
        """Validate a row except for the campaign's area; None adds it to the report."""
        try:
            geometry = geometry_of(row)
            kind = PlaceType.NONE if geometry is None else PlaceType(geometry_type_name(geometry))
            name, category = self._category(row, kind)
            created_at, note = self._created_at(row)
            return _Checked(
                row=row,
                kind=kind,
                geometry=geometry,
                category=name,
                external_id=self._external_id(row),
                text=self._text(row),
                answers=self._answers(row, category),
                created_at=created_at,
                note=note,
                person=self._person(row),
            )
        except Refused as refused:
            self._reject(row, refused)
            return None

    def _inside_area(self, checked: list[_Checked]) -> list[_Checked]:
        """The rows inside the area; points, the usual case, are tested in bulk."""
        points = [one.geometry for one in checked if isinstance(one.geometry, shapely.Point)]
        laea = shapely.get_coordinates(to_laea(shapely.MultiPoint(points)))
        inside = iter(self._area.takes_points(laea))
        kept = []
        for one in checked:
            if one.geometry is None or (isinstance(one.geometry, shapely.Point) and next(inside)):
                kept.append(one)
                continue
            try:
                self._area.check(one.geometry)
                kept.append(one)
            except GeometryProblem as problem:
                self._reject(one.row, of_geometry(problem))
        return kept

    def _category(self, row: Row, kind: PlaceType) -> tuple[str, Category | None]:
        """The category's name and, unless it is to be created, the category."""
        if self.options.category_field:
            name = cleaned(
                "category", row.fields[self.options.category_field], _LONGEST_TITLE, multiline=False
            )
            if not name:
                raise Refused("category", "required", "The row names no category.")
            wanted = self.options.categories.get(name, name)
            if not wanted:
                raise Refused("category", "left_out", f"“{name}” is to be left out.", {"value": name})
            name = wanted
        else:
            name = self.options.category or ""
        category = self._categories.find(name)
        if category is None and not self.options.create_categories:
            raise Refused(
                "category", "unknown_category", f"The campaign has no category “{name}”.", {"value": name}
            )
        if category is not None and kind in category.geometry_types:
            return name, category
        if kind == PlaceType.NONE and not self.options.without_place:
            raise Refused("geometry", "geometry_required", "The row has no place.")
        if not self.options.create_categories:
            raise Refused(
                "geometry",
                "type_not_allowed",
                f"The category does not take the kind “{kind}”.",
                {"type": kind.value},
            )
        return name, category

    def _external_id(self, row: Row) -> str:
        if self.options.id_field:
            external_id = cell_text(row.fields[self.options.id_field])
            if not external_id:
                raise Refused("id", "required", "The row has no id.")
            if len(external_id) > _LONGEST_ID or "\0" in external_id:
                raise Refused(
                    "id", "too_long", f"The id is longer than {_LONGEST_ID} characters.", {"max": _LONGEST_ID}
                )
        else:
            place = "" if row.geometry is None else shapely.to_wkt(row.geometry, rounding_precision=7)
            content = json.dumps([place, row.fields], default=str, sort_keys=True, ensure_ascii=True)
            external_id = hashlib.sha256(content.encode()).hexdigest()[:40]
        if row.part and self.options.id_field:
            external_id = f"{external_id}#{row.part}"
        self._seen[external_id] += 1
        if self._seen[external_id] == 1:
            return external_id
        if self.options.id_field:
            raise Refused(
                "id", "repeated", f"The id {external_id} occurs again in the file.", {"value": external_id}
            )
        # Identical rows are different contributions: numbered by their order.
        return f"{external_id}-{self._seen[external_id]}"

    def _text(self, row: Row) -> str:
        name = self.options.text_field
        return cleaned("text", row.fields[name], MAX_TEXT, multiline=True) if name else ""

    def _answers(self, row: Row, category: Category | None) -> Mapping[str, object]:
        questions = [] if category is None else self._categories.questions[category.pk]
        wanted = [question for question in questions if question.slug in self.options.answer_fields]
        if not wanted:
            return {}
        given = {}
        for question in wanted:
            value = row.fields[self.options.answer_fields[question.slug]]
            if cell_text(value):
                given[question.slug] = KINDS[question.kind].cell(question.options, value)
        try:
            return clean_answers(wanted, given, require=False)
        except Invalid as invalid:
            name, problems = next(iter(invalid.fields.items()))
            with override("en"):
                detail = sentence(problems[0].code, problems[0].params)
            raise Refused(name, problems[0].code, detail, problems[0].params) from invalid

    def _created_at(self, row: Row) -> tuple[datetime, str]:
        """The time of the contribution, and notes about its interpretation."""
        if not self.options.time_field:
            return self._now, ""
        value = row.fields[self.options.time_field]
        try:
            return self._dates.moment_of(value)
        except DateProblem as problem:
            params = {"value": cell_text(value)[:40]}
            with override("en"):
                detail = row_sentence("created", problem.code, params)
            raise Refused("created", problem.code, detail, params) from problem

    def _person(self, row: Row) -> bytes | None:
        if not self.options.participant_field:
            return None
        person = cell_text(row.fields[self.options.participant_field])
        return imported_participant_key(self.campaign, person) if person else None
