"""Citizens' pages as a phone gets them: `bin/bench citizen [PART ...]`: taps, keys, bytes, slow networks, large maps.

Real taps and keys in Chromium, on the service as it runs; the demo for flows and visits, the invented campaigns of
`bin/bench data` for maps and writes. Fills the bench's database with the demo, and deletes what it has sent.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Browser

from benchmarks.browsing import first_visits, markers, moving, posting, slow
from benchmarks.browsing.flows import FLOWS, THANKS, Flow, keyed, tapped
from benchmarks.browsing.hand import Hand
from benchmarks.browsing.visitors import Device, chromium, visitor, wait_until_ready
from benchmarks.browsing.wire import Answer, summed, written
from benchmarks.running import data, place
from benchmarks.running.server import Server, running

# No base map of others, no limits: what is measured is the service.
ENVIRONMENT: Final = {"NETWORK_LIMITS": "0", "BASEMAP_COLOUR_URL": "off", "BASEMAP_GREY_URL": "off"}
KEPT_MEGABYTES: Final = 32
MOST_BYTES: Final = 85_000
MOST_REQUESTS: Final = 12
MOST_DATA: Final = 100_000


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    rounds: int
    seconds: float
    sizes: Sequence[str]


@dataclass(frozen=True)
class Figure:
    """A row: what, how much in words, the goal, and whether it is reached (None: there is none)."""

    name: str
    words: str
    goal: str = ""
    is_reached: bool | None = None

    def row(self) -> tuple[str, str, str]:
        return self.name, self.words, f"{self.goal} (missed)" if self.is_reached is False else self.goal


def at_most(name: str, value: float, most: float | None, unit: str = "", digits: int = 0) -> Figure:
    """A figure that is to be small."""
    words = f"{value:.{digits}f}{unit}"
    if most is None:
        return Figure(name, words)
    return Figure(name, words, f"≤ {most:g}{unit}", value <= most)


def fill(*, anew: bool) -> None:
    """The demo with its own ground, whatever was measured here before; `anew` where its content has changed."""
    from io import StringIO

    from django.core.management import call_command

    from mapping.demo import SLUGS
    from mapping.demo.ground import NAME
    from mapping.models import Campaign, Contribution, GroundSource

    GroundSource.objects.exclude(name=NAME).delete()
    if anew:
        GroundSource.objects.all().delete()
        Contribution.objects.filter(campaign__slug__in=SLUGS).delete()
        Campaign.objects.filter(slug__in=SLUGS).delete()
    call_command("seed_demo", stdout=StringIO())


@contextmanager
def nothing_stays() -> Iterator[None]:
    """Delete contributions that are made meanwhile, and their people."""
    from django.utils import timezone

    from mapping.models import Contribution, Participant

    began = timezone.now()
    try:
        yield
    finally:
        stored = Contribution.objects.filter(created_at__gte=began)
        people = list(stored.values_list("participant", flat=True))
        stored.delete()
        Participant.objects.filter(pk__in=people).delete()


def poster(flow: Flow) -> str:
    """The address on the poster of a flow's topic."""
    from mapping.links.short import code_of
    from mapping.models import Campaign

    return f"/k/{code_of(Campaign.objects.get(slug=flow.campaign).pk)}?category={flow.category}"


def _worked(
    browser: Browser, server: Server, flow: Flow, device: Device, way: Callable[[Flow, Hand], None]
) -> Hand:
    with visitor(browser, server, device) as context:
        page = context.new_page()
        page.goto(poster(flow))
        wait_until_ready(page)
        hand = Hand(page)
        way(flow, hand)
        page.wait_for_url(THANKS)
        return hand


def flows(browser: Browser, server: Server, _options: Options) -> Iterator[Figure]:
    """Taps and keys from the poster to the thanks."""
    for flow in FLOWS:
        hand = _worked(browser, server, flow, "phone", tapped)
        more = f" and {hand.swipes} swipes" if hand.swipes else ""
        more += f", {hand.letters} letters" if hand.letters else ""
        most = flow.most_taps
        is_reached = None if most is None else hand.taps <= most and not hand.swipes
        goal = "" if most is None else f"≤ {most} taps"
        yield Figure(f"{flow.name}, phone", f"{hand.taps} taps{more}", goal, is_reached)
    for flow in FLOWS:
        hand = _worked(browser, server, flow, "desk", keyed)
        yield at_most(f"{flow.name}, keyboard alone", hand.keys, flow.most_keys, " keys")
        if flow.asked:
            hand = _worked(browser, server, flow, "desk", lambda one, by: keyed(one, by, enter_sends=True))
            yield at_most("… Enter in the last answer sends", hand.keys, flow.most_keys, " keys")


def visits(browser: Browser, server: Server, _options: Options) -> Iterator[Figure]:
    """Bytes and requests."""
    flow = FLOWS[0]
    found = first_visits.costs(browser, server, flow)
    own = [one for one in found.first if not one.is_workers and not one.is_tile]
    size, body = sum(one.wire for one in own), sum(one.body for one in own)
    yield Figure("first visit, without tiles", written(size), f"≤ {written(MOST_BYTES)}", size <= MOST_BYTES)
    yield Figure("… bodies alone", written(body))
    yield Figure("… requests", str(len(own)), f"≤ {MOST_REQUESTS}", len(own) <= MOST_REQUESTS)
    logo = [one for one in own if one.path.startswith("/logo/")]
    yield Figure("… of which the city's logo", summed(logo))
    yield Figure(
        "… tiles of the ground", summed(one for one in found.first if one.is_tile and not one.is_workers)
    )
    yield Figure("… what the worker keeps for later", summed(one for one in found.first if one.is_workers))
    yield Figure("second visit, everything", summed(found.second))
    yield Figure("sending, until the thanks are there", summed(found.sending))
    yield Figure("… sent", written(found.uploaded))


def slow_phone(browser: Browser, server: Server, options: Options) -> Iterator[Figure]:
    """Times on a slow network with a slow processor."""
    found = slow.visits(browser, server, _page_of(FLOWS[0]), options.rounds)
    yield at_most("first contentful paint", found.first_paint / 1000, 1.5, " s", 2)
    yield at_most("largest contentful paint", found.largest_paint / 1000, None, " s", 2)
    yield at_most("usable: map, places, a live button", found.usable / 1000, 4.0, " s", 2)
    yield at_most("layout shift (CLS)", found.shift, 0.02, "", 3)
    yield at_most("longest task", found.longest_task, None, " ms")
    yield at_most("tasks beyond 50 ms each, in sum", found.blocked, None, " ms")
    yield at_most("first tap until the next frame (INP)", found.first_tap, None, " ms")


def maps(browser: Browser, server: Server, options: Options) -> Iterator[Figure]:
    """Maps of many contributions, moved."""
    for size in options.sizes:
        campaign = data.ensure(size)
        found = moving.moved(browser, server, campaign.slug)
        first = sum(one.wire for one in found.first)
        yield Figure(
            f"{size}: first view of data", summed(found.first), f"≤ {written(MOST_DATA)}", first <= MOST_DATA
        )
        yield at_most("… frames while it moves, p95", found.percentile(95), 20, " ms", 1)
        share = found.share_of_slow_frames
        yield Figure(f"… frames over {moving.SLOW_FRAME:.0f} ms", f"{share:.1%} of {len(found.frames)}")
        yield at_most("… longest task", max(found.tasks, default=0.0), None, " ms")
        yield Figure("… long tasks", f"{len(found.tasks)}, {sum(found.tasks):.0f} ms in sum")
        largest = max((one.wire for one in found.loaded), default=0)
        yield Figure("… loaded while it moves", f"{summed(found.loaded)}, the largest {written(largest)}")
        yield from _clients(server, found.loaded, options)


def _clients(server: Server, loaded: Sequence[Answer], options: Options) -> Iterator[Figure]:
    addresses = sorted({one.address.partition(str(server.port))[2] for one in loaded})
    if not addresses:
        return
    took = markers.latencies(server, addresses, seconds=options.seconds)
    name = f"… its {len(addresses)} requests by {markers.CLIENTS} clients"
    yield at_most(f"{name}, p50", took.percentile(50) * 1000, None, " ms")
    yield at_most(f"{name}, p99", took.percentile(99) * 1000, 100, " ms")


def plain_markers(_browser: Browser, _server: Server, options: Options) -> Iterator[Figure]:
    """500 markers among the largest campaign, against DRF-gis."""
    size = options.sizes[-1]
    with running("benchmarks.gis.peer_settings", environment=ENVIRONMENT) as server:
        found = markers.compare(server, data.ensure(size), rounds=options.rounds, seconds=options.seconds)
    name = f"{found.number} markers among {size}"
    yield Figure(f"{name}: a plain DRF-gis viewset", f"{found.plain.rate:.1f} /s")
    yield Figure("… ours", f"{found.ours.rate:.1f} /s")
    ratio = found.ours.rate / found.plain.rate
    yield Figure("… ratio", f"{ratio:.1f} ×", "≥ 20 ×", ratio >= 20)
    for title, one in (("plain", found.plain), ("ours", found.ours)):
        sizes = f"{written(one.raw)}, br {written(one.compressed)}"
        yield Figure(f"… alone, {title}", f"{one.milliseconds:.1f} ms, {sizes}")


def posts(_browser: Browser, server: Server, options: Options) -> Iterator[Figure]:
    """Contributions sent, against bare INSERTs."""
    size = options.sizes[-1]
    campaign = data.ensure(size)
    yield Figure("commits wait for the disk", posting.settings_of_database())
    for clients in posting.CLIENTS:
        bare, ours = posting.measure(
            server, campaign, clients, seconds=options.seconds, rounds=options.rounds
        )
        who = "alone" if clients == 1 else f"{clients} clients"
        yield Figure(f"{who}: INSERT by pgbench", f"{bare.rate:.0f} /s")
        yield Figure(f"… validated POST among {size}", f"{ours.rate:.0f} /s")
        for share in (50, 95):
            slow_one, fast_one = ours.percentile(share) * 1000, bare.percentile(share) * 1000
            ratio = slow_one / fast_one
            words = f"{slow_one:.1f} : {fast_one:.1f} ms = {ratio:.1f} ×"
            if clients == 1:
                yield Figure(f"… p{share}, POST : INSERT", words)
            else:
                yield Figure(f"… p{share}, POST : INSERT", words, "≤ 5 ×", ratio <= 5)


def _page_of(flow: Flow) -> str:
    return f"/campaigns/{flow.campaign}/?category={flow.category}"


PARTS: Final[dict[str, Callable[[Browser, Server, Options], Iterator[Figure]]]] = {
    "flows": flows,
    "visits": visits,
    "slow": slow_phone,
    "maps": maps,
    "markers": plain_markers,
    "posts": posts,
}


def main() -> None:
    """Measure part by part, each with a table of its own."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)} (all by default)")
    parser.add_argument("--sizes", nargs="+", choices=list(place.SIZES), default=list(place.SIZES))
    parser.add_argument("--rounds", type=int, default=5, help="of slow visits and of turns")
    parser.add_argument("--seconds", type=float, default=4.0, help="of each turn")
    parser.add_argument(
        "--anew", action="store_true", help="make the demo anew, where its content has changed"
    )
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"unknown part: {', '.join(sorted(unknown))}")
    options = Options(given.rounds, given.seconds, given.sizes)
    # The browser's driver runs an event loop in this thread; Django would refuse the ORM there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    place.enter()
    fill(anew=given.anew)
    for size in options.sizes:
        data.ensure(size)
    place.say(f"{place.machine()}\n")
    with running(kept_megabytes=KEPT_MEGABYTES, environment=ENVIRONMENT) as server, chromium() as browser:
        place.say(f"Chromium {browser.version}\n")
        for name in given.parts or PARTS:
            with nothing_stays():
                rows = [figure.row() for figure in PARTS[name](browser, server, options)]
            place.say(f"{PARTS[name].__doc__}\n")
            place.say(place.table(("", "measured", "goal"), rows) + "\n")


if __name__ == "__main__":
    main()
