"""Tests mirror the tree of the code; people and campaigns come from `personas`."""
