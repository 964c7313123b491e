"""Whether the server of this container answers; ends with an error where it does not."""  # noqa: INP001 - a program

import os
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].lstrip(".")
request = urllib.request.Request("http://127.0.0.1:8000/healthz", headers={"Host": host})
with urllib.request.urlopen(request, timeout=5):  # noqa: S310 - http, to ourselves
    pass
