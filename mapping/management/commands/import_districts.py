"""`bin/manage import_districts`: a division of the city for counting."""

from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_slug
from shapely.geometry.base import BaseGeometry

from mapping.management.arguments import add_file_options, campaign_of, crs_of, is_on_earth, opened
from mapping.services.districts import LONGEST_CODE, LONGEST_NAME, NewDistrict, import_districts
from mapping.services.outlines import is_area, united
from mapping.services.tables import Row, Table
from mapping.services.values import text_of


class Command(BaseCommand):
    help = "Import a layer of districts; the districts that it had before are replaced."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("district_layer", metavar="LAYER", help="the layer's short name, e.g. wards")
        parser.add_argument("file")
        parser.add_argument("--name-field", required=True, metavar="FIELD")
        parser.add_argument("--code-field", metavar="FIELD", help="without it, the name is the code")
        parser.add_argument("--title", default="")
        parser.add_argument("--attribution", default="", help="the source of the data, shown on the map")
        parser.add_argument(
            "--campaign", nargs="+", default=[], metavar="SLUG", help="let these campaigns use it"
        )
        add_file_options(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            validate_slug(options["district_layer"])
        except ValidationError as error:
            raise CommandError(
                f"{options['district_layer']} is no short name: letters, digits and hyphens."
            ) from error
        campaigns = [campaign_of(slug) for slug in options["campaign"]]
        with opened(options["file"], options) as table:
            table.require(options["name_field"], options["code_field"])
            districts = list(self._districts(table, options))
        layer = import_districts(
            options["district_layer"],
            districts,
            title=options["title"],
            attribution=options["attribution"],
            campaigns=campaigns,
        )
        self.stdout.write(f"{layer.slug} has {len(districts)} districts.")

    def _districts(self, table: Table, options: dict[str, Any]) -> Iterator[NewDistrict]:
        """The districts of a file: rows with the same code are one district of several parts."""
        found: dict[str, tuple[str, list[BaseGeometry]]] = {}
        for batch in table.rows(crs=crs_of(options), drop_heights=True):
            for row in batch:
                name = text_of(row.fields[options["name_field"]])
                code = text_of(row.fields[options["code_field"]]) if options["code_field"] else name
                found.setdefault(code, (name, []))[1].append(_area(row, name, code))
        if not found:
            raise CommandError("The file has no rows.")
        for code, (name, areas) in found.items():
            outline = united(areas)
            if outline is None or not is_on_earth(outline):
                raise CommandError(
                    f"The district {name} has no area in degrees; name the file's CRS with --crs."
                )
            yield NewDistrict(code, name, outline)


def _area(row: Row, name: str, code: str) -> BaseGeometry:
    if not name or not code:
        raise CommandError(f"Row {row.number} has no name or no code.")
    if len(name) > LONGEST_NAME or len(code) > LONGEST_CODE:
        raise CommandError(
            f"Row {row.number}: a name has up to {LONGEST_NAME} characters, a code {LONGEST_CODE}."
        )
    if row.problem is not None:
        raise CommandError(f"Row {row.number}: {row.problem}")
    if row.geometry is None or not is_area(row.geometry):
        raise CommandError(f"Row {row.number} is no polygon; districts are areas.")
    return row.geometry
