"""Measurements of the hot paths, as ratios within one run; `bin/bench NAME` or `python -m benchmarks.ROOM.NAME`."""
