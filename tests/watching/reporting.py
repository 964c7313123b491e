"""A process that answers a request which fails; `test_error_reports` runs it and receives its reports."""

import io
import logging
import sys
from typing import Any


def main() -> None:
    """Answer one request, log one error, wait until both reports are sent."""
    import sentry_sdk
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
    settings.ROOT_URLCONF = "tests.watching.failing"
    body = b"text=planted-words"
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/mine/planted-token/",
        "QUERY_STRING": "search=planted-query",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": "203.0.113.77",
        "HTTP_HOST": "localhost",
        "HTTP_COOKIE": "csrftoken=planted-cookie",
        "HTTP_USER_AGENT": "planted-browser",
        "HTTP_X_FORWARDED_FOR": "203.0.113.77",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    answered: list[tuple[str, list[tuple[str, str]]]] = []
    b"".join(application(environ, lambda *answer: answered.append(answer[:2])))  # type: ignore[arg-type]
    logging.getLogger("tests").error("A letter to %s failed.", "planted-mail@example.org")
    sentry_sdk.flush(timeout=30)
    status, headers = answered[0]
    sys.stdout.write(f"{status} {dict(headers)['X-Request-ID']}")


if __name__ == "__main__":
    main()
