"""Counting by place: footprints of contributions on the 100 m grid, and what is computed from them.

The tables of this room are disposable: `bin/manage rebuild_aggregates` makes them from the contributions.
"""
