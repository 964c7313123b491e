"""What visits cost on the wire: the first one, the next one, sending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, Page

from benchmarks.browsing.flows import THANKS, Flow, tapped
from benchmarks.browsing.hand import Hand
from benchmarks.browsing.visitors import visitor, wait_until_ready
from benchmarks.browsing.wire import Answer, Wire
from benchmarks.running.server import Server

_SETTLING = 2_500
"""Milliseconds, for what the worker keeps after a visit."""


@dataclass(frozen=True)
class Costs:
    """Answers of one person's visits, one after the other."""

    first: Sequence[Answer]
    second: Sequence[Answer]
    sending: Sequence[Answer]
    uploaded: int
    """Bytes of what was sent, without headers."""


def costs(browser: Browser, server: Server, flow: Flow) -> Costs:
    """Open the campaign's page, open it again in another tab, go to the flow's topic, contribute and send."""
    path = f"/campaigns/{flow.campaign}/"
    with visitor(browser, server, "phone") as context:
        page = context.new_page()
        wire = Wire(page)
        _open(page, path)
        first = wire.answers()
        page.close()
        page = context.new_page()
        wire = Wire(page)
        _open(page, path)
        second = wire.answers()
        _open(page, f"{path}?category={flow.category}")
        tapped(flow, Hand(page), before_sending=wire.forget)
        page.wait_for_url(THANKS)
        _settle(page)
        return Costs(first, second, wire.answers(), wire.uploaded)


def _open(page: Page, path: str) -> None:
    page.goto(path)
    wait_until_ready(page)
    _settle(page)


def _settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(_SETTLING)
