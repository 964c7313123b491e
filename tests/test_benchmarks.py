"""A measurement says when other work disturbed it; surveys and votes are measured as they are used."""

import pytest
from django.utils import timezone

from benchmarks.answers import survey, survey_data, votes, votes_data
from benchmarks.browsing.citizen import at_most
from benchmarks.browsing.wire import Answer, summed
from benchmarks.running.undisturbed import Load, warnings
from mapping.models import Campaign, Phase, SurveyRelease, SurveyTally
from mapping.questions.registry import KINDS
from mapping.services.surveys.responses import questions_of
from tests import personas
from voting.counting.equal_shares import equal_shares
from voting.services.results import count

QUIET: Load = (0.2, 3.0, 5.0)


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        (QUIET, (1.9, 1.0, 1.0), 0),
        ((1.1, 0.1, 0.1), (1.9, 1.0, 1.0), 1),
        (QUIET, (3.1, 1.0, 1.0), 1),
        ((8.0, 8.0, 8.0), (9.0, 8.0, 8.0), 2),
    ],
)
def test_busy_machine_is_told_as_disturbance(before: Load, after: Load, number: int) -> None:
    told = list(warnings(before, after, cores=2))
    assert len(told) == number
    assert all(words.startswith("DISTURBED") for words in told)


def test_a_missed_goal_is_told() -> None:
    assert at_most("usable", 3.9, 4.0, " s", 1).row() == ("usable", "3.9 s", "≤ 4 s")
    assert at_most("usable", 4.1, 4.0, " s", 1).row() == ("usable", "4.1 s", "≤ 4 s (missed)")
    assert at_most("usable", 4.1, None, " s", 1).row() == ("usable", "4.1 s", "")


def test_answers_are_summed_with_their_headers() -> None:
    tile = Answer("http://city/ground/1/1/1.mvt?v=1", 600, 2_000)
    page = Answer("http://city/api/v1/", 400, 900)
    assert (tile.is_tile, page.is_tile, page.is_data) == (True, False, True)
    assert tile.body == 1_400
    assert summed([tile, page]) == "2.9 kB, 2 requests"


def _asked(campaigns: dict[str, Campaign]) -> dict[str, Campaign]:
    """The campaigns with what tables are divided by: the question about the age, and a category."""
    for campaign in campaigns.values():
        campaign.survey_questions.create(
            slug="age",
            title="Age",
            kind="single_choice",
            options={"choices": [{"value": "65", "title": "65"}]},
        )
        campaign.categories.create(slug="spot", title="Spot", geometry_types=["point"])
    return campaigns


def test_surveys_are_measured_at_any_size(db: None) -> None:
    small, large = (survey.Side(survey_data.make(size, count)) for size, count in (("10k", 12), ("100k", 36)))
    assert small.campaign.responses.complete().count() == 12
    for question in questions_of(large.campaign):
        for response in large.campaign.responses.all():
            answer = response.all_answers.get(question.slug)
            assert answer is None or KINDS[question.kind].read(answer, question.options) == answer

    tally = SurveyTally.objects.of(large.campaign.pk)
    counted = {value: number for slug, value, number in large.plain() if slug == "q1"}
    assert counted == {f'"{value}"': number for value, number in tally["q1"].items() if value}
    assert large.exact()["responses"] == 36
    large.released()
    assert not SurveyRelease.objects.exists()
    large.publish()

    contributions = personas.make_campaign(with_categories=False, area=None)
    contributions.categories.create(slug="kind-0", title="Kind", geometry_types=["point"])
    written = survey.stored("10k", small.campaign, contributions, number=3)
    assert small.campaign.responses.count() == 12
    assert not contributions.contributions.exists()
    parted = survey.divided(_asked({"10k": small.campaign, "100k": large.campaign}), rounds=1)
    assert not Phase.objects.exists()
    report = survey.report(survey.goals(small, large, rounds=1), parted, [written])
    assert "results for staff, 20 questions" in report
    assert "table: one choice, districts" in report
    assert "among 10k" in report


def test_votes_are_measured_at_any_size(db: None) -> None:
    vote = votes_data.make("small", 60)
    assert vote.ballots.count() == 60
    assert vote.ballots.filter(is_on_paper=True).count() == 3
    result = count(vote, timezone.now())
    assert (result.ballots, len(result.winners)) == (60, 10)
    projects, groups = votes_data.budget(12, 5, chosen=0.4, costs=(1_000, 9_000))
    assert sum(one.size for one in groups) == 12
    assert equal_shares(projects, groups, 10_000).spent <= 10_000
    contributions = personas.make_campaign(with_categories=False, area=None)
    contributions.categories.create(slug="kind-0", title="Kind", geometry_types=["point"])
    ballot, contribution = votes.stored(vote, contributions, 2)
    assert min(ballot, contribution) > 0
    assert vote.ballots.count() == 60
