from django.apps import AppConfig


class NeighbourConfig(AppConfig):
    """Dates and places where people meet."""

    name = "tests.neighbour"
    label = "neighbour"

    def ready(self) -> None:
        from tests.neighbour import entries

        entries.enter()
