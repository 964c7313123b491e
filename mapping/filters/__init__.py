"""Which contributions are meant: one filter for heat maps, exports, the OGC API, planners' pages, reports and commands.

A `Dimension` is one thing to filter by. All that the service knows of it stands in `dimensions`: how addresses name
it, how it becomes SQL, how the API's description and people put it. `ContributionFilter` holds chosen values.
"""
