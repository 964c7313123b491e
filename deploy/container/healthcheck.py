"""Whether the server of this container answers; ends with an error where it does not."""  # noqa: INP001 - a program

import urllib.request

with urllib.request.urlopen("http://127.0.0.1:8000/healthz", timeout=5):
    pass
