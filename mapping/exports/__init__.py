"""What GIS teams take home: one file per format behind `registry`.

Text is a stream of bytes that PostgreSQL made (`copying`); files are written by GDAL, pyarrow or xlsxwriter from Arrow
batches (`tables`, `writing`), which also come from a COPY. `files.write_file` writes any of them to a path.

`selection` says which contributions (and is the only way to them here: it starts at `Contribution.objects.published()`
unless staff named statuses), `features` how one becomes GeoJSON text, `page` cuts out one page, `copying` streams.
"""
