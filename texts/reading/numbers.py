"""The numbers of sections ("2.1"), computed from the levels of their headings."""

from collections.abc import Iterable


def numbers(levels: Iterable[int]) -> list[str]:
    """The number of each section, in their order.

    Level 0 has none (""), and counts nowhere. A level that is skipped takes no place: below "1", a heading of level 3
    is "1.1", one of level 2 behind it "1.2".
    """
    found: list[str] = []
    above: list[tuple[int, int]] = []
    for level in levels:
        if level < 1:
            found.append("")
            continue
        last = 0
        while above and above[-1][0] >= level:
            _level, last = above.pop()
        above.append((level, last + 1))
        found.append(".".join(str(count) for _level, count in above))
    return found
