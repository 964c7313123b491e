from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MappingConfig(AppConfig):
    """Places: campaigns, contributions, feedback, aggregation, exports."""

    name = "mapping"
    verbose_name = _("Participation")

    def ready(self) -> None:
        """Fill the registries with this app's entries, by the interface that other apps use."""
        from mapping import checks  # noqa: F401  (registers the system checks)
        from mapping.api.entry_points import ENTRY_POINTS, OWN
        from mapping.exports.datasets import CAMPAIGNS
        from mapping.exports.formats import FORMATS
        from mapping.exports.metadata.dataset import DATASET_SOURCES
        from mapping.exports.registry import EXPORT_FORMATS
        from mapping.imports.retention import RULES
        from mapping.models.setup.profile import read_once_per_request
        from mapping.ogc.campaign_kinds import KINDS
        from mapping.ogc.collections import register_kind
        from mapping.search import own_kinds
        from mapping.search.kinds import SEARCH_KINDS
        from mapping.services.erasures.kinds import ERASABLES
        from mapping.services.erasures.own import OWN as OWN_ERASABLES
        from mapping.services.own.entries import OWN as OWN_THINGS
        from mapping.services.own.kinds import OWN_KINDS
        from mapping.services.retention import RETENTION
        from mapping.web import campaign_tabs
        from mapping.web.overview import feeds, home

        read_once_per_request()
        for file_format in FORMATS:
            EXPORT_FORMATS.register(file_format)
        for kind in KINDS:
            register_kind(kind)
        DATASET_SOURCES.register(CAMPAIGNS)
        for point in OWN:
            ENTRY_POINTS.register(point)
        for rule in RULES:
            RETENTION.register(rule)
        feeds.FEEDS.register(feeds.REPLIES)
        for section in home.SECTIONS:
            home.HOME_SECTIONS.register(section)
        for search_kind in own_kinds.KINDS:
            SEARCH_KINDS.register(search_kind)
        for tab in campaign_tabs.TABS:
            campaign_tabs.CAMPAIGN_TABS.register(tab)
        for own_kind in OWN_THINGS:
            OWN_KINDS.register(own_kind)
        for erasable in OWN_ERASABLES:
            ERASABLES.register(erasable)
        _enter_retention()
        _enter_planning()


def _enter_retention() -> None:
    """Fill the registries of what is removed at the dates that people were promised."""
    from mapping.services import wordings
    from mapping.services.retained import events, findings, people, places, texts
    from mapping.services.retained.parts import PARTS
    from mapping.services.setup.checklist import CHECKS

    CHECKS.register(findings.COMING)

    for source in wordings.OWN:
        wordings.WORDINGS.register(source)
    for part in (*texts.OWN, *events.OWN, *places.OWN, *people.OWN):
        PARTS.register(part)


def _enter_planning() -> None:
    """Fill the registries of the planners' pages."""
    from mapping.planning import ways
    from mapping.planning.paper.frame import OWN, PAPER_WAYS
    from mapping.planning.setup import frame
    from mapping.services.setup import templates

    for tab in ways.TABS:
        ways.PLANNING_TABS.register(tab)
    for section in ways.SECTIONS:
        ways.PLANNING_SECTIONS.register(section)
    for way in OWN:
        PAPER_WAYS.register(way)
    for step in frame.OWN:
        frame.STEPS.register(step)
    for template in templates.OWN:
        templates.TEMPLATES.register(template)
