"""Generates contributions and reactions, deterministic for a campaign and a day."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from mapping.demo import pictures
from mapping.demo.content import DemoCampaign, Generate, Line
from mapping.demo.places import Surroundings
from mapping.models import QuestionKind
from mapping.services.campaigns import NewCategory, NewQuestion
from mapping.services.submit import Submission

SHARE_OF_AUTHORS = 0.85
"""At most this many authors per contribution, the other participants only react."""
USUAL_HOURS = (7, 22)


@dataclass(frozen=True)
class Period:
    """From the opening to the end or to today's midnight, whichever comes first; whole days."""

    start: datetime
    days: int

    def moment(self, random: Random, hours: tuple[int, int] = USUAL_HOURS) -> datetime:
        """A random time of a random day, more often in the first weeks."""
        day = int(self.days * random.random() ** 1.7)
        return self._at(day, random, hours)

    def later(self, than: datetime, random: Random) -> datetime:
        """A random time on one of the days after a moment, mostly soon, or just after it if no day is left."""
        first = max((than - self.start).days + 1, 0)
        if first >= self.days:
            return than + timedelta(minutes=random.randint(1, 30))
        return self._at(first + int((self.days - first) * random.random() ** 2), random, USUAL_HOURS)

    def _at(self, day: int, random: Random, hours: tuple[int, int]) -> datetime:
        minutes = int(random.triangular(hours[0] * 60, hours[1] * 60))
        # Past midnight counts as the same day's beginning, so that nothing lies behind the end of the period.
        return self.start + timedelta(days=day, minutes=minutes % (24 * 60), seconds=random.randint(0, 59))


@dataclass(frozen=True)
class Invented:
    """A contribution to be sent by a person (a number), and the moderator's decision."""

    person: int
    at: datetime
    submission: Submission
    is_pending: bool
    rejection: str | None


@dataclass(frozen=True)
class Target:
    """A published contribution that people react to."""

    person: int | None
    at: datetime
    weight: float
    approval: float


@dataclass(frozen=True)
class Opinion:
    """Support (1) or opposition (-1) by a person to a target (both numbers)."""

    target: int
    person: int
    value: int
    at: datetime


@dataclass(frozen=True)
class Remark:
    """A comment by a person on a target (both numbers)."""

    target: int
    person: int
    text: str
    at: datetime
    is_pending: bool


def identifier(at: datetime, random: Random) -> uuid.UUID:
    """A UUID of version 7 (RFC 9562 section 5.7) whose random part is not random."""
    milliseconds = int(at.timestamp() * 1000)
    value = milliseconds << 80 | 7 << 76 | random.getrandbits(12) << 64 | 2 << 62 | random.getrandbits(62)
    return uuid.UUID(int=value)


def contributions(
    plan: DemoCampaign, period: Period, surroundings: Surroundings, random: Random
) -> list[Invented]:
    """A campaign's contributions in the order of their time."""
    generate = plan.generate
    categories = {category.slug: category for category in plan.categories}
    wanted = [slug for slug, count in generate["by_category"].items() for _ in range(count)]
    hours = generate.get("hours", {})
    drawn = sorted((period.moment(random, hours.get(slug, USUAL_HOURS)), slug) for slug in wanted)
    people = _authors(generate, len(wanted), random)
    texts = {slug: _texts(random, lines) for slug, lines in generate["texts"].items()}
    newest = len(drawn) - generate.get("pending", 0)
    rejections = _rejections(generate, newest, random)
    with_photo = set(
        random.sample([i for i in range(newest) if i not in rejections], generate.get("photos", 0))
    )
    made = []
    for number, (at, slug) in enumerate(drawn):
        category = categories[slug]
        geometry = surroundings.geometry(
            random, _kind(category, random), generate.get("around", {}).get(slug)
        )
        rejection = rejections.get(number)
        text, fitting = (rejection[0], {}) if rejection else next(texts[slug])
        submission = Submission(
            category=slug,
            geometry=geometry,
            text=text.format(near=surroundings.near(geometry), street=surroundings.street(geometry)),
            answers=_answers(category, generate, at, random, fitting),
            id=identifier(at, random),
            zoom=None if geometry is None else random.randint(15, 18),
            photos=(pictures.draw(random),) if number in with_photo else (),
        )
        reason = rejection[1] if rejection else None
        made.append(Invented(people[number], at, submission, is_pending=number >= newest, rejection=reason))
    return made


def opinions(
    generate: Generate, authors: set[int], targets: Sequence[Target], period: Period, random: Random
) -> list[Opinion]:
    """Support and opposition; people without contributions have at least one opinion, never two on one target."""
    values = [1] * generate.get("support", 0) + [-1] * generate.get("opposition", 0)
    if not values:
        return []
    random.shuffle(values)
    silent = [person for person in range(generate["participants"]) if person not in authors]
    weights = {
        1: [target.weight * target.approval for target in targets],
        -1: [target.weight * (1 - target.approval) for target in targets],
    }
    said: dict[tuple[int, int], Opinion] = {}
    for number, value in enumerate(values):
        while True:
            person = silent[number] if number < len(silent) else random.randrange(generate["participants"])
            target = random.choices(range(len(targets)), weights[value])[0]
            if (target, person) not in said and targets[target].person != person:
                break
        said[target, person] = Opinion(target, person, value, period.later(targets[target].at, random))
    return sorted(said.values(), key=lambda opinion: opinion.at)


def remarks(generate: Generate, targets: Sequence[Target], period: Period, random: Random) -> list[Remark]:
    """Comments; the newest ones wait for a review."""
    published, pending = generate.get("comments", 0), generate.get("pending_comments", 0)
    said: dict[tuple[int, int, str], datetime] = {}
    while len(said) < published + pending:
        target = random.choices(range(len(targets)), [target.weight for target in targets])[0]
        words = random.choice(generate["comment_texts"]), random.randrange(generate["participants"])
        said.setdefault((target, words[1], words[0]), period.later(targets[target].at, random))
    in_order = sorted(said.items(), key=lambda item: item[1])
    return [
        Remark(target, person, text, at, is_pending=number >= published)
        for number, ((target, person, text), at) in enumerate(in_order)
    ]


def _authors(generate: Generate, count: int, random: Random) -> list[int]:
    """The author of each contribution: everyone writes at least one, a few a lot more."""
    authors = min(generate["participants"], round(count * SHARE_OF_AUTHORS))
    eager = [random.paretovariate(1.2) for _ in range(authors)]
    people = [*range(authors), *random.choices(range(authors), eager, k=count - authors)] if authors else []
    random.shuffle(people)
    return people


def _rejections(generate: Generate, newest: int, random: Random) -> dict[int, tuple[str, str]]:
    """Text and reason of rejected contributions, by number."""
    count = generate.get("rejected", 0)
    # Late ones: a repetition needs an earlier contribution.
    numbers = random.sample(range(newest // 2, newest), count)
    found = generate.get("rejections", [])
    pairs = [
        (found[number % len(found)]["text"], found[number % len(found)]["reason"]) for number in range(count)
    ]
    return dict(zip(numbers, pairs, strict=True))


def _texts(random: Random, lines: list[Line]) -> Iterator[tuple[str, dict[str, object]]]:
    """Every line with its answers once in some order, then again; from the second round on sometimes two together."""
    pairs: list[tuple[str, dict[str, object]]] = [
        (line, {}) if isinstance(line, str) else (line[0], line[1]) for line in lines
    ]
    is_first_round = True
    while True:
        for line, answers in random.sample(pairs, len(pairs)):
            more, other_answers = random.choice(pairs)
            fits = line and more != line and not answers and not other_answers
            doubles = fits and not is_first_round and random.random() < 0.4
            yield (f"{line} {more}".strip() if doubles else line), answers
        is_first_round = False


def _kind(category: NewCategory, random: Random) -> str:
    """A geometry type, mostly the category's first."""
    first, *others = category.geometry_types
    return random.choice(others) if others and random.random() < 0.25 else first


def _answers(
    category: NewCategory, generate: Generate, at: datetime, random: Random, fitting: dict[str, object]
) -> dict[str, object]:
    """Answers to the required questions and to most others; those that fit the text as they are given."""
    answers: dict[str, object] = {}
    for question in category.questions:
        if question.slug in fitting:
            answers[question.slug] = fitting[question.slug]
        elif question.required or random.random() < 0.75:
            answers[question.slug] = _answer(question, generate, at, random)
    return {slug: answer for slug, answer in answers.items() if answer is not None}


def _answer(question: NewQuestion, generate: Generate, at: datetime, random: Random) -> object:
    options = question.options
    found: object = None
    match question.kind:
        case QuestionKind.SCALE:
            low, high = options["minimum"], options["maximum"]
            found = round(random.triangular(low, high, low + (high - low) * 0.75))  # type: ignore[operator,arg-type]
        case QuestionKind.NUMBER:
            found = random.randint(1, 12)
        case QuestionKind.YES_NO:
            found = random.random() < 0.7
        case QuestionKind.TIME_OF_DAY:
            found = f"{at.hour:02d}:{random.choice(('00', '15', '30', '45'))}"
        case QuestionKind.PART_OF_DAY:
            found = _part_of_day(at.hour)
        case QuestionKind.DATE:
            found = _day_before(at, options, random)
        case QuestionKind.TEXT | QuestionKind.LONG_TEXT:
            lines = generate.get("answer_texts", {}).get(question.slug)
            found = random.choice(lines) if lines else None
        case _:
            found = _chosen(question, random)
    return found


def _chosen(question: NewQuestion, random: Random) -> object:
    """One or several of the choices; the first ones are the most frequent."""
    values = [choice["value"] for choice in question.options["choices"]]  # type: ignore[attr-defined]
    weights = [1 / (place + 1.5) for place in range(len(values))]
    match question.kind:
        case QuestionKind.MULTIPLE_CHOICE:
            return sorted(set(random.choices(values, weights, k=random.randint(1, 3))), key=values.index)
        case QuestionKind.RANKING:
            return random.sample(values, min(3, len(values)))
        case _:
            return random.choices(values, weights)[0]


def _part_of_day(hour: int) -> str:
    ends = {5: "night", 8: "early_morning", 12: "morning", 14: "midday", 18: "afternoon", 22: "evening"}
    return next((part for end, part in ends.items() if hour < end), "night")


def _day_before(at: datetime, options: Mapping[str, object], random: Random) -> str:
    """A day of the last weeks, mostly of the last few days, within the bounds of the question."""
    day = (at - timedelta(days=int(60 * random.random() ** 3))).date()
    earliest, latest = (options.get(name) for name in ("minimum", "maximum"))
    if isinstance(earliest, str):
        day = max(day, date.fromisoformat(earliest))
    if isinstance(latest, str):
        day = min(day, date.fromisoformat(latest))
    return day.isoformat()
