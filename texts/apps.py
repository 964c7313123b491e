from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TextsConfig(AppConfig):
    """Texts that people discuss: numbered sections, their versions, suggestions."""

    name = "texts"
    verbose_name = _("Texts")

    def ready(self) -> None:
        """Enter what this app brings into the registries of `mapping`."""
        from texts.entries import citizens, demo, setup

        for subject in (citizens, demo, setup):
            subject.enter()
