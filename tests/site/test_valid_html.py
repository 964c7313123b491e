"""Pages of every kind are valid HTML, in both languages, by html-validate (`.htmlvalidate.json`).

Switched off are rules of style (quotes, case and form of tags, blanks) and, with reasons: `long-title` (titles have
the city's name), `prefer-native-element` (roles that styles or scripts need; axe judges them), `require-sri` (scripts
come from this site alone), `empty-heading` and `unique-landmark` (scripts fill headings of steps hidden before),
`no-redundant-for` (voice control needs `for` beside the nesting). Lists may have a label (`allowAnyNamable`).
"""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from mapping.models import Campaign
from mapping.services.identity import edit_token
from tests import personas

COMMAND = Path(settings.BASE_DIR) / "node_modules" / ".bin" / "html-validate"
SETTINGS = Path(settings.BASE_DIR) / ".htmlvalidate.json"


def pages(campaign: Campaign) -> tuple[list[str], list[str]]:
    """Addresses for everybody, and those for staff."""
    contribution = personas.make_contribution(campaign)
    home = campaign.get_absolute_url()
    token = edit_token(contribution.pk)
    public = [
        *(
            "/",
            "/search/?q=x",
            "/campaigns/",
            "/help/",
            "/privacy/",
            "/accessibility/",
            "/accessibility/report/",
        ),
        *("/accessibility/report/sent/", "/imprint/", "/accounts/login/", "/no/such/page/", "/calendar/"),
        *("/mine/", f"/mine/{token}/", f"/mine/{token}/thanks/", "/ogc/", "/dcat/"),
        *(home, f"{home}heatmap/", f"{home}data/", f"{home}contribute/"),
        *(f"{home}contributions/{contribution.pk}/", f"{home}contributions/{contribution.pk}/report/"),
    ]
    staff = f"/planning/{campaign.slug}/"
    return public, ["/planning/", "/planning/city/", f"{staff}heatmap/", f"{staff}access/"]


@pytest.mark.parametrize("language", ["de", "en"])
def test_pages_are_valid(campaign: Campaign, tmp_path: Path, language: str) -> None:
    public, of_staff = pages(campaign)
    boss = personas.staff_browser(
        personas.make_user("boss@example.org", is_staff=True, is_superuser=True, may_edit_city=True)
    )
    files: dict[str, str] = {}
    for browser, addresses in ((Client(), public), (boss, of_staff)):
        browser.cookies["django_language"] = language
        for address in addresses:
            answer = browser.get(address, follow=True)
            if answer.headers["Content-Type"].startswith("text/html"):
                name = f"{len(files)}.html"
                (tmp_path / name).write_bytes(answer.getvalue())
                files[name] = address
    assert len(files) > 20
    report = tmp_path / "report.json"
    # Into a file: the command ends before a pipe has taken a long report.
    with report.open("wb") as written:
        done = subprocess.run(
            [COMMAND, "--config", SETTINGS, "--formatter", "json", *sorted(tmp_path.glob("*.html"))],
            stdout=written,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert report.stat().st_size, done.stderr
    problems = {
        f"{files[Path(page['filePath']).name]}: {one['ruleId']}: {one['message']}"
        for page in json.loads(report.read_bytes())
        for one in page["messages"]
    }
    assert sorted(problems) == []
