"""Removal of private links from logs, as their path alone gives access to data that are not public.

An author's link opens a contribution, a response or a proposal, an analyst's (for GIS programs) a campaign, one sent by
mail an account, a registration for a date or the subscriptions of an address, an invitation a role in a campaign.
"""

import logging
import re

# Escaped too, as paths occur in the parameters of other addresses.
_PRIVATE_LINK = re.compile(
    r"((?:/|%2F)(?:mine|response|registrations|proposal|planning(?:/|%2F)invitation|subscriptions(?:/|%2F)(?:author|confirm|end)|ogc(?:/|%2F)key"
    r"|accounts(?:/|%2F)reset(?:/|%2F)[\w-]+)(?:/|%2F))[^/\s\"'%?&]+",
    re.IGNORECASE,
)


# What somebody wrote about a barrier is the argument of its job, which the queue names when it starts and fails.
_REPORT = re.compile(r"(send_barrier_report\[\w+\])\(.*\)", re.DOTALL)


class WithoutPrivateLinks(logging.Filter):
    """Replaces the secret part of private links in every message, Django's own about refused requests included.

    Reports of barriers lose what was written.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        cleaned = _PRIVATE_LINK.sub(r"\1…", _REPORT.sub(r"\1(…)", message))
        if cleaned != message:
            record.msg, record.args = cleaned, ()
        return True
