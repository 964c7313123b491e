"""Downloads for GIS teams: one module per format, listed in `registry`.

Text is a stream of bytes made by PostgreSQL (`copying`); files are written by GDAL, pyarrow or xlsxwriter from Arrow
batches (`tables`, `writing`), also read by COPY. `files.write_file` writes any format to a path.

`selection` chooses contributions (the only access to them here: it starts at `Contribution.objects.published()` unless
staff named statuses), `features` renders one as GeoJSON text, `page` reads one page, `copying` streams.
"""
