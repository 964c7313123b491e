"""Questionnaires as workbooks in the dialect XLSForm (xlsform.org), which KoboToolbox, ODK and others write and read.

`reading.read_xlsform` parses one, `storing.import_xlsform` adds its questions to a survey, `writing.write_xlsform`
writes a survey. What a survey here cannot do is reported by sheet and row, never guessed.
"""
