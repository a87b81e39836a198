"""A search in Boolean operators, as pasted from another tool, read as a rule.

Tools disagree on what binds tighter, AND or OR, so the two are never mixed without parentheses.

    query  = part {AND part} [NOT part]... | part {OR part}
    part   = term [NEAR/n term | ONEAR/n term]
    term   = words in a row | "words in a row" | ( query )
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.config import words
from bot.domain.watch import AllOf, AnyOf, Near, Phrase, Rule

_TOKEN = re.compile(r'"(?P<quoted>[^"]*)"|(?P<sign>[()])|(?P<word>[^\s()"]+)')
_NEAR = re.compile(r"(O?)NEAR/(\d{1,2})")
_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class _Token:
    """A sign, an operator, a word or a quoted phrase."""

    #: ``phrase`` for quotes, ``word``, else the sign or operator itself.
    kind: str
    text: str


def parse(text: str) -> Rule:
    """The rule that ``text`` asks for.

    Raises:
        ValueError: it can be read in two ways, or in none.
    """
    tokens = _tokens(text)
    if not tokens:
        raise ValueError("an empty query")
    reader = _Reader(tokens)
    rule = reader.query()
    if reader.next() is not None:
        raise ValueError("a `)` without its `(`")
    return rule


def _tokens(text: str) -> list[_Token]:
    plain = text.translate(str.maketrans("“”„", '"""'))
    if plain.count('"') % 2:
        raise ValueError("a quotation mark is never closed")
    found = []
    for match in _TOKEN.finditer(plain):
        if match["quoted"] is not None:
            found.append(_Token("phrase", match["quoted"]))
        elif match["sign"]:
            found.append(_Token(match["sign"], match["sign"]))
        else:
            found.append(_Token(_kind(match["word"]), match["word"]))
    return found


def _kind(word: str) -> str:
    if word in ("AND", "OR", "NOT"):
        return word
    if _NEAR.fullmatch(word):
        return "NEAR"
    if word.lower() in ("and", "or", "not"):
        raise ValueError(f"`{word}`: write `{word.upper()}`, or put the phrase in quotes")
    if re.match(r"O?(?:NEAR|W|PRE|ADJ)(?:/|$)|(?:near|adj)\d+$|/\d", word):
        raise ValueError(f"`{word}`: write `NEAR/8` for at most 8 other words between")
    if word in ("&", "&&", "|", "||", "+") or word[0] in "-+!":
        raise ValueError(f"`{word}`: write AND, OR and NOT in words")
    if field := re.match(r"(?i)(\w+):", word):
        raise ValueError(f"`{field[0]}` is no part of a query: `title:` is a rule of its own")
    return "word"


class _Reader:
    """Goes through the tokens from left to right."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def next(self) -> _Token | None:
        """The token that is read next."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def query(self) -> Rule:
        """Parts joined by one kind of operator."""
        parts = [self._part()]
        none: list[Rule] = []
        joined = ""
        while (token := self.next()) is not None and token.kind in ("AND", "OR", "NOT"):
            self._at += 1
            refuses = token.kind == "NOT"
            if token.kind == "AND" and (after := self.next()) and after.kind == "NOT":
                self._at += 1
                refuses = True
            kind = "OR" if token.kind == "OR" else "AND"
            if joined and kind != joined:
                raise ValueError(
                    "AND, NOT and OR are mixed: say what belongs together with parentheses, "
                    "as in `NATO AND (spend* OR budget*)`"
                )
            joined = kind
            (none if refuses else parts).append(self._part())
        if none or (joined == "AND"):
            return AllOf(parts=tuple(parts), none=tuple(none))
        return AnyOf(parts=tuple(parts)) if joined else parts[0]

    def _part(self) -> Rule:
        first = self._term()
        while (token := self.next()) is not None and token.kind == "NEAR":
            if isinstance(first, Near):
                raise ValueError("more than one NEAR in a row: use parentheses")
            self._at += 1
            found = _NEAR.fullmatch(token.text)
            second = self._term()
            if found is None or _refuses(first) or _refuses(second):
                raise ValueError("NOT cannot stand inside NEAR: write a `near` with `not near`")
            first = Near(parts=(first, second), words=int(found[2]), in_order=bool(found[1]))
        return first

    def _term(self) -> Rule:
        token = self.next()
        if token is None:
            raise ValueError("something is missing at the end")
        if token.kind == "(":
            self._at += 1
            self._depth += 1
            if self._depth > _DEEPEST:
                raise ValueError(f"more than {_DEEPEST} parentheses in one another")
            rule = self.query()
            closing = self.next()
            if closing is None or closing.kind != ")":
                raise ValueError("a `(` is never closed")
            self._at += 1
            self._depth -= 1
            return rule
        if token.kind == "phrase":
            self._at += 1
            self._no_neighbour()
            return Phrase(text=words.phrase(token.text))
        if token.kind != "word":
            before = "begins" if self._at == 0 else "follows another operator"
            raise ValueError(f"`{token.text}` {before}: words are missing before it")
        run = []
        while (token := self.next()) is not None and token.kind == "word":
            run.append(token.text)
            self._at += 1
        self._no_neighbour()
        return Phrase(text=words.phrase(" ".join(run)))

    def _no_neighbour(self) -> None:
        token = self.next()
        if token is not None and token.kind in ("(", "word", "phrase"):
            raise ValueError(f"AND, OR or NOT is missing before `{token.text}`")


def _refuses(rule: Rule) -> bool:
    match rule:
        case AllOf(parts=parts, none=none):
            return bool(none) or any(map(_refuses, parts))
        case AnyOf(parts=parts) | Near(parts=parts):
            return any(map(_refuses, parts))
        case _:
            return False
