"""Cleaning and reading of PDF files in a process of their own, whose memory and time are limited."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engagement.papers.problems import PdfProblem

CLEANING_SECONDS: Final = 30
READING_SECONDS: Final = 180
"""pypdf reads some 50 pages a second: as many as may be uploaded take less than a minute."""
_SIGNATURE: Final = b"%PDF-"
_SIGNATURE_WITHIN: Final = 1024
"""Where readers look for the signature (ISO 32000-1, annex H.3, note 13)."""
_ROOT: Final = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class CleanPdf:
    """A file without scripts, attachments and names of authors."""

    data: bytes
    pages: int


def clean_pdf(pieces: Iterable[bytes], *, most_bytes: int, most_pages: int) -> CleanPdf:
    """Clean an uploaded file.

    Raises PdfProblem: file_empty, pdf_too_large (max, in MB), not_a_pdf, pdf_too_slow, and as `cleaning.clean`.
    """
    with tempfile.TemporaryDirectory(prefix="pdf-") as folder:
        source, target = Path(folder, "source.pdf"), Path(folder, "target.pdf")
        _store(pieces, source, most_bytes)
        with _child("clean", str(source), str(target), CLEANING_SECONDS, most_pages) as lines:
            answer = next(lines, None)
        if not isinstance(answer, dict):
            raise PdfProblem("pdf_too_slow")
        if "code" in answer:
            raise PdfProblem(answer["code"], **answer["params"])
        return CleanPdf(target.read_bytes(), answer["pages"])


def read_pdf(path: Path) -> Iterator[str]:
    """The text of each page; ends early where the file is broken or takes more time or memory than it may."""
    with _child("read", str(path), READING_SECONDS) as lines:
        for text in lines:
            if isinstance(text, str):
                yield text


def _store(pieces: Iterable[bytes], path: Path, most: int) -> None:
    size, begin = 0, b""
    with path.open("wb") as file:
        for piece in pieces:
            size += len(piece)
            if size > most:
                raise PdfProblem("pdf_too_large", max=most // 2**20)
            begin = (begin + piece)[:_SIGNATURE_WITHIN] if len(begin) < _SIGNATURE_WITHIN else begin
            file.write(piece)
    if not size:
        raise PdfProblem("file_empty")
    if _SIGNATURE not in begin:
        raise PdfProblem("not_a_pdf")


@contextmanager
def _child(*arguments: str | int) -> Iterator[Iterator[object]]:
    """The JSON values that the process writes; it is killed at its time limit, or when nobody reads any more."""
    seconds = next(one for one in arguments if isinstance(one, int))
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "engagement.papers.child", *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},  # no secret of this process
        text=True,
        encoding="utf-8",
    )
    clock = threading.Timer(seconds, process.kill)
    clock.daemon = True
    clock.start()
    try:
        assert process.stdout is not None  # noqa: S101 - for the type checker
        yield _values(process.stdout)
    finally:
        clock.cancel()
        process.kill()
        process.communicate()


def _values(lines: Iterable[str]) -> Iterator[object]:
    for line in lines:
        try:
            yield json.loads(line)
        except ValueError:  # the process was killed while it wrote
            return
