"""`bin/manage import_ground`: the city's own ground, drawn under everything else."""

from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from audit.recording import Action, record
from mapping.geo.bbox import Box, parse_bbox
from mapping.geo.errors import GeometryProblem
from mapping.geo.ground import CLASSES
from mapping.imports.ground.osm import ATTRIBUTION, is_extract
from mapping.imports.ground.reading import GroundReading, GroundReport, read_ground
from mapping.imports.ground.shaping import clean_name
from mapping.imports.ground.storing import NewSource, count_ground, store_ground, watched
from mapping.imports.problems import TableProblem
from mapping.management.arguments import crs_of

_LONGEST_ATTRIBUTION: Final = 300
_MOST_KINDS: Final = 12
_PROGRESS_EVERY: Final = 50_000


class Command(BaseCommand):
    help = (
        "Import streets, rail, water, green, built-up land and names of places, which maps draw where no other base map"
        " is reached: extracts of OpenStreetMap (.osm.pbf, .osm), GeoPackage, Shapefile, GeoJSON and all other files"
        " that imports read. A file takes the place of the one of the same name; maps have the old ground until the new"
        " one is complete."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE")
        parser.add_argument("--replace", action="store_true", help="forget all files imported before")
        parser.add_argument("--attribution", help="the source of the data, shown on maps")
        parser.add_argument(
            "--box",
            metavar="WEST,SOUTH,EAST,NORTH",
            help="keep what lies in this box alone, in degrees, e.g. 7.6,49.35,7.9,49.5",
        )
        parser.add_argument(
            "--crs", metavar="EPSG:N", help="the coordinates' CRS, where a file does not say it"
        )
        parser.add_argument(
            "--encoding", help="the encoding of Shapefiles and text files that are not UTF-8, e.g. cp1252"
        )
        parser.add_argument("--dry-run", action="store_true", help="read everything, store nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        paths = [Path(name) for name in options["files"]]
        self._require_names(paths)
        reading = GroundReading(crs_of(options), options["encoding"], _box(options["box"]))
        report = GroundReport()
        sources = self._sources(paths, reading, report, options["attribution"])
        try:
            if options["dry_run"]:
                done = f"{count_ground(sources):,} features would be stored. Nothing was stored."
            else:
                stored = store_ground(sources, replace=options["replace"])
                record(None, Action.IMPORTED, view="ground", stored=stored)
                done = f"{stored:,} features stored."
        except TableProblem as problem:
            # Why nothing is drawn: a missing CRS, unknown classes.
            if report.rows:
                self._describe(report)
            raise CommandError(str(problem)) from problem
        self._describe(report)
        self.stdout.write(done)

    def _require_names(self, paths: list[Path]) -> None:
        twice = [name for name, count in Counter(path.name for path in paths).items() if count > 1]
        if twice:
            raise CommandError(f"Two files are called {twice[0]}; each would take the place of the other.")

    def _sources(
        self, paths: list[Path], reading: GroundReading, report: GroundReport, attribution: str | None
    ) -> Iterator[NewSource]:
        for path in paths:
            source = attribution if attribution is not None else ATTRIBUTION if is_extract(path) else ""
            if len(source) > _LONGEST_ATTRIBUTION:
                raise CommandError(f"--attribution has more than {_LONGEST_ATTRIBUTION} characters.")
            if not source:
                self.stderr.write(f"{path.name}: without --attribution, maps name no source.")
            batches = watched(read_ground(path, reading, report), self._progress(report))
            yield NewSource(clean_name(path.name), source, batches)

    def _progress(self, report: GroundReport) -> Any:
        shown = report.rows // _PROGRESS_EVERY

        def show() -> None:
            nonlocal shown
            if report.rows // _PROGRESS_EVERY > shown:
                shown = report.rows // _PROGRESS_EVERY
                self.stderr.write(f"{report.rows:,} rows read ...")

        return show

    def _describe(self, report: GroundReport) -> None:
        self.stdout.write(f"{report.rows:,} rows read.")
        for layer in CLASSES:
            counted = Counter({kind: count for (of, kind), count in report.drawn.items() if of == layer})
            if counted:
                self.stdout.write(f"{layer.capitalize()}s: {_counted(counted, len(counted))}.")
        if report.unknown:
            self.stdout.write(f"Not drawn: {_counted(report.unknown, _MOST_KINDS)}.")
        if report.problems:
            self.stdout.write(f"Without a usable shape: {_counted(report.problems, _MOST_KINDS)}.")
        if report.too_small:
            self.stdout.write(f"Too small to be seen: {report.too_small:,}.")
        if report.outside:
            self.stdout.write(f"Outside of the box: {report.outside:,}.")


def _counted(counted: Mapping[str, int], most: int) -> str:
    """What there is most of, with numbers, in one line."""
    names = Counter(counted).most_common()
    words = [f"{clean_name(name)[:60]} ({count:,})" for name, count in names[:most]]
    further = sum(count for _name, count in names[most:])
    return ", ".join([*words, *([f"others ({further:,})"] if further else [])])


def _box(text: str | None) -> Box | None:
    if not text:
        return None
    try:
        boxes = parse_bbox(text).boxes()
    except GeometryProblem as problem:
        raise CommandError(f"--box: {problem}") from problem
    if len(boxes) > 1:
        raise CommandError("--box: west must be less than east.")
    return boxes[0]
