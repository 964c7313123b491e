"""The filter of contributions, shared by heat maps, exports, the OGC API, planners' pages, reports and commands.

A `Dimension` is one thing to filter by. `dimensions` defines all of it: parameter names, SQL, OpenAPI schema and
labels. `ContributionFilter` holds the chosen values.
"""
