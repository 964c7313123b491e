"""Rows of contributions as cities have them, and the options that read them."""

from tests.personas import TOWN_HALL

LONLAT = ("--lon", "lon", "--lat", "lat")
SPOT = ("--category", "spot")


def row(number: object = 1, place: tuple[float, float] = TOWN_HALL, /, **more: object) -> dict[str, object]:
    """A row of a table, at the town hall unless told otherwise."""
    return {"id": number, "lon": place[0], "lat": place[1], **more}
