"""Views of the OGC API: JSON for programs and HTML pages for people."""
