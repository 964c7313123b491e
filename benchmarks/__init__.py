"""Measurements of the hot paths, each as ratios within one run: `bin/bench NAME`, whatever its room."""
