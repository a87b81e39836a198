"""Words as questions and texts share them: folded, stemmed a little, question words dropped."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*%?")

#: Words that ask, or hold a sentence together, and say nothing about the topic.
STOP_WORDS = frozenset(
    (
        "a about after against all also am an and any anyone anything are as at be became because "
        "been before being between but by can could did do does doing done during each either "
        "ever for from get gets got had has have having he her here him his how i if in into is "
        "it its itself just kind let many may me might more most much my no nor not now of off "
        "often on once one only or other our out over own please shall she should so some someone "
        "something such than that the their them then there these they this those through to too "
        "under until up upon us very was we were what when where whether which while who whom "
        "whose why will with within would you your s t re ve ll d m"
    ).split()
)


def plain(text: str) -> str:
    """``text`` without case and accents; the length may change."""
    if text.isascii():
        return text.lower()
    return "".join(
        c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c)
    )


def stems(text: str) -> list[str]:
    """The stems of the words of ``text``, in order, stop words left out."""
    return [stem(word) for word in WORD.findall(plain(text)) if word not in STOP_WORDS]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """``word`` without its commonest endings: good enough to count shared words by."""
    if len(word) > 4 and word.isalpha():
        for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "ly"):
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
        if len(word) > 4 and word[-1] in "ey":
            word = word[:-1]
        if len(word) > 4 and word[-1] == word[-2]:
            word = word[:-1]
    return word
