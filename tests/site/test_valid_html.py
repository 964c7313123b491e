"""All pages are valid HTML, in both languages, by html-validate (`.htmlvalidate.json`).

Switched off are rules of style (quotes, case and form of tags, blanks) and, with reasons: `long-title` (titles have
the city's name), `prefer-native-element` (roles that styles or scripts need; axe judges them), `require-sri` (scripts
come from this site alone), `empty-heading` and `unique-landmark` (scripts fill headings of steps hidden before),
`no-redundant-for` (voice control needs `for` beside the nesting). Lists may have a label (`allowAnyNamable`).
"""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as site
from pytest_django.fixtures import Settings

from tests import personas
from tests.gate.making import make_world
from tests.pages import Reached, all_places, look_at, reached

COMMAND = Path(site.BASE_DIR) / "node_modules" / ".bin" / "html-validate"
SETTINGS = Path(site.BASE_DIR) / ".htmlvalidate.json"
STATES = ("/", "/search/?q=x", "/no/such/page/", "/calendar/?view=map")
"""Pages in a state that no route names."""


@pytest.fixture(params=["de", "en"])
def pages(request: pytest.FixtureRequest, db: None, settings: Settings, tmp_path: Path) -> list[Reached]:
    """Every page of the site and its answer."""
    settings.SENDS_MAIL = True
    places = all_places(make_world(settings, tmp_path))
    boss = personas.staff_browser(
        personas.make_user("chief@example.org", is_staff=True, is_superuser=True, may_edit_city=True)
    )
    book = reached(places, boss, language=request.param)
    missed = [route for route, found in book.items() if not found]
    assert missed == [], "name a reason in tests/pages.py, or tell tests/walk.py how to fill them in"
    states = [look_at(address, boss) for address in STATES]
    return [*(one for found in book.values() for one in found if one.is_page), *states]


def test_pages_are_valid(pages: list[Reached], tmp_path: Path) -> None:
    """Reported by page and rule."""
    assert len(pages) > 200
    folder = tmp_path / "pages"
    folder.mkdir()
    for number, one in enumerate(pages):
        (folder / f"{number}.html").write_bytes(one.body)
    report = tmp_path / "report.json"
    # Into a file: the command ends before a pipe has taken a long report.
    with report.open("wb") as written:
        done = subprocess.run(
            [COMMAND, "--config", SETTINGS, "--formatter", "json", *sorted(folder.glob("*.html"))],
            stdout=written,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert report.stat().st_size, done.stderr
    problems = {
        f"{pages[int(Path(page['filePath']).stem)].address}: {one['ruleId']}: {one['message']}"
        for page in json.loads(report.read_bytes())
        for one in page["messages"]
    }
    assert not problems, "\n".join(sorted(problems))
