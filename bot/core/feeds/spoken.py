"""The language a document says it is in, as a two-letter code.

``en-US``, ``EN_gb`` and ``eng`` are ``en``; what is no code counts as absent.
"""

from __future__ import annotations

import re

#: Characters before the first entry that are searched.
_HEAD = 16_384
_FIRST_ENTRY = re.compile(r"<(?:[A-Za-z_][\w-]*:)?(?:item|entry)[\s>]")
_ELEMENT = re.compile(
    r"<(?:dc:)?language(?:\s[^>]{0,200})?>\s*(?:<!\[CDATA\[)?\s*([A-Za-z][\w-]{1,30})\s*(?:\]\]>)?\s*</",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"\sxml:lang\s*=\s*[\"']\s*([A-Za-z][\w-]{1,30})\s*[\"']")
_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]\w{1,20})*")
#: Codes of three letters, old ones, and countries where the language was meant.
_MEANT = {
    "eng": "en",
    "ukr": "uk",
    "rus": "ru",
    "deu": "de",
    "ger": "de",
    "fra": "fr",
    "fre": "fr",
    "spa": "es",
    "ita": "it",
    "pol": "pl",
    "tur": "tr",
    "nob": "no",
    "nno": "no",
    "nb": "no",
    "nn": "no",
    "iw": "he",
    "in": "id",
    "ua": "uk",
    "cz": "cs",
    "gr": "el",
    "jp": "ja",
    "cn": "zh",
}


def language_code(text: str) -> str | None:
    """The code of what a feed calls its language; None for what is none."""
    found = _CODE.fullmatch(text.strip())
    if found is None:
        return None
    code = found.group(1).lower()
    meant = _MEANT.get(code, code)
    return meant if len(meant) == 2 else None


def language_said(text: str) -> str | None:
    """What an XML document says before its first entry: in an element, else in an attribute."""
    first = _FIRST_ENTRY.search(text, 0, _HEAD)
    end = _HEAD if first is None else first.start()
    found = _ELEMENT.search(text, 0, end) or _ATTRIBUTE.search(text, 0, end)
    return None if found is None else language_code(found.group(1))
