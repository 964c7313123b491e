"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2): categories that take points, as services.

Reports are contributions: the same checks, the same review, the same gate.
"""
