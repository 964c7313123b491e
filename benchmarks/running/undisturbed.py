"""The machine's load before and after a measurement, and a warning where other work disturbed it."""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from collections.abc import Iterator
from typing import Final

QUIET_BEFORE: Final = 0.5
"""Load per core up to which a machine counts as quiet before a run."""

OWN_AFTER: Final = 1.5
"""Load per core that a run may leave behind: its server and its database keep every core busy, and a little queues."""

Load = tuple[float, float, float]
"""Mean number of processes that ran or waited, over 1, 5 and 15 minutes (getloadavg(3))."""


def warnings(before: Load, after: Load, cores: int) -> Iterator[str]:
    """Sentences about what makes the figures of a run doubtful; none for a quiet run."""
    if before[0] > QUIET_BEFORE * cores:
        yield (
            f"DISTURBED: the machine was busy before the run began (load {before[0]:.1f} on {cores} cores). "
            "Ratios too are wrong then: repeat it on a quiet machine."
        )
    if after[0] > OWN_AFTER * cores:
        yield (
            f"DISTURBED: more ran than the measurement itself (load {after[0]:.1f} on {cores} cores at its end). "
            "Repeat it on a quiet machine."
        )


def main() -> None:
    """Run a benchmark by its name, with its own arguments."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("name")
    options, rest = parser.parse_known_args()
    cores = os.cpu_count() or 1
    before = os.getloadavg()
    print(f"Load before: {_written(before)} on {cores} cores.")
    sys.argv = [f"benchmarks.{options.name}", *rest]
    try:
        runpy.run_module(f"benchmarks.{options.name}", run_name="__main__", alter_sys=True)
    finally:
        after = os.getloadavg()
        print(f"Load after: {_written(after)}.")
        for words in warnings(before, after, cores):
            print(words, file=sys.stderr)


def _written(load: Load) -> str:
    return " / ".join(f"{one:.2f}" for one in load) + " (1, 5, 15 minutes)"


if __name__ == "__main__":
    main()
