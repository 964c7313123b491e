"""Demo campaigns with invented data: content from `fixtures/demo`, stored through the services."""

SLUGS = (
    "angstraeume",
    "hitze",
    "fahrradstrassen",
    "ampelfiguren",
    "ideen-innenstadt",
    "spielplaetze",
    "schulwege",
)
"""The campaigns; each has its own file of content."""
