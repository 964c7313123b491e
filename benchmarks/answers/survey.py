"""Surveys of 10,000 and 100,000 responses to 20 questions: `bin/bench survey [--rounds N]`.

Results for staff and for the public, a new public release, tables of two questions with a condition, and one response
stored beside one contribution stored, in turns. Plain SQL counts the answers of all questions from the responses.
Tables with districts, categories and phases are of the people who made 10,000 and 100,000 contributions.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.answers import survey_data
from benchmarks.running import data, place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from mapping.models import Campaign

SMALL, LARGE = "10k", "100k"
STORED: Final = 100

PLAIN: Final = """
    SELECT coalesce(answers -> %(slug)s, staff_answers -> %(slug)s)::text AS answer, count(*)
    FROM mapping_response
    WHERE campaign_id = %(campaign)s AND completed_at IS NOT NULL
    GROUP BY answer
"""


@dataclass(frozen=True)
class Goal:
    """One row of the table: seconds of the small and of the large survey, and the limits for the large one."""

    what: str
    small: float
    large: float
    must: float | None = None
    aim: float | None = None

    def row(self) -> tuple[str, ...]:
        """The cells."""
        return (
            self.what,
            _milliseconds(self.small),
            _milliseconds(self.large),
            f"{self.large / self.small:.1f} ×",
            "" if self.must is None else f"≤ {_milliseconds(self.must)}",
            _kept(self.large, self.aim),
        )


@dataclass(frozen=True)
class Stored:
    """Median seconds of one response and of one contribution stored, each beside as many others."""

    size: str
    response: float
    contribution: float

    def row(self) -> tuple[str, ...]:
        """The cells."""
        ratio = self.response / self.contribution
        return (
            f"among {self.size}",
            _milliseconds(self.contribution),
            _milliseconds(self.response),
            f"**{ratio:.2f} ×**",
            "≤ 1.2 ×" + ("" if ratio <= 1.2 else " (missed)"),
        )


@dataclass(frozen=True)
class Side:
    """One survey and what is measured of it."""

    campaign: Campaign

    def actions(self) -> dict[str, Callable[[], object]]:
        """What is measured, by name."""
        return {
            "plain": self.plain,
            "exact": self.exact,
            "public": self.public,
            "release": self.released,
            **self.tables(),
        }

    def plain(self) -> list[tuple[str, str, int]]:
        """Counts of all answers by plain SQL: question, answer as JSON, number; lists are not taken apart."""
        from django.db import connection

        found = []
        with connection.cursor() as cursor:
            for number in range(1, survey_data.QUESTIONS + 1):
                slug = f"q{number}"
                cursor.execute(PLAIN, {"slug": slug, "campaign": self.campaign.pk})
                found += [(slug, answer, count) for answer, count in cursor.fetchall() if answer is not None]
        return found

    def exact(self) -> dict[str, Any]:
        """The results for staff, as JSON values."""
        from mapping.services.surveys.results import exact_results

        return exact_results(self.campaign).as_json()

    def public(self) -> dict[str, Any]:
        """The public results as everybody reads them until the next release."""
        from django.utils import timezone

        from mapping.services.surveys.results import public_results

        return public_results(self.campaign, timezone.now()).as_json()

    def publish(self) -> None:
        """Make the release that is public from now on, by today's rules."""
        from mapping.models import SurveyRelease

        SurveyRelease.objects.filter(campaign=self.campaign).delete()
        self.public()

    def released(self) -> dict[str, Any]:
        """The public results where a release is due; undone."""
        from django.db import transaction

        from mapping.models import SurveyRelease

        with transaction.atomic():
            SurveyRelease.objects.filter(campaign=self.campaign).delete()
            found = self.public()
            transaction.set_rollback(True)
        return found

    def tables(self) -> dict[str, Callable[[], object]]:
        """Tables of pairs of all kinds, each only of those who gave a certain answer to a third question."""
        from mapping.aggregation.surveys.axes import Only, axes_of
        from mapping.aggregation.surveys.crosstab import cross_table
        from mapping.services.surveys.responses import questions_of

        axes = {axis.name: axis for axis in axes_of(self.campaign, questions_of(self.campaign))}
        one, another, several, more, judged = (axes[name] for name in ("q1", "q2", "q7", "q8", "q13:row-0"))
        only, among_several = Only(axes["q20"], "choice-0"), Only(axes["q9"], "choice-0")
        return {
            f"table: {what}": lambda pair=pair: cross_table(self.campaign, *pair)  # type: ignore[misc]
            for what, pair in {
                "one choice, one choice": (one, another, only),
                "several choices, a row of a matrix": (several, judged, only),
                "several choices twice": (several, more, only),
                "several choices twice, a broad condition": (several, more, among_several),
            }.items()
        }


def goals(small: Side, large: Side, rounds: int) -> list[Goal]:
    """Measure both surveys in turns."""
    sides = {SMALL: small.actions(), LARGE: large.actions()}
    took = place.in_turns(
        {f"{size} {name}": action for size, actions in sides.items() for name, action in actions.items()},
        rounds=rounds,
    )

    def goal(what: str, name: str, must: float | None = None, aim: float | None = None) -> Goal:
        return Goal(what, took[f"{SMALL} {name}"], took[f"{LARGE} {name}"], must, aim)

    tables = [name for name in sides[SMALL] if name.startswith("table")]
    return [
        goal("all answers counted from the responses (plain SQL)", "plain"),
        goal("results for staff, 20 questions", "exact", 0.3, 0.1),
        goal("public results, 18 questions", "public", 0.3, 0.1),
        goal("public results where a release is due", "release"),
        *(goal(name, name, 0.5, 0.15) for name in tables),
    ]


def divided(campaigns: dict[str, Campaign], rounds: int) -> list[Goal]:
    """Measure tables of a question with districts, categories and phases; what divides the campaigns is undone."""
    from django.db import transaction

    from mapping.aggregation.surveys.axes import CATEGORY, DISTRICT, PHASE, axes_of
    from mapping.aggregation.surveys.crosstab import cross_table
    from mapping.models import Campaign
    from mapping.services.surveys.responses import questions_of

    titles = {DISTRICT: "districts", CATEGORY: "categories", PHASE: "phases"}
    with transaction.atomic():
        actions: dict[str, Callable[[], object]] = {}
        for size, campaign in campaigns.items():
            survey_data.divide(campaign)
            # What was read of it before knows of no phases.
            fresh = Campaign.objects.get(pk=campaign.pk)
            axes = {axis.name: axis for axis in axes_of(fresh, questions_of(fresh))}
            for name in titles:
                actions[f"{size} {name}"] = partial(cross_table, fresh, axes["age"], axes[name])
        took = place.in_turns(actions, rounds=rounds)
        transaction.set_rollback(True)
    return [
        Goal(f"table: one choice, {title}", took[f"{SMALL} {name}"], took[f"{LARGE} {name}"], 0.5, 0.15)
        for name, title in titles.items()
    ]


def stored(size: str, survey: Campaign, contributions: Campaign, number: int = STORED) -> Stored:
    """Store responses and contributions in turns; all of them are deleted afterwards."""
    from mapping.models import Contribution, Participant, Response
    from mapping.services.identity import new_secret
    from mapping.services.submit import Submission, submit
    from mapping.services.surveys.responses import Sheet, respond

    random = np.random.default_rng(7)
    took: dict[str, list[float]] = {"response": [], "contribution": []}
    made: dict[str, list[UUID]] = {"response": [], "contribution": []}
    people: list[int] = []
    try:
        for given in survey_data.answers(random, number):
            lonlat = np.array(data.CENTRE) + random.normal(0, 2_000, 2) * data.DEGREES_PER_METRE
            geometry = {"type": "Point", "coordinates": np.round(lonlat, 6).tolist()}
            secrets = new_secret(), new_secret()
            start = time.perf_counter()
            response = respond(survey, Sheet(given), secrets[0]).response
            between = time.perf_counter()
            placed = submit(contributions, Submission("kind-0", geometry, "Hier ist es dunkel."), secrets[1])
            took["response"].append(between - start)
            took["contribution"].append(time.perf_counter() - between)
            made["response"].append(response.pk)
            made["contribution"].append(placed.contribution.pk)
            people += [
                one
                for one in (response.participant_id, placed.contribution.participant_id)
                if one is not None
            ]
    finally:
        Response.objects.filter(pk__in=made["response"]).delete()
        Contribution.objects.filter(pk__in=made["contribution"]).delete()
        Participant.objects.filter(pk__in=people).delete()
    return Stored(size, statistics.median(took["response"]), statistics.median(took["contribution"]))


def report(measured: Sequence[Goal], parted: Sequence[Goal], written: Sequence[Stored]) -> str:
    """All tables in Markdown."""
    counted = next(goal for goal in measured if "plain" in goal.what)
    exact = next(goal for goal in measured if "staff" in goal.what)
    heads = ("20 questions", SMALL, LARGE, "growth", "must", "aim")
    return "\n\n".join(
        (
            place.table(heads, [goal.row() for goal in measured]),
            place.table(("contributions", *heads[1:]), [goal.row() for goal in parted]),
            f"Results are {counted.large / exact.large:.0f} × faster than counting {LARGE} responses by plain SQL.",
            place.table(
                ("one stored", "contribution", "response", "ratio", "aim"), [one.row() for one in written]
            ),
        )
    )


def _kept(seconds: float, limit: float | None) -> str:
    if limit is None:
        return ""
    return f"≤ {_milliseconds(limit)}" + ("" if seconds <= limit else " (missed)")


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms" if seconds < 0.1 else f"{seconds * 1000:.0f} ms"


def main() -> None:
    """Measure and print tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=4, help="turns of all measurements (4)")
    options = parser.parse_args()
    place.enter()
    small, large = (Side(survey_data.ensure(size)) for size in (SMALL, LARGE))
    beside = {size: data.ensure(size) for size in (SMALL, LARGE)}
    place.say(place.machine())
    for side in (small, large):
        side.publish()
    measured = goals(small, large, options.rounds)
    for campaign in beside.values():
        data.ensure_responses(campaign)
    parted = divided(beside, options.rounds)
    written = [stored(size, side.campaign, beside[size]) for size, side in ((SMALL, small), (LARGE, large))]
    place.say(report(measured, parted, written))


if __name__ == "__main__":
    main()
