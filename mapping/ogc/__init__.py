"""OGC API - Features and Tiles at `/ogc/`, for QGIS, GDAL and whoever speaks the standards.

`collections` says what there is and who may see it, `features` and `cells` read items, `schema` describes them, `crs`
and `cql2` understand what clients ask; `views` is the thin shell. Written here instead of mounted, because a generic
server would read tables around the gate.
"""
