"""The page of the demo's city."""

import io

import pytest
from PIL import Image

from accounts.models import User
from mapping.demo import content
from mapping.demo.city import fill_city, logo
from mapping.demo.seed import outline
from mapping.models import City
from mapping.models.setup.profile import city_boundary, current_city
from mapping.services.setup.city.missing import missing_of
from mapping.services.setup.city.page import set_page
from tests import personas


@pytest.fixture
def root(db: None) -> User:
    """A superuser, as the demo's planner is."""
    return personas.make_user("root@example.org", is_superuser=True)


def test_nothing_is_missing_in_the_demo(root: User) -> None:
    fill_city(root, outline(), content.ATTRIBUTION)
    assert list(missing_of(current_city())) == []
    assert current_city().logo is not None
    boundary = city_boundary()
    assert boundary is not None
    assert boundary.equals(outline())


def test_page_that_somebody_filled_in_stays(root: User) -> None:
    set_page(root, {"name": "Neustadt"})
    fill_city(root, outline(), content.ATTRIBUTION)
    city = City.objects.get()
    assert (city.name, city.logo, city.boundary) == ("Neustadt", None, None)


def test_logo_stands_on_any_ground() -> None:
    drawn = Image.open(io.BytesIO(logo()))
    assert (drawn.format, drawn.mode, drawn.size) == ("PNG", "RGBA", (320, 320))
    assert drawn.getpixel((0, 0)) == (0, 0, 0, 0)
    assert drawn.getpixel((160, 40))[3] == 255  # type: ignore[index]
