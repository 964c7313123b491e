"""Certificates of others: trusted are those that the system trusts, not a list of a Python package.

`requests` brings certifi's list, which lacks the authority of a city's own network: a provider of log-ins, a council
information system and the site itself (`bin/deploy-check`) would not be trusted there, although curl trusts them.
"""

from __future__ import annotations

import os
import ssl


def trust_the_system() -> None:
    """Let `requests` read the system's authorities, unless `REQUESTS_CA_BUNDLE` or `CURL_CA_BUNDLE` names others."""
    paths = ssl.get_default_verify_paths()
    authorities = paths.cafile or paths.capath
    if authorities and not os.environ.get("CURL_CA_BUNDLE"):
        os.environ.setdefault("REQUESTS_CA_BUNDLE", authorities)
