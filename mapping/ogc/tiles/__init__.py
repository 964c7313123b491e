"""OGC API - Tiles (OGC 20-057): vector tiles of contributions and of cells, made by PostGIS for each request."""
