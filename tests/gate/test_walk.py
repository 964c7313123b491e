"""A walk over every address of the site, by everybody who is not concerned: what is not public never appears.

Twice: once looking for marks (texts, answers, photos, comments, replies, positions, numbers), once comparing all
answers with those of a site on which the hidden things never existed, which finds what no mark can: counts, cells,
lengths, headers, the shapes on small maps.
"""

import re
from difflib import unified_diff

from django.test import Client

from mapping import rules
from tests.gate.walking import met, visits
from tests.gate.world import CROWD_NUMBERS, HIDDEN, HIDDEN_DIGITS, SHOWN, SHOWN_DIGITS, World, unhide


def test_nobody_meets_anything_hidden(world: World, visitors: dict[str, Client]) -> None:
    assert all(rules.is_public(one) == (SHOWN in one.text) for one in world.contributions)
    asked = list(visits(world))
    assert len(asked) > 500
    answers = {who: met(browser, asked) for who, browser in visitors.items()}
    for who, found in answers.items():
        for (address, coding), (_status, words) in found.items():
            # The page may repeat the address that was asked for.
            others = words.replace(address, "").replace(f"q={HIDDEN[:3]}", "")
            for mark in (re.compile(HIDDEN), HIDDEN_DIGITS, CROWD_NUMBERS):
                seen = mark.search(others)
                assert not seen, (who, address, coding, others[max(0, seen.start() - 200) : seen.end() + 60])
        everything = "".join(words for _status, words in found.values())
        for shown in (f"{SHOWN} points-{kind} published" for kind in ("pre", "post", "upcoming", "closed")):
            assert shown in everything
        for shown in ("answer", "comment", "reply"):
            assert f"{SHOWN} {shown}" in everything
        assert SHOWN_DIGITS.search(everything)
        assert f"\udcd9{SHOWN}" in everything  # behind the end of a JPEG (FF D9): a photo

    # What is left to tell is the same as on a site on which nothing hidden ever was; of a draft, "not found".
    # Not in the administration, which has its own page for each row that is not there.
    asked = [visit for visit in asked if not visit[0].startswith("/admin/")]
    unhide(world)
    for who, browser in visitors.items():
        for visit, answer in met(browser, asked).items():
            before, after = (words.splitlines() for _status, words in (answers[who][visit], answer))
            assert answers[who][visit] == answer, (who, visit, list(unified_diff(before, after, lineterm="")))
