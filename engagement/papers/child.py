"""The process that opens files of others, with limits of memory and time: `python -m engagement.papers.child`.

Writes one JSON value a line: for `clean` the number of pages or the reason of a refusal, for `read` a text per page.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Final

MOST_MEMORY: Final = 2 * 1024**3
"""Bytes of address space, libraries included."""


def main(arguments: list[str]) -> int:
    """`clean SOURCE TARGET SECONDS MOST_PAGES` or `read SOURCE SECONDS`."""
    what, source, *more = arguments
    _limit(int(more[1] if what == "clean" else more[0]))
    if what == "clean":
        return _clean(Path(source), Path(more[0]), int(more[2]))
    from engagement.papers.reading import page_texts

    for text in page_texts(Path(source)):
        _print(text)
    return 0


def _clean(source: Path, target: Path, most_pages: int) -> int:
    from engagement.papers.cleaning import clean
    from engagement.papers.problems import PdfProblem

    try:
        _print({"pages": clean(source, target, most_pages)})
    except PdfProblem as problem:
        _print({"code": problem.code, "params": problem.params})
    return 0


def _limit(seconds: int) -> None:
    """Seconds of the processor; whoever started this process watches the clock."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))


def _print(value: object) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
