"""Which language a text is in: what was said of it, checked against its letters.

    nothing said           told from the letters, from 200 on; an unsure guess is none
    said, a long text      the letters, if they are sure beyond doubt and no neighbour's
    said, a short text     what was said, but for "en" of what is not written in Latin letters

Documents say "en-us" because their software does, so a long text knows better than its feed. Fewer
letters cannot be told from their neighbours (Norwegian from Danish, Ukrainian from Russian).
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: A shorter text is not judged, and no more of a text is looked at, in characters.
LEAST, MOST = 200, 2_000
#: Below this probability the guess is none.
SURE = 0.9
#: What it takes to contradict what was said: letters and probability.
LONG, CERTAIN = 400, 0.99
#: Letters are what tells; figures and marks are the same everywhere.
_LETTERLESS = re.compile(r"https?://\S+|[\W\d_]+")
#: Written forms of one language, as feeds and readers name it.
_ONE = {"nb": "no", "nn": "no"}
#: Taken for one another, even at length.
_NEIGHBOURS = tuple(
    frozenset(group.split()) for group in ("da no", "bs hr sr", "cs sk", "id ms", "gl pt")
)
#: Past the last Latin letter of European languages.
_BEYOND_LATIN = 0x0250


def language_of(text: str, *, said: str | None) -> str | None:
    """ISO 639-1 code of the language ``text`` is in, where its document said ``said``.

    None when nothing was said, and the text is short or its language cannot be told.
    """
    letters = _letters(text)
    if said is None:
        return _told(letters, least=LEAST, sure=SURE)
    told = _told(letters, least=LONG, sure=CERTAIN)
    if told is not None:
        near = any({told, said} <= neighbours for neighbours in _NEIGHBOURS)
        return said if near else told
    return None if said == "en" and _is_beyond_latin(letters) else said


def _letters(text: str) -> str:
    return _LETTERLESS.sub(" ", text[: 2 * MOST]).strip()[:MOST]


def _told(letters: str, *, least: int, sure: float) -> str | None:
    if len(letters) < least:
        return None
    code, probability = _identifier().classify(letters)
    return _ONE.get(code, code) if probability >= sure else None


def _is_beyond_latin(letters: str) -> bool:
    return 2 * sum(ord(letter) >= _BEYOND_LATIN for letter in letters) > len(letters)


@cache
def _identifier() -> LanguageIdentifier:
    """Made once a process; the model comes with the package."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
