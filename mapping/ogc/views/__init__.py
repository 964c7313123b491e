"""The thin shell of the OGC API: requests in, texts out, as JSON for programs and as pages for people."""
