"""The text of an XML feed made fit for the parser: what it is, and what must not reach it.

    text ─► root element ─► no declarations, no entities ─► at most 2,000 whole entries
        └► why it is no feed

An entity bomb of 658 bytes costs a parser seconds, 50,000 empty items cost it eight, and a
document cut in the middle of an entry goes to a slow second parser that passes half an entry on.
All three are settled here on the text, in time linear in its length.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from xml.sax.saxutils import escape

#: Entries of one document that are read at most.
MAX_ENTRIES = 2_000
#: Characters searched for the start of a feed behind a server's warnings.
_JUNK = 8_192

#: Why a page is no feed.
NOT_HTML = "an HTML page, not a feed"
#: Characters of a page in which the words of a bot check are looked for.
_CHECKED = 20_000

#: What the pages of bot checks say, and what their scripts are called.
_BOT_CHECK = re.compile(
    r"<title>\s*(?:just a moment|attention required|access denied|one moment|please wait|"
    r"ddos-guard|security check|are you (?:a )?(?:human|robot)|robot check)"
    r"|cf-chl|challenge-platform|cf_chl_opt|checking your browser|checking if the site connection"
    r"|verif(?:y|ying) (?:that )?you are (?:a )?human|enable javascript and cookies to continue"
    r"|px-captcha|captcha-delivery|_incapsula_resource|ddos-guard|g-recaptcha|h-captcha"
    r"|hcaptcha\.com|awswafintegration|anubis_challenge|are you a robot",
    re.IGNORECASE,
)
_START = re.compile(r"<\?xml\s|<rss[\s>]|<feed[\s>]|<rdf:RDF[\s>]")
_ROOT = re.compile(r"\s*<([A-Za-z_][\w.:-]*)")
_SKIPPED = re.compile(r"\s*(?:<\?|<!--|<!DOCTYPE)", re.IGNORECASE)
_SUBSET_OR_END = re.compile(r"[\[>]")
_SUBSET_END = re.compile(r"\]\s*>")
_PAGE_ROOTS = frozenset(("html", "head", "body", "title", "meta", "script"))
#: Roots of pieces of a page, and of the warnings servers put before a feed.
_PIECES = frozenset(("b", "br", "center", "div", "font", "h1", "h2", "p", "pre", "span", "table"))
_ENTITY = re.compile(r"<!ENTITY|%", re.IGNORECASE)
#: The one declaration that tells a version of RSS; the parser looks for the name in it.
_NETSCAPE = '<!DOCTYPE rss SYSTEM "netscape">'
_OPENED = re.compile(r"<(?:[A-Za-z_][\w-]*:)?(?:item|entry)(?=[\s/>])")
_CLOSED = re.compile(r"</(?:[A-Za-z_][\w-]*:)?(?:item|entry)\s*>")
_CDATA = re.compile(r"(<!\[CDATA\[[^\]]*(?:\](?!\]>)[^\]]*)*(?:\]\]>|$))")
_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(#[0-9]+;|#[xX][0-9a-fA-F]+;|[A-Za-z][A-Za-z0-9]{1,31};)?"
)
_NUMBER = re.compile(r"&(#[0-9]+;|#[xX][0-9a-fA-F]+;)")
#: Not allowed in XML, though servers send them; and the bytes of which they are made in UTF-8.
_CONTROLS = bytes({*range(0x20)} - {*b"\t\n\r"})
_SUSPECT = (b"\xed", b"\xef\xbf")
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An XML document the parser may have."""

    #: The root element's name as written: ``rss``, ``feed``, ``rdf:RDF``.
    root: str
    text: str
    #: What was wrong and is settled; None when nothing was.
    problem: str | None = None


def prepare(text: str) -> Document | str:
    """``text`` as a Document, or in one line why it is no feed."""
    text = _legal(text)
    start, doctype = _prolog(text, 0)
    root = _ROOT.match(text, start)
    if root is None or root.group(1).lower() in _PIECES:
        if (junk := _START.search(text, 0, _JUNK)) is None:
            return "not a feed: no XML in it" if root is None else NOT_HTML
        start, doctype = _prolog(text, junk.start())
        root = _ROOT.match(text, start)
    if root is None:
        return "not a feed: no XML in it"
    name = root.group(1)
    if name.lower() in _PAGE_ROOTS:
        return NOT_HTML
    if _ENTITY.search(doctype):
        return "refused: it declares entities of its own"
    body, problem = _whole_entries(_with_legal_references(text[root.start(1) - 1 :]), name)
    head = _NETSCAPE if "netscape" in doctype.lower() else ""
    return Document(root=name, text=head + body, problem=problem)


def _legal(text: str) -> str:
    """``text`` with a blank for every character that XML does not allow.

    Nearly all documents hold none, which their bytes tell in half the time of a search.
    """
    data = text.encode("utf-8", "surrogatepass")
    clean = len(data.translate(None, _CONTROLS)) == len(data)
    return text if clean and not any(s in data for s in _SUSPECT) else _ILLEGAL.sub(" ", text)


def is_bot_check(text: str) -> bool:
    """Whether a page stands where the feed should be to keep programs out."""
    return _BOT_CHECK.search(text, 0, _CHECKED) is not None


def _prolog(text: str, start: int) -> tuple[int, str]:
    """Where the prolog from ``start`` ends, and the document type declarations in it."""
    doctype = ""
    while found := _SKIPPED.match(text, start):
        opening = found.group().lstrip().upper()
        if opening == "<!DOCTYPE":
            end = _doctype_end(text, found.end())
            doctype += text[found.end() : end]
        else:
            closing = "?>" if opening == "<?" else "-->"
            end = text.find(closing, found.end())
            end = len(text) if end < 0 else end + len(closing)
        start = end
    return start, doctype


def _doctype_end(text: str, start: int) -> int:
    """Behind the declaration, its internal subset included.

    A ``]>`` inside quotes ends it too early, and harmlessly: nothing of the prolog is handed on.
    """
    found = _SUBSET_OR_END.search(text, start)
    if found is not None and found.group() == "[":
        found = _SUBSET_END.search(text, found.end())
    return len(text) if found is None else found.end()


def _with_legal_references(text: str) -> str:
    """``text`` without what a strict parser stumbles over most: "AT&T", ``&nbsp;``, ``&#0;``.

    The lenient one takes 2.6 times as long, and makes "AT&T;" of it.
    """
    if "&" not in text:
        return text
    pieces = _CDATA.split(text)
    pieces[0::2] = [_REFERENCE.sub(_resolved, piece) for piece in pieces[0::2]]
    # In sections & stands for itself, but the lenient parser looks into them all the same.
    pieces[1::2] = [_NUMBER.sub(_resolved, piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _resolved(reference: re.Match[str]) -> str:
    """A reference as XML can hold it without declarations; one to nothing is an ampersand."""
    name = reference.group(1) or ""
    if name[:1] != "#":
        character = html.unescape(reference.group())
        return escape(reference.group() if not name else character)
    digits, base = (name[2:-1], 16) if name[1] in "xX" else (name[1:-1], 10)
    number = int(digits, base) if len(digits) < 12 else 0x110000
    legal = number in (9, 10, 13) or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD
    return reference.group() if legal or 0x10000 <= number <= 0x10FFFF else "\ufffd"


def _whole_entries(text: str, root: str) -> tuple[str, str | None]:
    """``text`` closed behind its last whole entry if it was cut short, or behind its 2,000th."""
    opened = [found.start() for found in _OPENED.finditer(text)]
    if len(opened) > MAX_ENTRIES:
        kept = text[: opened[MAX_ENTRIES]] + _closing(root)
        return kept, f"{len(opened)} entries, of which the first {MAX_ENTRIES} are read"
    closed = [found.end() for found in _CLOSED.finditer(text)]
    last = closed[-1] if closed else 0
    if not closed or text.find(f"</{root}", last) >= 0:
        return text, None
    return text[:last] + _closing(root), f"cut short; whole entries used: {len(closed)}"


def _closing(root: str) -> str:
    return f"</channel></{root}>" if root.lower() == "rss" else f"</{root}>"
