"""The signs of voting codes and what people make of them."""

import random

import pytest

from mapping.services.errors import Invalid
from voting.services.codes import SIGNS, PrintedCode, check_sign, signs_of

DRAWN = random.Random(14)  # noqa: S311 - the same codes each time
CODES = ["".join(DRAWN.choices(SIGNS, k=10)) for _ in range(50)]


def code_of(typed: str) -> str:
    with pytest.raises(Invalid) as refused:
        signs_of(typed)
    return refused.value.fields["code"][0].code


def test_signs_are_31_that_nobody_confuses() -> None:
    assert len(set(SIGNS)) == 31
    assert not set("0O1IL") & set(SIGNS)


def test_case_hyphens_and_spaces_do_not_matter() -> None:
    signs = CODES[0] + check_sign(CODES[0])
    printed = PrintedCode(1, signs).text
    assert printed.count("-") == 2
    for typed in (
        signs,
        printed,
        printed.lower(),
        f"  {printed} ",
        printed.replace("-", "–"),
        " ".join(signs),
    ):
        assert signs_of(typed) == signs


def test_every_wrong_sign_and_every_exchange_of_two_signs_is_found() -> None:
    for code in CODES:
        right = code + check_sign(code)
        for place in range(11):
            for sign in SIGNS:
                wrong = right[:place] + sign + right[place + 1 :]
                if wrong != right:
                    assert code_of(wrong) == "voting_code_mistyped"
            for other in range(place):
                signs = list(right)
                signs[place], signs[other] = signs[other], signs[place]
                if "".join(signs) != right:
                    assert code_of("".join(signs)) == "voting_code_mistyped"


@pytest.mark.parametrize("typed", ["", "  ", "---", "\u200b"])
def test_nothing_typed_is_required(typed: str) -> None:
    assert code_of(typed) == "required"


@pytest.mark.parametrize(
    "typed",
    ["ABCD", "ABCDEFGHJKMN", "ABCDEFGHJK0", "ABCDEFGHJKß", "ABCDEFGHJK\U0001f600A" * 9, "A" * 100_000],
)
def test_what_cannot_be_a_code_is_told_from_a_typing_error(typed: str) -> None:
    assert code_of(typed) == "voting_code_malformed"
