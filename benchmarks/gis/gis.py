"""Offers for GIS: files, pages, tiles, slow clients, against ogr2ogr, tipg and pygeoapi: `bin/bench gis [SIZE]`.

Everything in one run on one database; both sides of each ratio in turns. The peers are installed on the first run
(`benchmarks/gis/gis_peers.py`); they and the server listen on 127.0.0.1 and are stopped at the end. With 1m it takes
about ten minutes, with 10k one: a look whether everything works, whose ratios mean little.
"""

from __future__ import annotations

import argparse
import time
from typing import Final

from benchmarks.gis import gis_files, gis_pages, gis_peers
from benchmarks.gis.gis_files import Files
from benchmarks.gis.gis_pages import Depth, Ours, Pages, Tiles
from benchmarks.running import data, place, server

_HEADS: Final = ("", "other", "ours", "ratio", "must", "aim")
Row = tuple[str, str, str, str, str, str]


def file_rows(found: Files) -> list[Row]:
    """What the table says about files."""
    return [
        (
            "GeoJSON against `psql COPY` of the same JSON",
            *(f"{found.copy:.2f} s", f"{found.plain:.2f} s"),
            *(f"**{found.plain / found.copy:.2f} ×**", "≤ 1.4 ×", "≤ 1.15 ×"),
        ),
        ("… growth of memory", "", "", f"**{found.growth:.0f} MB**", "≤ 30 MB", "≤ 15 MB"),
        ("… first byte", "", "", f"**{found.first_byte * 1000:.0f} ms**", "≤ 50 ms", "≤ 10 ms"),
        (
            "… zstd against plain",
            *(f"{found.plain:.2f} s", f"{found.zstd:.2f} s"),
            *(f"**{found.zstd / found.plain:.2f} ×**", "≤ 1.4 ×", "≤ 1.2 ×"),
        ),
        (
            "… against ogr2ogr from a finished table",
            *(f"{found.ogr:.2f} s", f"{found.plain:.2f} s"),
            *(f"**{found.ogr / found.plain:.1f} × faster**", "≥ 3 ×", "≥ 4.5 ×"),
        ),
        (
            "… against ogr2ogr from the view behind it",
            *(f"{found.ogr_view:.2f} s", f"{found.plain:.2f} s"),
            *(f"{found.ogr_view / found.plain:.1f} × faster", "", ""),
        ),
        (
            "GeoPackage against ogr2ogr from a finished table",
            *(f"{found.ogr_package:.2f} s", f"{found.package:.2f} s"),
            *(f"**{found.package / found.ogr_package:.2f} ×**", "≤ 1.3 ×", "≤ 1 ×"),
        ),
    ]


def page_rows(found: Pages, deep: Depth) -> list[Row]:
    """What the table says about pages."""
    return [
        (
            "items page of 1,000 against tipg",
            *(f"{found.tipg:.1f} /s", f"{found.ours:.1f} /s"),
            *(f"**{found.ours / found.tipg:.1f} ×**", "≥ 5 ×", "≥ 20 ×"),
        ),
        (
            "… against pygeoapi",
            *(f"{found.pygeoapi:.1f} /s", f"{found.ours:.1f} /s"),
            *(f"**{found.ours / found.pygeoapi:.1f} ×**", "≥ 5 ×", "≥ 20 ×"),
        ),
        (
            "… asked again where nothing changed, against tipg",
            *(f"{found.tipg:.1f} /s", f"{found.kept:.1f} /s"),
            *(f"**{found.kept / found.tipg:.1f} ×**", "≥ 5 ×", "≥ 20 ×"),
        ),
        (
            "… with its entity tag (304), against made anew",
            *(f"{found.ours:.1f} /s", f"{found.not_modified:.1f} /s"),
            *(f"{found.not_modified / found.ours:.1f} ×", "", ""),
        ),
        (
            f"page {deep.page:,} deep against page 1",
            *(f"{deep.first:.1f} ms", f"{deep.deep:.1f} ms"),
            *(f"**{deep.deep / deep.first:.2f} ×**", "≤ 1.5 ×", "≤ 1.1 ×"),
        ),
        (
            "… the same of tipg",
            *(f"{deep.tipg_first:.0f} ms", f"{deep.tipg_deep:.0f} ms"),
            *(f"{deep.tipg_deep / deep.tipg_first:.2f} ×", "", ""),
        ),
    ]


def tile_rows(found: Tiles) -> list[Row]:
    """What the table says about tiles."""
    kind = "cells" if found.level < found.same_level else "features"
    return [
        (
            f"MVT z{found.level} with {found.inside:,} contributions: {kind} against tipg's features",
            *(f"{found.tipg:.2f} /s", f"{found.ours:.1f} /s"),
            *(f"**{found.ours / found.tipg:.0f} ×**", "≥ 10 ×", "≥ 20 ×"),
        ),
        (
            "… asked again where nothing changed, against made anew",
            *(f"{found.ours:.1f} /s", f"{found.kept:.1f} /s"),
            *(f"{found.kept / found.ours:.1f} ×", "", ""),
        ),
        (
            "… with its entity tag (304), against made anew",
            *(f"{found.ours:.1f} /s", f"{found.not_modified:.1f} /s"),
            *(f"{found.not_modified / found.ours:.1f} ×", "", ""),
        ),
        (
            "… every feature on both sides, ours without a server",
            *(f"{found.tipg_alone:.0f} ms", f"{found.every_feature:.0f} ms"),
            *(f"{found.tipg_alone / found.every_feature:.1f} × faster", "", ""),
        ),
        (
            f"MVT z{found.same_level} with {found.same_inside:,} contributions, features on both sides",
            *(f"{found.same_tipg:.1f} /s", f"{found.same_ours:.1f} /s"),
            *(f"{found.same_ours / found.same_tipg:.1f} ×", "", ""),
        ),
    ]


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("size", nargs="?", default="1m", choices=place.SIZES, help="1m by default")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="of each measurement, 3 by default"
    )
    options = parser.parse_args()
    gis_peers.require_ogr2ogr()
    place.enter()
    small, campaign = data.ensure("10k"), data.ensure(options.size)
    gis_peers.ensure_environment()
    gis_peers.ensure_table(campaign)
    began = time.perf_counter()

    def note(what: str) -> None:
        place.say(f"{time.perf_counter() - began:4.0f} s  {what}")

    rows: list[Row] = []
    with server.running() as ours, server.running(kept_megabytes=32) as keeping:
        both = Ours(ours, keeping)
        note("files")
        rows += file_rows(gis_files.measure(campaign, small, ours, min(options.rounds, 2)))
        with gis_peers.tipg(campaign) as tipg:
            with gis_peers.pygeoapi(campaign) as pygeoapi:
                note("pages")
                pages = gis_pages.pages(campaign, both, tipg, pygeoapi, options.rounds)
            note("depth")
            rows += page_rows(pages, gis_pages.depth(campaign, ours, tipg))
            note("tiles")
            rows += tile_rows(gis_pages.tiles(campaign, both, tipg, options.rounds))
        note("slow clients")
        alone, beside, read = gis_pages.slow_downloads(campaign, ours, options.rounds)
        rows.append(
            (
                f"items pages while {gis_pages.SLOW_CLIENTS} clients download slowly ({read / 1e6:.0f} MB)",
                *(f"{alone:.1f} /s", f"{beside:.1f} /s"),
                *(f"**{beside / alone:.0%}**", "≥ 70 %", "≥ 90 %"),
            )
        )
    note("done")
    place.say(f"{place.machine()}; {gis_peers.versions()}; {place.SIZES[options.size]:,} contributions")
    place.say(place.table(_HEADS, rows))


if __name__ == "__main__":
    main()
