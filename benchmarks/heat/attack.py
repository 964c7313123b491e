"""Attack random campaigns for longer than the tests do: `bin/bench attack [--minutes 10] [--steps 60] [--seed 1]`.

Campaigns of a few dozen people on 64 cells: arrivals, moderation, moves, withdrawals, erasures, people who come back, a
release now and then. Every combination of the numbers of any two releases is tried, knowing the truth
(`tests/attacker.py`); the first that isolates fewer than k people ends the run with its seed.
"""

from __future__ import annotations

import argparse
import random
import time

from benchmarks.running.place import say
from tests.aggregation.releases.test_releasing import World, cell, change, check

CHANGES = ("reject", "publish", "move", "withdraw", "erase")


def campaign(seed: int, steps: int) -> World:
    """A campaign of its own for each seed; the arrivals crowd around a few places."""
    chance = random.Random(seed)
    world = World(chance.choice((2, 3, 4, 5)))
    centres = [(chance.randrange(8), chance.randrange(8)) for _ in range(3)]
    people = range(chance.choice((8, 20, 40)))
    for _ in range(steps):
        where = _near(chance, centres)
        event = chance.choices(("submit", "nobody", "change", "release"), (60, 3, 27, 10))[0]
        if event == "submit":
            for _ in range(chance.randrange(1, 7)):
                world.submit(chance.choice(people), _near(chance, centres))
        elif event == "nobody":
            world.submit(-1, where)
        elif event == "release":
            world.release()
        elif world.places:
            change(world, chance.choice(CHANGES), chance.choice(sorted(world.places)), where)
    world.release()
    return world


def _near(chance: random.Random, centres: list[tuple[int, int]]) -> int:
    """The cell of a place or one of its neighbours; now and then any of the 64, or nowhere."""
    if chance.random() < 0.1:
        return chance.choice((-1, cell(chance.randrange(8), chance.randrange(8))))
    column, row = chance.choice(centres)
    return cell((column + chance.randrange(2)) % 8, (row + chance.randrange(2)) % 8)


def main() -> None:
    """Play and attack until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--steps", type=int, default=60, help="events of a campaign")
    parser.add_argument("--seed", type=int, default=1, help="of the first campaign; the next ones count on")
    asked = parser.parse_args()
    until = time.monotonic() + asked.minutes * 60
    played = releases = pairs = numbers = 0
    while not played or time.monotonic() < until:
        world = campaign(asked.seed + played, asked.steps)
        try:
            check(world)
        except AssertionError as found:
            raise SystemExit(f"Seed {asked.seed + played}, k = {world.k}: {found}") from found
        distinct = len({frozenset(counted for _number, counted in one.values()) for one in world.releases})
        played += 1
        releases += distinct
        pairs += distinct * (distinct - 1) // 2
        numbers += sum(map(len, world.releases))
    say(
        f"{played:,} campaigns of {asked.steps} steps ({played * asked.steps:,} in all), {releases:,} different "
        f"releases, {pairs:,} pairs, {numbers:,} numbers: none isolates fewer than k people "
        f"(seeds {asked.seed} to {asked.seed + played - 1})."
    )


if __name__ == "__main__":
    main()
