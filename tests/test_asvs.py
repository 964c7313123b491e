"""`docs/security/asvs.md` answers each requirement of OWASP ASVS 5.0.0, levels 1 and 2, with files that exist."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "security" / "asvs.md"
LEVELS = {
    "1.1": "22",
    "1.2": "1111122223",
    "1.3": "112222222223",
    "1.4": "222",
    "1.5": "123",
    "2.1": "122",
    "2.2": "112",
    "2.3": "12223",
    "2.4": "23",
    "3.1": "3",
    "3.2": "113",
    "3.3": "12223",
    "3.4": "11222233",
    "3.5": "11122333",
    "3.6": "3",
    "3.7": "22333",
    "4.1": "12233",
    "4.2": "23333",
    "4.3": "22",
    "4.4": "1222",
    "5.1": "2",
    "5.2": "112333",
    "5.3": "113",
    "5.4": "222",
    "6.1": "122",
    "6.2": "111111112222",
    "6.3": "11223333",
    "6.4": "112233",
    "6.5": "22222333",
    "6.6": "2223",
    "6.7": "33",
    "6.8": "2222",
    "7.1": "222",
    "7.2": "1111",
    "7.3": "22",
    "7.4": "11222",
    "7.5": "223",
    "7.6": "22",
    "8.1": "1233",
    "8.2": "1123",
    "8.3": "133",
    "8.4": "23",
    "9.1": "111",
    "9.2": "1222",
    "10.1": "22",
    "10.2": "223",
    "10.3": "22223",
    "10.4": "1111122222233333",
    "10.5": "22222",
    "10.6": "22",
    "10.7": "222",
    "11.1": "2233",
    "11.2": "22233",
    "11.3": "11233",
    "11.4": "1222",
    "11.5": "23",
    "11.6": "23",
    "11.7": "33",
    "12.1": "12233",
    "12.2": "11",
    "12.3": "22223",
    "13.1": "2333",
    "13.2": "222223",
    "13.3": "2233",
    "13.4": "1222233",
    "14.1": "22",
    "14.2": "12223333",
    "14.3": "122",
    "15.1": "12233",
    "15.2": "12233",
    "15.3": "1222222",
    "15.4": "3333",
    "16.1": "2",
    "16.2": "22222",
    "16.3": "2222",
    "16.4": "222",
    "16.5": "2223",
    "17.1": "23",
    "17.2": "22223333",
    "17.3": "22",
}
"""By section, the levels of its requirements in order."""
ROW = re.compile(
    r"^\| (?P<number>\d+\.\d+\.\d+)/(?P<level>\d) \| [^|]+ \| (?P<answer>[^|]+) \| (?P<evidence>.+) \|$"
)
ANSWERS = {"yes", "partly", "no", "operator", "-"}
FILE = re.compile(r"`((?:[\w.-]+/)+[\w.-]*\w|[\w-]+\.json)(?:#[\w-]+)?`")


def rows() -> list[re.Match[str]]:
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    return [found for line in lines if (found := ROW.match(line))]


def test_each_requirement_is_answered_once() -> None:
    wanted = {
        f"{section}.{number}": level
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level in "12"
    }
    assert len(wanted) == 253, "as many as the standard says"
    assert sum(level == "1" for level in wanted.values()) == 70
    assert [name for name, number in Counter(row["number"] for row in rows()).items() if number > 1] == []
    assert {row["number"]: row["level"] for row in rows()} == wanted


def test_answers_are_of_a_closed_list() -> None:
    assert {row["answer"] for row in rows()} == ANSWERS


def test_every_row_of_the_tables_is_read() -> None:
    """A row that is spelled otherwise would be missing silently."""
    lines = DOCUMENT.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if re.match(r"^\| \d+\.", line)]) == len(rows())


def test_files_that_are_named_exist() -> None:
    named = {name for row in rows() for name in FILE.findall(row["evidence"])}
    assert len(named) > 80
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []
