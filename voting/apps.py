from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VotingConfig(AppConfig):
    """Votes and budgets: rules, ballots, voting codes, results, and who wins."""

    name = "voting"
    verbose_name = _("Votes")

    def ready(self) -> None:
        """Enter what this app brings into the registries of `mapping`."""
        from voting.entries import ballots, codes, demo, erasures, results, setup

        for subject in (ballots, codes, demo, erasures, results, setup):
            subject.enter()
