"""Code shared by all machine interfaces, whichever standard they follow.

Authentication and visibility, query parameters with one reason per invalid value, errors as problem documents
(RFC 9457), base class of views, compressed responses.
"""
