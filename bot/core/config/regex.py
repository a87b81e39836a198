"""A regular expression as an admin writes it, checked by the engine that runs it.

RE2 takes time in proportion to the text, whatever the pattern: no pattern and no article can
bring the bot to a halt. The price is that it has no look-ahead, look-behind or back-reference.
"""

from __future__ import annotations

import re2

from bot.core.text.expressions import expression

_LONGEST = 300
#: Part of RE2's message → what to say.
_FIXES = (
    (
        ("invalid perl operator: (?=", "invalid perl operator: (?!", "invalid perl operator: (?<"),
        (
            "look-ahead and look-behind are not there (the engine is RE2, which no text can slow "
            "down): write the words with `near` and `not near`"
        ),
    ),
    (
        tuple(f"invalid escape sequence: \\{n}" for n in range(1, 10)),
        (
            "back-references are not there (the engine is RE2, which no text can slow down): write "
            "the choices out"
        ),
    ),
    (("invalid repetition size",), "at most 1000 repeats, those inside one another multiplied"),
    (("bad repetition operator",), "two repeats in a row, as in `++`: keep one"),
    (("no argument for repetition",), "nothing stands before a `*`, `+` or `?` to be repeated"),
    (("missing )", "unexpected )"), "the parentheses do not match: `\\(` is the character itself"),
    (("missing ]",), "a `[` is never closed: `\\[` is the character itself"),
    (("invalid escape sequence",), "unknown escape; there are `\\b` `\\d` `\\s` `\\w` `\\pL`"),
    (("pattern too large",), "the expression is too large: write the words as phrases"),
)


def regex(text: str) -> str:
    """``text`` if RE2 can run it and it finds at least one character.

    Raises:
        ValueError: what is wrong and the fix.
    """
    if any(ord(character) < 32 for character in text):
        raise ValueError(
            r"in double quotes YAML reads `\b` as another character: use single quotes"
        )
    if len(text) > _LONGEST:
        raise ValueError(f"longer than {_LONGEST} characters: write the words as phrases")
    try:
        compiled = expression(text)
    except re2.error as error:
        raise ValueError(f"`{text}`: {_told(error)}") from None
    if compiled.fullmatch("") is not None:
        raise ValueError(f"`{text}` finds even nothing: ask for at least one character")
    return text


def _told(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    message = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    for parts, fix in _FIXES:
        if any(part in message for part in parts):
            return fix
    return f"not a regular expression: {message}"
