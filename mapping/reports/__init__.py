"""Reports of heat maps: content, a single-file HTML page, a picture. Owns no table."""
