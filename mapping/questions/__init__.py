"""The kinds of questions: how each is asked, parsed, stored, described in words and written to files.

A kind is one class, registered in `registry`; forms, services, filters, exports, imports and Open311 ask it.
"""
