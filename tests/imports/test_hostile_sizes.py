"""Files and texts that are made to take long: each takes as long as it is, and no more."""

import gzip
import importlib
import pkgutil
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import geoparticipation
import mapping
from mapping.geo.text import clean_text
from mapping.imports.problems import TableProblem
from mapping.imports.reading.inspection import inspect
from mapping.imports.reading.unpacking import unpacked
from tests.work import bounded_work

MEGABYTE = 2**20


def code_of(path: Path, content: bytes) -> str | None:
    """Write a file and look into it: what it is refused for."""
    path.write_bytes(content)
    try:
        with bounded_work():
            inspect(path, path.name)
    except TableProblem as problem:
        return problem.code
    return None


NESTED = b'{"type":"name","x":' * 100 + b"1" + b"}" * 100


@pytest.mark.parametrize(
    ("piece", "code"),
    [
        (b'"crs",', None),
        (b'"crs"' + b" " * 100 + b",", None),
        (b'"crs":"x",', None),
        (b'"\\u0063rs" :1,', None),
        (b'"crs":{"type":"name"},', None),
        (b'"crs":' + NESTED + b",", None),
        (b'"crs":{"type":"name","x":[' + b"[" * 500 + b"]" * 500 + b"]},", None),
        (b'"crs":{"type":"name","a":{"crs":1}},', "file_with_references"),
        (b'"crs":{"crs":', "file_with_references"),
    ],
)
@pytest.mark.slow
def test_json_with_many_names_of_a_crs(tmp_path: Path, piece: bytes, code: str | None) -> None:
    content = b'{"a":[' + piece * (6 * MEGABYTE // len(piece)) + b"1]}"
    assert code_of(tmp_path / "places.geojson", content) == code


@pytest.mark.parametrize("blanks", [0, 10, 8_000, 8_191, 8_192, 9_000, 2 * MEGABYTE])
@pytest.mark.parametrize("where", ["before the colon", "behind the colon"])
@pytest.mark.parametrize("at", [0, MEGABYTE - 3, MEGABYTE - 60])
def test_crs_by_reference_is_found_behind_any_number_of_blanks(
    tmp_path: Path, blanks: int, where: str, at: int
) -> None:
    """Wherever it lies among the pieces in which a file is read."""
    between = b" " * blanks
    colon = between + b":" if where == "before the colon" else b":" + between
    start = b'{"a":"' + b"x" * at + b'","crs"'
    content = start + colon + b'{"type":"link","properties":{"href":"http://x.example/"}}}'
    assert code_of(tmp_path / "places.geojson", content) == "file_with_references"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<?xml" * 20_000, "file_other_content"),
        (b"<?xml" * 10_000 + b"?><gpx/>", None),
        (b"<?xml " + b"encoding " * 7_000 + b"?><gpx/>", None),
        (b"<?xml " + b"encoding" + b" " * 60_000 + b"?><gpx/>", None),
        (b"<?xml version='1.0' encoding = 'utf-16'?><gpx/>", "file_not_utf8_xml"),
        (b"\xef\xbb\xbf<?xml version='1.0' encoding='UTF-7'?><gpx/>", "file_not_utf8_xml"),
        (b"<?xml version='1.0' encoding='UTF-8'?><gpx/>" + b"<?xml" * 20_000, None),
        (b"<gpx>" + b"<?xml encoding='" * 20_000, None),
        (b"<!--" * 16_000 + b"--><gpx/>", None),
        (b" " * 60_000 + b"<gpx/>", None),
    ],
)
def test_xml_with_many_declarations(tmp_path: Path, content: bytes, code: str | None) -> None:
    assert code_of(tmp_path / "track.gpx", content) == code


# --- bombs ------------------------------------------------------------------------------------------------------------


def refused(path: Path) -> str:
    """Why a file is not unpacked."""
    with pytest.raises(TableProblem) as error, unpacked(path):
        pass
    return error.value.code


@pytest.mark.slow
def test_gzip_that_unpacks_to_a_multiple_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    path.write_bytes(gzip.compress(b"\0" * (300 * MEGABYTE), compresslevel=9))
    assert path.stat().st_size < MEGABYTE
    assert refused(path) == "file_bomb"


def test_gzip_of_an_honest_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv.gz"
    rows = b"lon,lat\n" + b"7.76,49.44\n" * 1_000_000
    path.write_bytes(gzip.compress(rows))
    with unpacked(path) as file:
        assert file.plain.stat().st_size == len(rows)


@pytest.mark.parametrize("ending", ["zip", "kmz", "xlsx"])
def test_archive_whose_members_claim_to_be_large_packed_is_refused(tmp_path: Path, ending: str) -> None:
    """What the directory says of packed sizes is believed up to the size of the archive only."""
    path = tmp_path / f"places.{ending}"
    member = {"zip": "places.csv", "kmz": "doc.kml", "xlsx": "xl/worksheets/sheet1.xml"}[ending]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, b" " * (40 * MEGABYTE))
    content = bytearray(path.read_bytes())
    at = content.rindex(b"PK\x01\x02") + 20
    content[at : at + 4] = (30 * MEGABYTE).to_bytes(4, "little")
    path.write_bytes(content)
    assert refused(path) in {"file_bomb", "file_unreadable"}
    assert refused(path) == "file_bomb"


def test_parquet_that_unpacks_to_a_multiple_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "places.parquet"
    geo = b'{"primary_column":"g","columns":{"g":{"encoding":"WKB"}}}'
    schema = pa.schema([pa.field("g", pa.binary()), pa.field("t", pa.string())], metadata={b"geo": geo})
    texts = [" " * MEGABYTE + str(number) for number in range(40)]
    table = pa.table({"g": [b""] * 40, "t": texts}, schema=schema)
    pq.write_table(table, path, compression="zstd", use_dictionary=False)
    assert refused(path) == "file_bomb"


# --- every pattern and every text -------------------------------------------------------------------------------------


def test_long_runs_of_blanks_in_a_text_take_no_square() -> None:
    with bounded_work():
        for text in (" \t" * 1_000_000, "\n" * 2_000_000, "a\u0301" * 500_000, "\u0301" * 1_000_000):
            cleaned = clean_text(text, max_length=3_000_000, multiline=True)
            assert len(cleaned) <= len(text)


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Every pattern of the project, by its name."""
    for package in (mapping, geoparticipation):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # Migrations are history; what is written into a report are the project's own files.
            if "migrations" in module.name or module.name == "mapping.reports.assets":
                continue
            loaded = importlib.import_module(module.name)
            for name, value in vars(loaded).items():
                if isinstance(value, re.Pattern):
                    yield f"{module.name}.{name}", value


# What makes patterns try again: runs of what their repetitions take, and beginnings without an end.
_RUNS = (
    *(
        " ",
        "\t",
        "\n",
        "a",
        "0",
        "0.",
        "0-",
        "-",
        ".",
        "a.",
        "a-",
        "a@",
        "/",
        "/a",
        "\\",
        '"',
        '\\"',
        "'",
        "\\'",
    ),
    *(
        "[",
        "<!--",
        "<?xml ",
        "encoding",
        "encoding ",
        "grids",
        "grids =",
        "as ",
        "using ",
        "create ",
        "PROJCS ",
    ),
    *(
        "answers[",
        "attribute[",
        "q=",
        "/mine/",
        "url(",
        "sourceMappingURL",
        "urn:ogc:def:crs:",
        "e1",
        "e+",
        "W/",
    ),
)


@pytest.mark.slow
def test_no_pattern_takes_the_square_of_its_text() -> None:
    """Each meets sixty thousand characters of everything, searched anywhere, as no caller lets it."""
    found = list(patterns())
    assert len(found) > 40
    slow = []
    for name, pattern in found:
        for run in _RUNS:
            text = (run * 60_000)[:60_000] + "\x01"
            try:
                with bounded_work(2.0):
                    if isinstance(pattern.pattern, bytes):
                        pattern.search(text.encode())
                    else:
                        pattern.search(text)
            except AssertionError:
                slow.append((name, run))
    assert slow == []
