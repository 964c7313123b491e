"""OGC API - Features and Tiles at `/ogc/`, for QGIS, GDAL and other clients of the standards.

`collections` lists collections and their visibility, `features` and `cells` read items, `schema` describes them, `crs`
and `cql2` parse requests; `views` is the thin shell. No generic server is used, because it would read tables past the
publication gate.
"""
