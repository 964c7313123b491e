"""A large site backed up, lost and restored: `bin/bench restore [--contributions N] [--photos N]`.

Nothing is compared: the seconds of `bin/backup` and `bin/restore` on a PostgreSQL and a folder of its own, and whether
all rows and files are as before.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import UUID

import numpy as np
from PIL import Image

from benchmarks.running import data, place
from benchmarks.running.cluster import Cluster, running_cluster

if TYPE_CHECKING:
    from mapping.models import Photo

DATABASE: Final = "lost"
ROOT: Final = Path(__file__).parents[2]
SIZE: Final = (800, 600)
_PIECE: Final = 1_000
CHANGED: Final = frozenset({"audit_entry", "mapping_change", "mapping_erasure", "mapping_releasehold"})
"""Tables that the restore changes: it is recorded, revisions begin anew, a gap is noted, releases are held."""
_TABLES: Final = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relpersistence = 'p'
"""


@dataclass
class Seen:
    """What is in a site: each table's rows and each file, by digest."""

    tables: dict[str, tuple[int, str]]
    files: dict[str, str]


def look(cluster: Cluster, media: Path) -> Seen:
    """Read everything. Rows are compared as a set: a restored table lies in another order."""
    tables: dict[str, tuple[int, str]] = {}
    with cluster.connect(DATABASE) as connection:
        for (name,) in connection.execute(_TABLES).fetchall():
            # The sum of the rows' digests does not depend on their order (128 bits as two numbers).
            row = connection.execute(
                f"SELECT count(*), coalesce(sum(('x' || left(digest, 15))::bit(60)::bigint), 0)::text || '/' ||"
                " coalesce(sum(('x' || right(digest, 15))::bit(60)::bigint), 0)::text"
                f' FROM (SELECT md5(one::text) AS digest FROM "{name}" AS one) AS digests'.encode()
            ).fetchone()
            assert row is not None
            tables[name] = row
    files = {
        str(path.relative_to(media)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in media.rglob("*")
        if path.is_file()
    }
    return Seen(tables, files)


def fill(contributions: int, photos: int) -> None:
    """Make the campaign in the database that `DATABASE_URL` names, and photos of its first contributions."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from mapping.models import Photo

    campaign = data.make(f"bench-{contributions}", contributions)
    keys = campaign.contributions.order_by("pk").values_list("pk", flat=True)[:photos]
    made = list(_photos(list(keys)))
    Photo.objects.bulk_create(made, batch_size=_PIECE)


def _photos(contributions: list[UUID]) -> Iterator[Photo]:
    from django.core.files.base import ContentFile

    from mapping.models import Photo

    random = np.random.default_rng(16)
    for number, contribution in enumerate(contributions):
        # Coarse noise, enlarged: as many bytes as a photo from a phone has after it was made smaller.
        coarse = Image.fromarray(random.integers(0, 255, (60, 80, 3), dtype=np.uint8))
        written = io.BytesIO()
        coarse.resize(SIZE).save(written, "JPEG", quality=80)
        body = written.getvalue()
        photo = Photo(
            contribution_id=contribution,
            width=SIZE[0],
            height=SIZE[1],
            digest=hashlib.sha256(body).digest(),
        )
        photo.file.save(f"{number}.jpg", ContentFile(body), save=False)
        yield photo


def main() -> None:
    """Back up, lose, restore, compare; the exit status tells whether anything differs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--contributions", type=int, default=1_000_000)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)  # in a process of its own
    options = parser.parse_args()
    if options.fill:
        fill(options.contributions, options.photos)
        return
    with running_cluster() as cluster, tempfile.TemporaryDirectory(prefix="gp-restore-") as room:
        var, sets = Path(room) / "var", Path(room) / "sets"
        var.mkdir()
        environment = {**os.environ, "DATABASE_URL": cluster.url(DATABASE), "VAR_DIR": str(var)}

        def run(*arguments: object) -> float:
            began = time.perf_counter()
            subprocess.run(
                [sys.executable, *map(str, arguments)],
                cwd=ROOT,
                env=environment,
                check=True,
                stdout=sys.stderr,
            )
            return time.perf_counter() - began

        cluster.create(DATABASE)
        numbers = ("--contributions", options.contributions, "--photos", options.photos)
        run("-m", "benchmarks.site.restore", "--fill", *numbers)
        before = look(cluster, var / "media")
        weight = _weight(var / "media")
        backup = run("manage.py", "backup", sets)
        [made] = sets.glob("2*")
        with cluster.connect() as connection:
            connection.execute(f'DROP DATABASE "{DATABASE}" WITH (FORCE)'.encode())
        shutil.rmtree(var)
        var.mkdir()
        cluster.create(DATABASE)
        restore = run("manage.py", "restore", made, "--without-erasures")
        after = look(cluster, var / "media")
        kept = _weight(made)
    tables = {name for name in before.tables if before.tables[name] != after.tables.get(name)} - CHANGED
    rows = sum(number for number, _digest in before.tables.values())
    files = before.files.items() ^ after.files.items()
    place.say(
        place.table(
            ("", "seconds"),
            [("`bin/backup`, verified", f"{backup:.0f}"), ("`bin/restore`", f"{restore:.0f}")],
        )
    )
    place.say(
        f"\n{rows:,} rows in {len(before.tables)} tables, {len(before.files):,} files of {weight:,.0f} MB;"
        f" the set takes {kept:,.0f} MB. Differing: {sorted(tables) or 'no table'}, {len(files) // 2} files."
    )
    sys.exit(bool(tables or files))


def _weight(folder: Path) -> float:
    """Megabytes of the files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
