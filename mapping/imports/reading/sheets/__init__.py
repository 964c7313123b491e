"""Tables without a format for places: text with separators (CSV) and workbooks (XLSX), read cell by cell.

GDAL reads both too, but loses what people put into them: times of day by the format of a cell, names of columns that
are numbers or occur twice, whatever stands above the header, cells beyond it.
"""
