"""Generates responses to surveys, deterministic for a campaign and a day."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

import shapely

from mapping.demo.content import DemoCampaign, Drawn, SurveyPlan
from mapping.demo.invent import Period, identifier
from mapping.demo.places import Surroundings
from mapping.models import QuestionKind
from mapping.questions.choices import OTHER, other_values
from mapping.services.campaigns import NewQuestion

_SPREAD = 1.05
"""Standard deviation of judgements, in steps of their scale."""


@dataclass(frozen=True)
class Respondent:
    """A response to be stored; on paper it belongs to no `person` (a number)."""

    id: uuid.UUID
    person: int | None
    at: datetime
    answers: Mapping[str, object]


def respondents(
    plan: DemoCampaign, responses: SurveyPlan, period: Period, surroundings: Surroundings, random: Random
) -> list[Respondent]:
    """The responses to a campaign's survey in the order of their time.

    People are numbers: the first ones took part in another way, and only some of those answer the survey, too.
    """
    others = plan.generate["participants"]
    online = responses["responses"] - responses.get("paper", 0)
    also = random.sample(range(others), responses.get("also_took_part", 0))
    people: list[int | None] = [*also, *range(others, others + online - len(also))]
    people += [None] * responses.get("paper", 0)
    random.shuffle(people)
    moments = sorted(period.moment(random) for _ in people)
    return [
        Respondent(
            identifier(at, random),
            person,
            at,
            _Answers(responses["answers"], plan.survey, surroundings, random).draw(),
        )
        for person, at in zip(people, moments, strict=True)
    ]


class _Answers:
    """One person's answers: each is drawn once those that it depends on are, whatever the order of the questions."""

    def __init__(
        self,
        drawn: Mapping[str, Drawn],
        questions: Sequence[NewQuestion],
        surroundings: Surroundings,
        random: Random,
    ) -> None:
        self._drawn, self._random, self._surroundings = drawn, random, surroundings
        self._questions = {question.slug: question for question in questions}
        self._found: dict[str, object] = {}
        self._opinion = random.gauss(0, 0.7)

    def draw(self) -> dict[str, object]:
        """The answers, also to questions that their conditions hide: the survey drops those."""
        for slug in self._drawn:
            self._answer(slug)
        given = {slug: self._found[slug] for slug in self._questions if self._found.get(slug) is not None}
        for slug, answer in list(given.items()):
            texts = self._drawn[slug].get("others", ())
            chosen = (
                set(answer) if isinstance(answer, list) else {answer} if isinstance(answer, str) else set()
            )
            if texts and other_values(self._questions[slug].options) & chosen:
                given[f"{slug}{OTHER}"] = self._random.choice(texts)
        return given

    def _answer(self, slug: str) -> object:
        if slug not in self._found:
            question, how = self._questions[slug], self._drawn[slug]
            is_given = question.required or self._random.random() < how.get("share", 0.9)
            # Drawn in any case: an answer that is kept for oneself shapes the others as well.
            answer = self._made(question, how)
            self._found[slug] = answer if is_given else None
        return self._found[slug]

    def _made(self, question: NewQuestion, how: Drawn) -> object:
        random = self._random
        match question.kind:
            case QuestionKind.SINGLE_CHOICE | QuestionKind.PICTURE_CHOICE | QuestionKind.PART_OF_DAY:
                weights = self._weights(how)
                return random.choices(list(weights), list(weights.values()))[0]
            case QuestionKind.MULTIPLE_CHOICE:
                return [value for value, chance in self._weights(how).items() if random.random() < chance]
            case QuestionKind.YES_NO:
                return random.random() < self._weights(how)["true"]
            case QuestionKind.RANKING:
                return self._ranked(how)
            case QuestionKind.SCALE:
                low, high = question.options["minimum"], question.options["maximum"]
                return self._judged("", how, low, high)  # type: ignore[arg-type]
            case QuestionKind.MATRIX:
                steps = [one["value"] for one in question.options["choices"]]  # type: ignore[attr-defined]
                return {
                    row: steps[self._judged(row, how, 1, len(steps)) - 1]
                    for row in how["means"]
                    if question.required or random.random() < 0.95
                }
            case QuestionKind.PLACE:
                place = self._surroundings.geometry(random, "point")
                return None if place is None else shapely.geometry.mapping(place)
            case _:
                reason = str(self._answer(how["by"])) if "by" in how else ""
                return self._text(how["texts"].get(reason) or how["texts"][""])

    def _text(self, lines: Sequence[str]) -> str:
        """One line, or two of them."""
        return " ".join(self._random.sample(lines, min(self._random.choice((1, 1, 2)), len(lines))))

    def _weights(self, how: Drawn) -> dict[str, float]:
        weights = dict(how["weights"])
        for slug, by_answer in how.get("factors", {}).items():
            for value, factor in by_answer.get(str(self._answer(slug)), {}).items():
                weights[value] *= factor
        return weights

    def _ranked(self, how: Drawn) -> list[str]:
        """Mostly three, the favourite of the question `by` first."""
        weights, count = self._weights(how), self._random.choices((1, 2, 3), (0.08, 0.14, 0.78))[0]
        first = self._answer(how["by"])
        ranked = [first] if isinstance(first, str) and self._random.random() < 0.94 else []
        while len(ranked) < count:
            left = {value: weight for value, weight in weights.items() if value not in ranked}
            ranked.append(self._random.choices(list(left), list(left.values()))[0])
        return ranked

    def _judged(self, row: str, how: Drawn, low: int, high: int) -> int:
        """A step about the mean; who is in favour of one thing is so of others."""
        mean = how["means"][row] + self._opinion
        for slug, by_answer in how.get("leans", {}).items():
            mean += by_answer.get(str(self._answer(slug)), {}).get(row, 0)
        return min(max(round(self._random.gauss(mean, _SPREAD)), low), high)
