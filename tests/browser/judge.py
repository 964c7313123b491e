"""axe-core in a page: what it is asked, and what it found."""

from typing import Any

from django.conf import settings
from playwright.sync_api import Page, expect

AXE = settings.BASE_DIR / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The preview of a draft is a frame with a page that is judged by itself: its landmarks are no doubles of those around.
EVERYTHING: dict[str, Any] = {
    "runOnly": {"type": "tag", "values": TAGS},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
CONTRAST: dict[str, Any] = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
    "preload": False,
    "iframes": False,
}
# Colours fade in Django's administration: judged is what they become.
STILL = """() => Promise.race([
    Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))).then(() => null),
    new Promise((done) => setTimeout(() => done(null), 2000)),
])"""
# What is wrong in Django's own widgets (5.2), by rule and by what stands in the element; this project only colours
# the administration. Citizens never meet it.
DJANGOS_OWN = (
    ("label-title-only", 'id="searchbar"'),  # its label is a picture of a lens
    ("label", 'class="vDateField"'),  # a moment is asked for in two fields under one label
    ("label", 'class="vTimeField"'),
    ("empty-table-header", "<th"),  # columns of inline rows: which row it is, delete
    ("aria-input-field-name", "select2-selection"),  # the search for a related row
)


class Judge:
    """Runs axe on what a page shows and gathers what is wrong, so that one run tells everything."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.found: list[str] = []
        self.states = 0
        # Playwright's own scripts are no matter of the site's content security policy.
        page.add_init_script(path=AXE)
        page.watch.allow("axe.min.js")  # type: ignore[attr-defined] # it tries styles that the policy refuses

    def judge(self, state: str) -> None:
        """Judge the page as it stands."""
        self.states += 1
        self.page.watch.settle(self.page)  # type: ignore[attr-defined]
        self._run(state, EVERYTHING)
        self.page.emulate_media(color_scheme="dark")
        self._run(f"{state}, dark", CONTRAST)
        self.page.emulate_media(color_scheme="light")

    def open(self, path: str, state: str = "", *, ready: str = "main, #content") -> None:
        """Go to a page, wait for an element, and judge."""
        self.page.watch.under_way.clear()  # type: ignore[attr-defined] # requests of the page before end unheard
        self.page.goto(path)
        expect(self.page.locator(ready).first).to_be_attached()
        self.judge(f"{path} {state}")

    def _run(self, state: str, options: dict[str, Any]) -> None:
        self.page.evaluate(STILL)
        result = self.page.evaluate("options => axe.run(document, options)", options)
        self.found += [
            f"{state}: {one['id']} ({one['help']}): {node['html'][:200]} | {node['failureSummary'][:300]}"
            for one in result["violations"]
            for node in one["nodes"][:3]
            if not any(one["id"] == rule and part in node["html"] for rule, part in DJANGOS_OWN)
        ]
