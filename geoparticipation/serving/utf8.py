"""Requests are UTF-8, whatever charset a header declares."""

from django.core.handlers.wsgi import WSGIRequest


class Utf8Request(WSGIRequest):
    """A request whose address and form are UTF-8, as those of pages in UTF-8 are (URL standard, section 5.1).

    Django takes the codec from the header Content-Type and decodes the query with it while it creates the request,
    where no middleware can handle errors: Python has codecs ("idna") that refuse plain text.
    """

    @property
    def encoding(self) -> None:
        """None: the encoding of the settings."""
        return

    @encoding.setter
    def encoding(self, _named: str | None) -> None:
        """Ignore the header's charset; parsers of JSON check the header themselves."""
