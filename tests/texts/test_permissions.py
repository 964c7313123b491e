"""Who may do what with texts: one table for everything that `texts.rules` decides."""

import pytest

from tests import personas
from tests.personas import user_called
from tests.texts.making import make_text
from texts import rules

WHO = ("anonymous", "outsider", "analyst", "moderator", "manager", "administrator", "dismissed")
TABLE: dict[str, str] = {
    # what; who in the order of WHO
    "may_see_text points":        "yes  yes  yes  yes  yes  yes  yes",
    "may_see_text draft":         "no   no   yes  yes  yes  yes  no",
    "may_see_text cells":         "no   no   no   no   no   no   no",
    "may_edit_texts":             "no   no   no   no   yes  yes  no",
    "may_decide_suggestions":     "no   no   no   yes  yes  yes  no",
    "may_read_waiting_comments":  "no   no   yes  yes  yes  yes  no",
}  # fmt: skip
ROWS = [
    (what, who, expected == "yes")
    for what, row in TABLE.items()
    for who, expected in zip(WHO, row.split(), strict=True)
]


@pytest.mark.parametrize(("what", "who", "expected"), ROWS)
def test_permission(db: None, what: str, who: str, expected: bool) -> None:
    name, _space, kind = what.partition(" ")
    campaign = personas.make_campaign(
        is_draft=kind == "draft", publication="cells" if kind == "cells" else "points"
    )
    user = user_called(who, campaign)
    if name == "may_see_text":
        assert rules.may_see_text(user, make_text(campaign)) is expected
    else:
        assert getattr(rules, name)(user, campaign) is expected
