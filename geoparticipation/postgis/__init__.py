"""GeoDjango's PostGIS backend with a connection pool that outlives a restart of PostgreSQL."""
