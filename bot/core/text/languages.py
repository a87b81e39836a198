"""Which language a text is in, told from its letters.

A text that does not say is judged by its first characters, from 200 on: fewer cannot be told from
their neighbours (Norwegian from Danish, Ukrainian from Russian). An unsure guess is none.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

#: A shorter text is not judged, and no more of a text is looked at, in characters.
LEAST, MOST = 200, 2_000
#: Below this probability the guess is none.
SURE = 0.9
#: Letters are what tells; figures and marks are the same everywhere.
_LETTERLESS = re.compile(r"https?://\S+|[\W\d_]+")
#: Written forms of one language, as feeds and readers name it.
_ONE = {"nb": "no", "nn": "no"}


def detect(text: str) -> str | None:
    """ISO 639-1 code of the language ``text`` is in; None when it is short or cannot be told."""
    letters = _LETTERLESS.sub(" ", text[: 2 * MOST]).strip()[:MOST]
    if len(letters) < LEAST:
        return None
    code, probability = _identifier().classify(letters)
    return _ONE.get(code, code) if probability >= SURE else None


@cache
def _identifier() -> LanguageIdentifier:
    """Made once a process; the model comes with the package."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
