"""The settings of the site, with the plain viewset of `benchmarks.gis.peer` beside ours."""

from geoparticipation.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.gis.peer"
