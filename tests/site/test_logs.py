"""What private links open is not public: their secrets reach no log."""

import logging

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from geoparticipation.logs import WithoutPrivateLinks

SECRET = "abc-DEF_123"


def logged(address: str) -> str:
    record = logging.LogRecord("django", logging.WARNING, "", 0, "%s: %s", ("Not Found", address), None)
    WithoutPrivateLinks().filter(record)
    return record.getMessage()


@pytest.mark.parametrize(
    "route",
    [
        "my-contribution",
        "withdraw-mine",
        "contribution-thanks",
        "my-response",
        "response-thanks",
        "change-response",
        "registration",
        "plan-proposal",
        "planning:invitation",
        "subscribe-author",
        "subscription-confirm",
        "subscription-end",
        "subscriptions-mine",
        "ogc-key:landing",
    ],
)
def test_private_links_reach_no_log(route: str) -> None:
    address = reverse(route, args=(SECRET,))
    assert logged(address) == f"Not Found: {address.replace(SECRET, '…')}"
    assert SECRET not in logged("/?" + urlencode({"next": address}))


@pytest.mark.parametrize("address", ["100 % of /mining/x", "/campaigns/fear-spaces/", "/responses/x/"])
def test_other_addresses_are_logged_as_they_are(address: str) -> None:
    assert logged(address) == f"Not Found: {address}"


def test_reports_of_barriers_reach_no_log() -> None:
    arguments = "page='/help/', text='I am blind (from birth)\nand', email='me@example.org'"
    said = f"Job send_barrier_report[7]({arguments}) ended"
    record = logging.LogRecord("procrastinate", logging.ERROR, "", 0, said, (), None)
    WithoutPrivateLinks().filter(record)
    assert record.getMessage() == "Job send_barrier_report[7](…) ended"
