"""Bytes → characters: which encoding a document is really in.

Declarations lie more often than bytes do, so the order is: byte order mark, the pattern of zero
bytes, UTF-8 if it decodes, then what the document and the header declare. What fits nothing is
replaced character by character; a document is never refused for its encoding.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: it starts with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: Bytes looked at for the pattern of zero bytes.
_SAMPLE = 400
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]{1,40})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]{1,40})", re.IGNORECASE)
#: Python codecs that are no encodings of documents, or cost more than they should.
_REFUSED = frozenset(("idna", "punycode", "undefined", "utf-7", "unicode_escape"))
#: What pages call Latin-1 is Windows-1252, here as in every browser.
_WINDOWS = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
#: Three in a row: the letters of a Cyrillic word, hardly ever accents of a Latin one.
_CYRILLIC = re.compile(rb"[\xc0-\xff]{3}")


def decode(body: bytes, *, content_type: str | None = None) -> str:
    """``body`` as text, without its byte order mark; never raises."""
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    if (wide := _wide(body)) is not None:
        return body.decode(wide, "replace")
    declared = _declared(body, content_type)
    # ISO-2022 is plain ASCII to every other codec; its escapes give it away.
    order = (*declared, "utf-8") if b"\x1b" in body else ("utf-8", *declared)
    for encoding in order:
        try:
            return body.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
    return _best_effort(body)


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of its ASCII part stand."""
    sample = body[: min(_SAMPLE, len(body) // 2 * 2)]
    if b"\x00" not in sample:
        return None
    half = len(sample) / 2
    even, odd = sample[0::2].count(0) / half, sample[1::2].count(0) / half
    if odd > 0.9 and 0.4 < even < 0.6:
        return "utf-32-le"
    if even > 0.9 and 0.4 < odd < 0.6:
        return "utf-32-be"
    if odd > 0.5 and even < 0.3:
        return "utf-16-le"
    if even > 0.5 and odd < 0.3:
        return "utf-16-be"
    return None


def _declared(body: bytes, content_type: str | None) -> tuple[str, ...]:
    """Encodings declared by the document and by the header, made usable."""
    names = []
    if found := _DECLARED.search(body, 0, 1024):
        names.append(found.group(1).decode("ascii"))
    if in_header := _CHARSET.search(content_type or ""):
        names.append(in_header.group(1))
    usable = []
    for name in names:
        try:
            known = codecs.lookup(name).name
        except LookupError:
            continue
        if known not in _REFUSED and not known.startswith(("utf-16", "utf-32", "raw_")):
            usable.append(_WINDOWS.get(known, known))
    return tuple(usable)


def _best_effort(body: bytes) -> str:
    """Damaged UTF-8 if it is mostly that, else the likelier of two Windows code pages."""
    text = body.decode("utf-8", "replace")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    if text.count("\ufffd") * 2 <= beyond_ascii:
        return text
    return body.decode("cp1251" if _CYRILLIC.search(body) else "cp1252", "replace")
