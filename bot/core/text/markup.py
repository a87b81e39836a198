"""HTML → plain text, paragraphs apart by a blank line.

    text ─► no markup: trimmed
         └► tags, or escaped tags ─► one pass of libxml2's HTML parser ─► blanks collapsed

Feeds promise nothing about what their texts are, so the text decides: it counts as markup when it
holds a tag HTML knows, or a comment. The parser reports events and builds no tree, which is why
200,000 nested elements cost no stack and a tenth of a second.
"""

from __future__ import annotations

import html
import re
from functools import cache

from lxml import etree  # type: ignore[import-untyped]

#: Longer markup is cut before it is read, in characters.
MAX_MARKUP = 2_000_000

_BLOCK_NAMES = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt "
    "fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li main menu nav ol "
    "p pre section summary table tbody tfoot thead tr ul"
)
_DROPPED_NAMES = (
    "applet audio button canvas embed iframe noembed noframes object script select style svg "
    "template textarea title video"
)
_OTHER_NAMES = (
    "a abbr acronym area b base bdi bdo big cite code col colgroup data datalist del dfn em font "
    "frame frameset head i img input ins kbd label legend link map mark meta meter noscript nobr "
    "optgroup option output param picture progress q rp rt ruby s samp small source span strike "
    "strong sub sup td th time track tt u var wbr"
)
_DROPPED = frozenset(_DROPPED_NAMES.split())
#: Marks in the collected text; control characters cannot come from the input any more.
_BREAK, _PARAGRAPH = "\x00", "\x01"
#: What stands in the text where an element ends, and where one begins.
_ENDS = {**dict.fromkeys(_BLOCK_NAMES.split(), _PARAGRAPH), "td": " ", "th": " "}
del _ENDS["br"]
_BEGINS = {**_ENDS, "br": _BREAK}


def _tag(names: str) -> str:
    return rf"</?(?:{names.replace(' ', '|')})(?:[\s/][^<>]*)?>"


_MARKUP = re.compile(
    rf"<!--|<!\[CDATA\[|{_tag(f'{_BLOCK_NAMES} {_DROPPED_NAMES} {_OTHER_NAMES}')}"
    r"|</?[a-z]+:[a-z]+(?:[\s/][^<>]*)?>",  # <o:p>, as word processors leave it
    re.IGNORECASE,
)
_BLOCK = re.compile(_tag(_BLOCK_NAMES), re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_ODD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
#: No character has such a number, and ``int`` refuses the longest of them.
_HUGE_REFERENCE = re.compile(r"&#[xX]?[0-9a-fA-F]{9,};?")
_GAP = re.compile(r"\n{3,}")
_LEFTOVER_TAG = re.compile(r"<[^<>]*>")


def plain_text(markup: str) -> str:
    """The words of ``markup``, whatever it is; never raises.

    Entities are resolved; scripts, styles, form controls and comments are dropped. A text without
    markup comes back unchanged apart from trimming and what cannot be printed.
    """
    text = printable(markup)
    if "<" not in text and "&" not in text:
        return text.strip()
    if "&#" in text:
        text = _HUGE_REFERENCE.sub("\ufffd", text)
    if not _MARKUP.search(text):
        unescaped = printable(html.unescape(text))
        if not _MARKUP.search(unescaped):
            return unescaped.replace("\u00a0", " ").strip()
        text = unescaped
    return _from_markup(text[:MAX_MARKUP])


def printable(text: str) -> str:
    """``text`` with line ends made one kind and without what no text may hold."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isascii() and text.isprintable():
        return text
    return _ODD.sub(_odd, text)


def _odd(found: re.Match[str]) -> str:
    """Half a character leaves a sign that one was there."""
    return "\ufffd" if "\ud800" <= found.group() <= "\udfff" else ""


def _from_markup(text: str) -> str:
    if "]]>" in text:
        text = _CDATA.sub("", text)
    if not _BLOCK.search(text):
        # Only inline tags: then the blank lines are the paragraphs, as in hand-made feeds.
        text = _BLANK_LINE.sub("<p>", text)
    try:
        # The <div> makes sure that there is an element, without which nothing is reported.
        collected: str = etree.fromstring(b"<div>" + text.encode(), _parser())
    except etree.LxmlError:  # pragma: no cover - no input is known that gets here
        collected = html.unescape(_LEFTOVER_TAG.sub(" ", text))
    blocks = collected.split(_PARAGRAPH)
    return "\n\n".join(filter(None, [_lines(b) if _BREAK in b else _line(b) for b in blocks]))


def _line(text: str) -> str:
    return " ".join(text.split())


def _lines(block: str) -> str:
    """Two breaks in a row, or more, leave one empty line."""
    return _GAP.sub("\n\n", "\n".join(map(_line, block.split(_BREAK)))).strip()


@cache
def _parser() -> etree.HTMLParser:
    """The parser, which takes twice as long to make as to read a text; it locks itself."""
    return etree.HTMLParser(target=_Collector(), encoding="utf-8", huge_tree=True)


class _Collector:
    """Takes the parser's events: words, and marks where lines and paragraphs end.

    ``close`` is called at the end of every text, also of one that cannot be parsed.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        #: How many dropped elements we are inside of.
        self._dropped = 0

    def start(self, tag: str, _attributes: object) -> None:
        if tag in _BEGINS:
            self._pieces.append(_BEGINS[tag])
        elif tag in _DROPPED:
            self._dropped += 1

    def end(self, tag: str) -> None:
        if tag in _ENDS:
            self._pieces.append(_ENDS[tag])
        elif tag in _DROPPED:
            self._dropped -= 1

    def data(self, text: str) -> None:
        if not self._dropped:
            self._pieces.append(text)

    def close(self) -> str:
        pieces, self._pieces, self._dropped = self._pieces, [], 0
        return "".join(pieces)
