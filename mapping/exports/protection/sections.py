"""What the papers of data protection have in common: sections, and what a campaign's settings say about data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Membership, Role
from mapping.models import Audience, Campaign, Question
from mapping.models.setup.profile import current_city
from mapping.services.retained.spans import promises
from mapping.services.retained.words import sentences
from mapping.wording import in_words_end, in_words_moment

BLANK: Final = "__________"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a paper: rows of a name with a text, points of a list, and blanks that the city fills in."""

    title: str
    rows: list[tuple[str, str]] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    blanks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Paper:
    """A draft with its sections; `note` says what it is and what it is not."""

    title: str
    campaign: str
    note: str
    sections: list[Section]


def controller() -> Section:
    """Who is responsible, as the city's page has it; blanks where that is empty."""
    city = current_city()
    lines = ", ".join(one.strip() for one in city.postal_address.splitlines() if one.strip())
    officer = " ".join(city.privacy_contact.split())
    return Section(
        _("Who is responsible"),
        [
            (_("Controller"), city.name or BLANK),
            (_("Address"), lines or BLANK),
            (_("Contact"), city.contact or BLANK),
            (_("Data protection officer"), officer or BLANK),
        ],
        blanks=[_("Department and person in charge")],
    )


def purpose(campaign: Campaign) -> Section:
    """What the processing is for."""
    begin = BLANK if campaign.opens_at is None else in_words_moment(campaign.opens_at)
    end = BLANK if campaign.closes_at is None else in_words_end(campaign.closes_at)
    return Section(
        _("What it is for"),
        [
            (_("Campaign"), campaign.title),
            (_("Purpose"), campaign.summary or BLANK),
            (_("Organised by"), campaign.organiser or BLANK),
            (_("Begin"), begin),
            (_("End"), end),
            (_("Address"), f"{settings.SITE_URL}{campaign.get_absolute_url()}"),
        ],
        blanks=[
            _("Legal basis (for example article 6(1)(e) GDPR with the law of the state or a statute)"),
            _("Resolution or order on which the participation is based"),
        ],
    )


def people() -> Section:
    """Whose data."""
    return Section(
        _("Whose data"),
        points=[
            _("People who take part, without an account and without a name"),
            _("People who are named in free texts or can be seen on photos, although the pages ask not to"),
            _("Staff who moderate, evaluate or manage"),
        ],
        blanks=[_("Whether children or other people in need of protection take part")],
    )


def data_of(campaign: Campaign) -> Section:
    """Which data, by what the campaign asks and allows."""
    return Section(
        _("Which data"),
        points=list(_data(campaign)),
        blanks=[
            _("Whether answers can tell special categories of data (article 9 GDPR), and on which basis")
        ],
    )


def _data(campaign: Campaign) -> Iterator[str]:
    categories = [one.title for one in campaign.categories.filter(takes_contributions=True)]
    if categories:
        yield _("Places or ideas with a text, in these categories: %(titles)s") % {
            "titles": ", ".join(categories)
        }
    asked = [*Question.objects.of_categories(campaign.pk), *Question.objects.of_survey(campaign.pk)]
    for audience, words in (
        (Audience.PUBLIC, _("Answers to questions: %(titles)s")),
        (Audience.STAFF, _("Answers that only staff reads: %(titles)s")),
    ):
        titles = [one.title for one in asked if one.audience == audience]
        if titles:
            yield words % {"titles": "; ".join(titles)}
    if campaign.allows_photos and categories:
        yield _("Photos, newly encoded, without data on place, device or time")
    if campaign.allows_comments:
        yield _("Comments")
    if campaign.allows_support:
        yield _("Support or opposition of a person for a contribution")
    yield _("Times of sending")
    yield _(
        "A pseudonym for each person within the campaign: a keyed hash of a random number in a cookie, unrelated to "
        "those of other campaigns"
    )
    yield _("Names and e-mail addresses of staff, and what they decided")


def recipients(campaign: Campaign) -> Section:
    """Who gets them."""
    points = []
    if campaign.publishes_points:
        points.append(_("Everybody: published contributions, comments and numbers of support"))
    else:
        words = _("Everybody: areas and numbers with at least %(k)s people each, no single contribution")
        points.append(words % {"k": campaign.k})
    points.append(_("Nobody but staff: answers to a survey of single people"))
    members = Membership.objects.filter(campaign=campaign, user__is_active=True)
    for role in Role:
        number = members.filter(role=role).count()
        points.append(_("Staff: %(role)s, %(number)s accounts") % {"role": role.label, "number": number})
    return Section(
        _("Who gets them"),
        points=points,
        rows=[
            (
                _("Third countries"),
                _("Nothing is sent there by the software; its pages load nothing from others."),
            )
        ],
        blanks=[_("Provider of the servers, and the contract on processing (article 28 GDPR)")],
    )


def time_limits(campaign: Campaign) -> Section:
    """When they are deleted."""
    points = list(sentences(promises(campaign)))
    return Section(
        _("When they are deleted"),
        points=[
            *(points or [_("No dates are set: data are kept until the campaign is deleted.")]),
            _("At once where the person withdraws: by private link, or everything of a browser"),
            _("Numbers and places of the city stay"),
        ],
        blanks=[_("How long backups are kept")],
    )


def measures(campaign: Campaign) -> Section:
    """What protects them (article 32 GDPR)."""
    points = [
        _(
            "No IP addresses are stored; limits count by a keyed hash of a part of the network, whose key lives for a "
            "day"
        ),
        _("Pseudonyms cannot be linked across campaigns without the server's key and the person's cookie"),
        _("Staff have roles for each campaign; decisions and set-up are recorded with the name"),
        _(
            "Withdrawn contributions are deleted with photos, comments and export files; only a hash of the id stays"
        ),
        _("Pages load nothing from other servers; a strict Content-Security-Policy holds"),
    ]
    if campaign.publishes_points and campaign.moderation == "pre":
        points.append(_("Contributions are reviewed before they become public"))
    if not campaign.publishes_points:
        points.append(
            _(
                "Published areas stand for at least %(k)s people, also over time; looks at exact data are logged"
            )
            % {"k": campaign.k}
        )
    return Section(
        _("What protects them"),
        points=points,
        blanks=[
            _("Encryption of disks and connections, access to the servers, backups, second factor of staff")
        ],
    )
