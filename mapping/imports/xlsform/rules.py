"""The grammar of rules (`relevant`): the part of XPath 1.0 that XLSForm uses to show questions.

    rule    = part {"or" part}            part   = test {"and" test}
    test    = "(" rule ")" | "not(" rule ")" | "true()" | "false()"
            | "selected(" name "," value ")" | operand sign operand
    operand = name | value | "string-length(" name ")" | "count-selected(" name ")"
    name    = "${" … "}"                  sign   = "=" | "!=" | ">=" | "<=" | ">" | "<"
    value   = a text in single or double quotes | a number | "true()" | "false()"

Texts may contain their own quotation mark doubled (XPath 2.0), and spreadsheets' typographic quotes are read like plain
ones, as pyxform does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 4_000
"""Characters of a rule."""
DEEPEST: Final = 20
"""Parentheses within parentheses."""

Value = str | int | float


class RuleProblem(ValueError):
    """A rule that is not of the grammar; `code` and `params` name the message."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Always:
    """A rule that is always true, or never."""

    is_true: bool


@dataclass(frozen=True, slots=True)
class Compare:
    """The answer to a question compared with a value; `sign` is one of = != >= <= > <."""

    name: str
    sign: str
    value: Value


@dataclass(frozen=True, slots=True)
class Answered:
    """Whether a question is answered."""

    name: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of a rule."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Several:
    """Rules that must all hold (`is_all`), or one of them."""

    is_all: bool
    rules: tuple[Rule, ...]


Rule = Always | Compare | Answered | Not | Several


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


@dataclass(frozen=True, slots=True)
class _Name:
    name: str


@dataclass(frozen=True, slots=True)
class _Length:
    """How long the text, or how many the choices, of an answer are."""

    name: str


_Operand = _Name | _Length | str | int | float

_TOKEN: Final = re.compile(
    r"""
      (?P<name>\$\{[^{}]{0,200}\})
    | (?P<double>"(?:[^"]|""){0,500}")
    | (?P<single>'(?:[^']|''){0,500}')
    | (?P<curly>“[^”]{0,500}”|„[^“]{0,500}“|‘[^’]{0,500}’)
    | (?P<number>-?[0-9]{1,16}(?:\.[0-9]{1,15})?(?![0-9.]))
    | (?P<word>[A-Za-z_][A-Za-z0-9_:.-]*)
    | (?P<sign>!=|>=|<=|=|>|<)
    | (?P<mark>[(),])
    """,
    re.VERBOSE,
)
_BLANK: Final = re.compile(r"[\s\u00a0]*")
_FLIPPED: Final = {"=": "=", "!=": "!=", ">=": "<=", "<=": ">=", ">": "<", "<": ">"}
_LENGTHS: Final = ("string-length", "count-selected")


def parse_rule(text: str) -> Rule:
    """Parse a rule; raises RuleProblem."""
    if len(text) > LONGEST:
        raise RuleProblem("rule_too_long", most=LONGEST)
    parser = _Parser(list(_tokens(text)))
    rule = parser.rule(0)
    parser.require_end()
    return rule


def names_in(rule: Rule) -> Iterator[str]:
    """The names of the questions that a rule tests, in order."""
    match rule:
        case Compare() | Answered():
            yield rule.name
        case Not():
            yield from names_in(rule.rule)
        case Several():
            for one in rule.rules:
                yield from names_in(one)


def _tokens(text: str) -> Iterator[_Token]:
    at = _end_of_blank(text, 0)
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise RuleProblem("rule_sign", position=at + 1, found=text[at : at + 12])
        yield _Token(str(found.lastgroup), found[0], at)
        at = _end_of_blank(text, found.end())


def _end_of_blank(text: str, at: int) -> int:
    found = _BLANK.match(text, at)
    return found.end() if found else at


class _Parser:
    """Recursive descent over the tokens of one rule."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at = tokens, 0

    def rule(self, depth: int) -> Rule:
        return self._several("or", depth)

    def require_end(self) -> None:
        if (token := self._peek()) is not None:
            raise RuleProblem(
                "rule_parentheses" if token.text == ")" else "rule_after", found=token.text[:40]
            )

    def _several(self, word: str, depth: int) -> Rule:
        def part() -> Rule:
            return self._several("and", depth) if word == "or" else self._test(depth)

        rules = [part()]
        while self._accept(word):
            rules.append(part())
        return rules[0] if len(rules) == 1 else Several(word == "and", tuple(rules))

    def _test(self, depth: int) -> Rule:
        if depth > DEEPEST:
            raise RuleProblem("rule_too_deep", most=DEEPEST)
        if self._accept("("):
            inside = self.rule(depth + 1)
            self._require(")")
            return inside
        if self._is_call("not"):
            self._at += 2
            inside = self.rule(depth + 1)
            self._require(")")
            return Not(inside)
        if self._is_call("selected"):
            return self._selected()
        return self._comparison()

    def _selected(self) -> Rule:
        self._at += 2
        name = self._operand()
        self._require(",")
        value = self._operand()
        self._require(")")
        if not isinstance(name, _Name) or isinstance(value, _Name | _Length):
            raise RuleProblem("rule_selected")
        return Compare(name.name, "=", value)

    def _comparison(self) -> Rule:
        left = self._operand()
        token = self._peek()
        if token is None or token.kind != "sign":
            if left in ("true", "false") and self._tokens[self._at - 1].text == ")":
                return Always(left == "true")
            raise RuleProblem("rule_without_sign")
        self._at += 1
        right = self._operand()
        match left, right:
            case _Name(), str() | int() | float():
                return _compare(left.name, token.text, right)
            case ((str() | int() | float()), _Name()):
                return _compare(right.name, _FLIPPED[token.text], left)
            case _Length(), int() | float():
                return _length(left.name, token.text, right)
            case ((int() | float()), _Length()):
                return _length(right.name, _FLIPPED[token.text], left)
        raise RuleProblem("rule_of_two_answers")

    def _operand(self) -> _Operand:
        token = self._next()
        match token.kind:
            case "name":
                return _Name(_name(token.text))
            case "double" | "single":
                quote = token.text[0]
                return token.text[1:-1].replace(quote * 2, quote)
            case "curly":
                return token.text[1:-1]
            case "number":
                return float(token.text) if "." in token.text else int(token.text)
            case "word" if self._accept("("):
                return self._call(token.text)
        raise RuleProblem(
            "rule_parentheses" if token.text in ("(", ")") else "rule_word", found=token.text[:40]
        )

    def _call(self, function: str) -> _Operand:
        if function in ("true", "false"):
            self._require(")")
            return function
        if function not in _LENGTHS:
            raise RuleProblem("rule_function", function=function[:40])
        token = self._next()
        if token.kind != "name":
            raise RuleProblem("rule_word", found=token.text[:40])
        self._require(")")
        return _Length(_name(token.text))

    def _is_call(self, word: str) -> bool:
        return [one.text for one in self._tokens[self._at : self._at + 2]] == [word, "("]

    def _peek(self) -> _Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> _Token:
        token = self._peek()
        if token is None:
            raise RuleProblem("rule_ends")
        self._at += 1
        return token

    def _accept(self, text: str) -> bool:
        token = self._peek()
        is_there = token is not None and token.text == text
        self._at += is_there
        return is_there

    def _require(self, text: str) -> None:
        if self._accept(text):
            return
        token = self._peek()
        if text == ")" and token is None:
            raise RuleProblem("rule_parentheses", found="(")
        raise RuleProblem(
            "rule_ends" if token is None else "rule_after", found=token.text[:40] if token else ""
        )


def _name(text: str) -> str:
    return text[2:-1].strip()


def _compare(name: str, sign: str, value: Value) -> Rule:
    if value == "" and sign in ("=", "!="):
        return Answered(name, sign == "!=")
    return Compare(name, sign, value)


def _length(name: str, sign: str, number: float) -> Rule:
    """A length can only tell whether there is an answer at all."""
    if (sign, number) in ((">", 0), (">=", 1), ("!=", 0)):
        return Answered(name, is_answered=True)
    if (sign, number) in (("=", 0), ("<", 1), ("<=", 0)):
        return Answered(name, is_answered=False)
    raise RuleProblem("rule_length")
