"""What GIS teams take home: one file per format behind `registry`, each a stream of bytes that PostgreSQL made.

`selection` says which contributions (and is the only way to them here: it starts at `Contribution.objects.published()`
unless staff named statuses), `features` how one becomes GeoJSON text, `page` cuts out one page, `copying` streams.
"""
