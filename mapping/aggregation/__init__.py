"""Counting by place: footprints of contributions on the 100 m grid, and what is computed from them.

The tables of this package are derived data: `bin/manage rebuild_aggregates` rebuilds them from the contributions.
"""
