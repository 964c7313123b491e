"""Requests in UTF-8, whatever charset a header names."""

from django.core.handlers.wsgi import WSGIRequest


class Utf8Request(WSGIRequest):
    """A request whose address and form are UTF-8, as those of pages in UTF-8 are (URL standard, section 5.1).

    Django takes the codec from the header Content-Type and reads the query by it while it makes the request, where no
    middleware can answer for what goes wrong: Python knows codecs ("idna") that refuse what is plain to read.
    """

    @property
    def encoding(self) -> None:
        """None: that of the settings."""
        return

    @encoding.setter
    def encoding(self, _named: str | None) -> None:
        """Whatever a header names counts for nothing; parsers of JSON look at the header themselves."""
