"""The address of the heat map's page: read, written back, asked of the API; nonsense falls back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from mapping.filters.choices import Choices
from mapping.filters.contribution_filter import ContributionFilter
from mapping.filters.interval import Interval
from mapping.filters.places import CATEGORY
from mapping.filters.questions import AnswerQuestion
from mapping.filters.times import HOURS, INTERVAL
from mapping.http.parameters.heatmap import KNOWN
from mapping.models import Campaign, Category, District, Question
from mapping.planning.heatmap.facts import is_hour_inside, toggled
from mapping.reports.state import EVERYTHING, HeatmapFilter, Period
from tests.filtering import filtered
from tests.personas import staff_browser


class _Known(Choices):
    """Choices that no database was asked for."""

    categories = [Category(slug=slug, title=slug) for slug in ("spot", "street", "idea")]
    districts = [District(code=code, name=code) for code in ("1", "2", "3")]
    questions = (
        AnswerQuestion(
            "when",
            "When?",
            "Spot",
            frozenset({"single_choice"}),
            (("day", "By day"), ("night", "At night"), ("a,b", "Both")),
            Question(kind="single_choice"),
        ),
        AnswerQuestion(
            "yes-no",
            "Yes?",
            "Spot",
            frozenset({"yes_no"}),
            (("true", "Yes"), ("false", "No")),
            Question(kind="yes_no"),
        ),
        AnswerQuestion("scale", "How much?", "Spot", frozenset({"number"}), (), Question(kind="number")),
    )
    staff_questions = ()


CHOICES = _Known(Campaign(slug="somewhere"))
_DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def _some(values: Sequence[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Some of the values, in their order, but not all of them."""
    return st.sets(st.sampled_from(values), max_size=len(values) - 1).map(
        lambda chosen: tuple(value for value in values if value in chosen)
    )


@st.composite
def selections(draw: st.DrawFn) -> ContributionFilter:
    """Any selection that the page can show."""
    start, end = sorted((draw(_DAYS), draw(_DAYS)))
    hours = draw(st.none() | st.tuples(st.integers(0, 23), st.integers(1, 24)))
    when, yes = draw(_some(("day", "night", "a,b"))), draw(_some(("true", "false")))
    answers = tuple((slug, values) for slug, values in (("when", when), ("yes-no", yes)) if values)
    return filtered(
        draw(_some(("published", "pending", "rejected"))) or ("published",),
        start=draw(st.sampled_from((None, start))),
        end=draw(st.sampled_from((None, end))),
        categories=draw(_some(("spot", "street", "idea"))) or None,
        weekdays=[int(day) for day in draw(_some("1234567"))] or None,
        hours=None if hours is None or hours == (0, 24) or hours[0] == hours[1] else hours,
        sources=draw(_some(("online", "paper", "import", "city"))) or None,
        districts=draw(_some(("1", "2", "3"))) or None,
        replies=draw(_some(("under_review", "planned", "done", "not_possible", "none"))) or None,
        answers=answers or None,
    )


@given(selections(), selections(), st.sampled_from(("cells", "compare", "change")), st.booleans())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@pytest.mark.slow
def test_every_state_comes_back_from_its_address(
    first: ContributionFilter, second: ContributionFilter, mode: str, is_second: bool
) -> None:
    chosen = HeatmapFilter(
        mode=mode,  # type: ignore[arg-type]  # drawn from the three modes
        selection=first,
        other=second if mode == "compare" else EVERYTHING,
        side="b" if mode == "compare" and is_second else "a",
        before=Period(date(2026, 1, 1), None) if mode == "change" else Period(),
        after=Period(None, date(2026, 9, 1)) if mode == "change" else Period(),
        grid="hexagon",
        size=1000,
        measure="mean",
        question="scale",
        classes="manual",
        limits=(1, 2.5, 10),
        hotspots=mode == "cells",
        bandwidth=300 if mode == "cells" else 0,
        view="table",
        cell="HEX3035E1000I2784J1693",
    )
    campaign = Campaign(slug="somewhere")
    address = chosen.address(campaign)
    assert HeatmapFilter.of(QueryDict(address.partition("?")[2]), CHOICES) == chosen


def test_the_default_has_the_plain_address() -> None:
    campaign = Campaign(slug="somewhere")
    assert HeatmapFilter().address(campaign) == reverse("planning:heatmap", args=("somewhere",))


def test_dates_the_wrong_way_round_are_turned() -> None:
    chosen = ContributionFilter.find(QueryDict("start=2026-05-09&end=2026-05-01"), CHOICES)
    assert chosen.get(INTERVAL) == Interval.of_days(date(2026, 5, 1), date(2026, 5, 9))


@pytest.mark.parametrize(
    ("query", "hours"),
    [
        ("hour_from=20&hour_to=6", (20, 6)),
        ("hour_from=20", (20, 24)),
        ("hour_to=6", (0, 6)),
        ("hour_from=24&hour_to=6", (0, 6)),
        ("hour_from=20&hour_to=0", (20, 24)),
        ("hour_from=0&hour_to=24", None),
        ("hour_from=7&hour_to=7", None),
        ("hour_from=x&hour_to=99", None),
    ],
)
def test_hours_may_pass_midnight(query: str, hours: tuple[int, int] | None) -> None:
    assert ContributionFilter.find(QueryDict(query), CHOICES).get(HOURS) == hours


def test_an_hour_of_a_range_past_midnight() -> None:
    inside = [hour for hour in range(24) if is_hour_inside(hour, (22, 2))]
    assert inside == [0, 1, 22, 23]
    assert is_hour_inside(5, None)


def test_all_ticked_is_no_filter() -> None:
    everything = "category=spot&category=street&category=idea&" + "&".join(
        f"weekday={day}" for day in range(1, 8)
    )
    assert ContributionFilter.find(QueryDict(everything), CHOICES) == EVERYTHING


def test_clicking_categories() -> None:
    assert toggled(EVERYTHING, "spot", CHOICES) == ("spot",)
    alone = EVERYTHING.having(CATEGORY, ("spot",))
    assert toggled(alone, "idea", CHOICES) == ("spot", "idea")
    assert toggled(alone, "spot", CHOICES) is None


def test_own_limits_are_read_in_any_writing() -> None:
    chosen = HeatmapFilter.of(QueryDict("classes=manual&limits=10;+3,1+x+3"), CHOICES)
    assert chosen.limits == (1, 3, 10)
    assert HeatmapFilter.of(QueryDict("classes=equal&limits=1,3"), CHOICES).limits == ()


@given(selections())
@settings(max_examples=60, deadline=None)
def test_the_api_knows_every_parameter(selection: ContributionFilter) -> None:
    names = {name for name in selection.written() if not name.startswith("answers[")}
    assert names <= set(KNOWN)


def test_editing_the_second_map_leaves_the_first_alone() -> None:
    chosen = HeatmapFilter(
        mode="compare", side="b", selection=EVERYTHING.having(CATEGORY, ("spot",)), cell="x"
    )
    changed = chosen.with_edited(EVERYTHING.having(CATEGORY, ("idea",)))
    assert changed == replace(chosen, other=EVERYTHING.having(CATEGORY, ("idea",)), cell="")


@pytest.mark.parametrize(
    "query",
    [
        "size=7&category=nope&start=2026-13-40&end=x&status=withdrawn&measure=cows&view=globe&cell=here",
        "size=%00&start=0000-00-00&category=%00&cell=%00&answers[scale]=%00&measure=mean:%00",
        "start=2026-05-09&end=2026-05-01",
        "status=pending&status=rejected&cell=CRS3035RES200mN2928200E4159200",
        "grid=hexagon&cell=CRS3035RES200mN2928200E4159200",
        "grid=hexagon&cell=HEX3035E200I99999J99999&size=200",
        "grid=district&district=%27&cell=%27",
        "mode=compare&side=c&b.start=9999-12-31&b.weekday=8&b.hour_from=-1",
        "mode=change&before_start=2030-01-01&before_end=2020-01-01&after_start=2010-01-01",
        "mode=change&before_start=0001-01-01&after_end=9999-12-31&view=table",
        "mode=change&before_end=0001-01-01&after_start=9999-12-31",
        "classes=manual&limits=,,;1e999&hotspots=1&bandwidth=7",
    ],
)
def test_nonsense_in_the_address_falls_back(campaign: Campaign, analyst: User, query: str) -> None:
    browser = staff_browser(analyst)
    for name in ("heatmap", "heatmap-cell"):
        path = reverse(f"planning:{name}", args=(campaign.slug,))
        assert browser.get(f"{path}?{query}").status_code == 200


def test_strangers_learn_nothing(campaign: Campaign, client: Client) -> None:
    path = reverse("planning:heatmap-cell", args=(campaign.slug,))
    assert client.get(path).status_code == 302
