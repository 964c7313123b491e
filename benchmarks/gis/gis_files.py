"""Whole files: the GeoJSON download and the GeoPackage, against psql COPY and ogr2ogr."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.gis import gis_peers
from benchmarks.gis.download import Watch, psql_copy
from benchmarks.running import server

if TYPE_CHECKING:
    from mapping.models import Campaign

_READ: Final = 1024 * 1024
_MEGABYTE: Final = 2**20
_FIRST_BYTES: Final = 9
_REST: Final = 0.3
_PATIENCE: Final = 60.0


@dataclass(frozen=True)
class Files:
    """Seconds of each way, the best of the rounds; growth of memory in MB; sizes in bytes."""

    copy: float
    plain: float
    zstd: float
    ogr: float
    ogr_view: float
    package: float
    ogr_package: float
    growth: float
    first_byte: float
    size: int


def measure(campaign: Campaign, small: Campaign, running: server.Server, rounds: int) -> Files:
    """Every way in every round, so that other work on the machine meets all alike."""
    path = f"/api/v1/campaigns/{campaign.slug}/download.geojson"
    table = gis_peers.table_name(campaign)
    geojson = ("-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=7")
    made: list[int] = []
    growth: list[float] = []

    def plain() -> None:
        with Watch(running) as watch:
            made.append(_fetched(running, path, "identity"))
        growth.append(watch.growth / _MEGABYTE)

    ways: dict[str, Callable[[], object]] = {
        "copy": psql_copy(campaign),
        "plain": plain,
        "zstd": lambda: _fetched(running, path, "zstd"),
        "ogr": lambda: _piped(gis_peers.ogr2ogr(table, "/vsistdout/", *geojson)),
        "ogr_view": lambda: _piped(gis_peers.ogr2ogr(f"{table}_view", "/vsistdout/", *geojson)),
    }
    for _ in range(6):  # all workers have imported everything and made their first buffers
        _fetched(running, f"/api/v1/campaigns/{small.slug}/download.geojson", "identity")
    took = _in_turns(ways, rounds) | _packages(campaign, rounds)
    return Files(**took, growth=max(growth), first_byte=_first_byte(running, path), size=made[-1])


def _packages(campaign: Campaign, rounds: int) -> dict[str, float]:
    """A GeoPackage as the job writes it, and ogr2ogr's of the same rows; both onto the same disk."""
    from mapping.exports.registry import AS_IT_IS, Origin, format_named
    from mapping.exports.selection import Selection

    wanted = format_named("gpkg")
    assert wanted
    write_file = wanted.write_file
    assert write_file
    ours, theirs = gis_peers.home() / "ours.gpkg", gis_peers.home() / "ogr2ogr.gpkg"
    origin = Origin("http://127.0.0.1/", "/photos/")
    command = gis_peers.ogr2ogr(gis_peers.table_name(campaign), str(theirs), "-f", "GPKG")

    def write_ours() -> None:
        ours.unlink(missing_ok=True)
        write_file(Selection(campaign), origin, AS_IT_IS, ours, lambda _done, _of: None)

    def write_theirs() -> None:
        theirs.unlink(missing_ok=True)
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)

    try:
        return _in_turns({"package": write_ours, "ogr_package": write_theirs}, rounds)
    finally:
        ours.unlink(missing_ok=True)
        theirs.unlink(missing_ok=True)


def _in_turns(ways: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The shortest duration of each; no further round when one took too long."""
    took = dict.fromkeys(ways, float("inf"))
    began = time.perf_counter()
    for _ in range(rounds):
        for name, way in ways.items():
            start = time.perf_counter()
            way()
            took[name] = min(took[name], time.perf_counter() - start)
        if time.perf_counter() - began > _PATIENCE:
            break
    return took


def _first_byte(running: server.Server, path: str) -> float:
    """Seconds until the first byte of the body, the median of some; the rest is not read."""
    found = []
    for _ in range(_FIRST_BYTES):
        connection = running.connect()
        connection.connect()
        start = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Encoding": "identity"})
        response = connection.getresponse()
        response.read(1)
        found.append(time.perf_counter() - start)
        response.close()
        connection.close()
        time.sleep(_REST)  # until the server has put away what was not read
    return sorted(found)[_FIRST_BYTES // 2]


def _fetched(running: server.Server, path: str, coding: str) -> int:
    status, size = running.get(path, coding)
    if status != 200:
        raise RuntimeError(f"{path} answers {status}")
    return size


def _piped(command: Sequence[str]) -> int:
    """Run a command and throw away what it writes; return how much that was."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    size = 0
    buffer = bytearray(_READ)
    while count := process.stdout.readinto(buffer):  # type: ignore[attr-defined]
        size += count
    if process.wait() or not size:
        raise RuntimeError(f"{command[0]} failed.")
    return size
