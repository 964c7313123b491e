"""What must not reach a log: private links, whose path alone makes their holder the author of a contribution."""

import logging
import re

_PRIVATE_LINK = re.compile(r"(/mine/)[^/\s\"']+")


class WithoutPrivateLinks(logging.Filter):
    """Replaces the secret part of private links in every message, Django's own about refused requests included."""

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if "/mine/" in message:
            record.msg, record.args = _PRIVATE_LINK.sub(r"\1…", message), ()
        return True
