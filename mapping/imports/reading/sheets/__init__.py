"""Tables without a format for places: text with separators (CSV) and workbooks (XLSX), read cell by cell.

GDAL reads both too, but loses data: times of day defined by the format of a cell, names of columns that are numbers or
occur twice, lines above the header, cells beyond it.
"""
