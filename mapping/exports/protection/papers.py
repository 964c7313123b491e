"""The two papers: the record of processing activities (article 30 GDPR) and the impact assessment (article 35)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from django.utils.translation import gettext as _

from mapping.exports.protection import sections
from mapping.exports.protection.sections import Paper, Section
from mapping.models import Campaign


def record_of_processing(campaign: Campaign) -> Paper:
    """The entry of a campaign in the record of processing activities."""
    return Paper(
        _("Record of processing activities (article 30 GDPR)"),
        campaign.title,
        _note(),
        [
            sections.controller(),
            sections.purpose(campaign),
            sections.people(),
            sections.data_of(campaign),
            sections.recipients(campaign),
            sections.time_limits(campaign),
            sections.measures(campaign),
            _signature(),
        ],
    )


def impact_assessment(campaign: Campaign) -> Paper:
    """The assessment of what the processing may do to people: described and drafted, not decided."""
    return Paper(
        _("Data protection impact assessment (article 35 GDPR)"),
        campaign.title,
        _note(),
        [
            sections.controller(),
            _threshold(),
            sections.purpose(campaign),
            sections.people(),
            sections.data_of(campaign),
            sections.recipients(campaign),
            sections.time_limits(campaign),
            _necessity(campaign),
            _risks(campaign),
            sections.measures(campaign),
            _opinions(),
            _signature(),
        ],
    )


def _note() -> str:
    return _(
        "A draft from the settings of the campaign. It is no legal advice: please check every line, and fill in what "
        "is left blank."
    )


def _threshold() -> Section:
    return Section(
        _("Is an assessment needed?"),
        points=[
            _("Usually not for an open participation without names."),
            _(
                "It may be where exact places are joined with fear, health, age or origin, or where children take part."
            ),
        ],
        blanks=[
            _("Criteria of the supervisory authority that are met (list of article 35(4) GDPR)"),
            _("Result and reason"),
        ],
    )


def _necessity(campaign: Campaign) -> Section:
    points = [
        _("Nobody needs an account, and no name is asked."),
        _("People can change and delete what they sent, and take a copy home."),
    ]
    if not campaign.publishes_points:
        points.append(_("Single contributions are not published."))
    return Section(
        _("Necessity and proportionality"),
        points=points,
        blanks=[
            _("Why the purpose needs these data, and not fewer"),
            _("Which questions could be left out, or asked more coarsely"),
            _("How people are informed before they take part (article 13 GDPR)"),
        ],
    )


def _risks(campaign: Campaign) -> Section:
    """Risks with what the software does; how likely and how grave they are is for people to judge."""
    public = (
        _("Contributions are reviewed before; they can be reported, and are taken down.")
        if campaign.moderation == "pre"
        else _("Contributions are public at once; they can be reported, and are taken down.")
    )
    shown = (
        _("Exact places are public. They can be made coarser after the end.")
        if campaign.publishes_points
        else _("Only areas with at least %(k)s people are public.") % {"k": campaign.k}
    )
    return Section(
        _("Risks for people"),
        [
            (_("A place tells where somebody lives or is afraid"), shown),
            (_("A text or a photo names or shows somebody"), public),
            (
                _("Somebody links contributions to a person"),
                _("Pseudonyms by campaign; the link to the browser is cut at its date."),
            ),
            (
                _("Staff look at more than they need"),
                _("Roles by campaign; looks at exact data of protected campaigns are logged."),
            ),
            (
                _("Data are lost, or get into wrong hands"),
                _("Deleted at their dates; backups and access to the servers are the city's."),
            ),
        ],
        blanks=[
            _("For each risk: how likely, how grave, what remains"),
            _("Further risks of this campaign"),
        ],
    )


def _opinions() -> Section:
    return Section(
        _("Advice and consultation"),
        blanks=[
            _("Advice of the data protection officer (article 35(2) GDPR)"),
            _("Views of the people concerned or their representatives (article 35(9) GDPR)"),
            _("Whether the supervisory authority is consulted (article 36 GDPR)"),
        ],
    )


def _signature() -> Section:
    return Section(_("Approval"), blanks=[_("Place, date, signature"), _("To be reviewed on")])


PAPERS: Final[Mapping[str, Callable[[Campaign], Paper]]] = {
    "record": record_of_processing,
    "assessment": impact_assessment,
}
"""By the name in addresses."""
