"""What YAML itself refuses, said with the likely fix.

YAML's own messages speak of tokens and block ends; an admin meets some ten of them, and each has
one usual cause.
"""

from __future__ import annotations

import re

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.domain.errors import Problem

#: Pattern in the parser's message → what to say. The first that fits is taken.
_HINTS = (
    (r"character '\\t'|tab character", "a tab; YAML wants blanks: indent with two blanks"),
    (
        r"character '(?P<c>[%@`])' that cannot start",
        "a text cannot begin with `{c}` unless it stands in quotes: put quotes round it",
    ),
    (
        r"scanning an alias",
        (
            "a text cannot begin with `*`: a wildcard stands at the end of a word, as in `spend*`; "
            "put quotes round it if you mean the character"
        ),
    ),
    (r"scanning an anchor", "a text cannot begin with `&`: put quotes round it"),
    (
        r"scanning a directive|expected '<document start>'.*directive",
        "a line cannot begin with `%`: put quotes round the text",
    ),
    (
        r"unknown escape character",
        "a backslash in double quotes begins an escape: use single quotes",
    ),
    (
        r"quoted scalar.*(?:end of stream|document separator)",
        "this quote is never closed: add the same quotation mark at the end of the text",
    ),
    (
        r"expected ',' or '.*but got '<scalar>'",
        "a comma is missing before this, or the quotes do not hold the whole text",
    ),
    (
        r"expected ',' or '(?P<c>[\]}])'",
        "this bracket is never closed, or a comma is missing: add `{c}` or `,`",
    ),
    (
        r"mapping values are not allowed",
        (
            "a `:` where none can be: put quotes round a text with a colon in it, "
            "or check the blanks at the line's start and the blank after the `:` of the line above"
        ),
    ),
    (
        r"could not find expected ':'",
        "a key without a `:` and a blank after it: write `key: value`",
    ),
    (
        r"expected the node content, but found '(?P<c>.)'",
        "`{c}` cannot stand here: put quotes round the text, or remove it",
    ),
    (
        r"block collection.*found '<scalar>'|block mapping.*found '<scalar>'",
        (
            "text after something that is complete already: put quotes round the whole, "
            "and begin no text with `*` or a quotation mark that ends earlier"
        ),
    ),
    (
        r"expected <block end>",
        "wrong indentation: begin this line at the same column as its neighbours",
    ),
    (r"indentation indicators", "after `|` or `>` the text begins on the next line"),
    (r"expected '<document start>'", "more text after the end of the file's content: remove it"),
    (r"pars\w+ an? tag|tag handle", "a text cannot begin with `!`: put quotes round it"),
)
#: Where the place the fault began tells more than the place it was noticed.
_AT_CONTEXT = re.compile(r"quoted scalar|flow (?:sequence|mapping)")


def unparsable(error: YAMLError, text: str, *, file: str) -> Problem:
    """The parser's refusal as a problem."""
    if not isinstance(error, MarkedYAMLError):
        return _unprintable(text, file=file)
    said = f"{error.context or ''} {error.problem or ''}"
    mark = error.problem_mark or error.context_mark
    begun = _AT_CONTEXT.search(error.context or "") and "<scalar>" not in said
    if error.context_mark is not None and begun:
        mark = error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (0, 0)
    message = f"not valid YAML: {(error.problem or 'unknown fault').strip()}"
    for pattern, hint in _HINTS:
        found = re.search(pattern, said, re.DOTALL)
        if found is not None:
            message = hint.format(**found.groupdict())
            break
    return Problem(file=file, line=line, column=column, message=message)


def undecodable(data: bytes, position: int, *, file: str) -> Problem:
    """The file is in another encoding."""
    before = data[:position]
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(file=file, message="the file is UTF-16: save it as UTF-8")
    line = before.count(b"\n") + 1
    column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
    message = "a character that is not UTF-8: save the file as UTF-8"
    return Problem(file=file, line=line, column=column, message=message)


def unknown_alias(name: str, line: int, column: int, *, file: str) -> Problem:
    """``*name`` where no ``&name`` stands before."""
    message = (
        f"`*{name}` begins with `*`: a wildcard stands at the end of a word, as in `spend*`; "
        "put quotes round it if you mean the character"
    )
    return Problem(file=file, line=line, column=column, message=message)


def unknown_tag(line: int, column: int, *, file: str) -> Problem:
    """``!something``."""
    message = "a text cannot begin with `!`: put quotes round it"
    return Problem(file=file, line=line, column=column, message=message)


def _unprintable(text: str, *, file: str) -> Problem:
    """A character YAML does not allow."""
    found = re.search(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    if found is None:
        return Problem(file=file, message="not valid YAML")
    line = text.count("\n", 0, found.start()) + 1
    column = found.start() - (text.rfind("\n", 0, found.start()) + 1) + 1
    message = f"an invisible character (U+{ord(found.group()):04X}): delete it"
    return Problem(file=file, line=line, column=column, message=message)
