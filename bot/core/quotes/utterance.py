"""An utterance by its words: its short id, and whether two printings are of the same one.

    words   equal; or the shorter stands in the longer, in order, but for every fifth word
    sense   numbers and negations of that stretch are the same
    time    some days apart at most; words enough need no time
    who     the same speaker, or one of the two is not told

A shorter one of few words says too little to be found in a much longer one, and a fragment of up
to three is known again only with its speaker, or in its own article.
"""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from bot.core.quotes.same_speaker import same_speaker
from bot.core.text.fold import fold
from bot.domain.quotes import Quote, Speaker

#: Words of a fragment at most.
FRAGMENT: Final = 3
#: Words that tell an utterance as a part of any longer one, and at any time where they are all.
TELLING: Final = 8
#: Words that tell it as a part at any time.
_TIMELESS: Final = 12
#: How far apart two printings of one utterance are published.
APART: Final = timedelta(days=7)
#: One word of so many may differ.
_DIFFERS: Final = 5
#: More words than this of one quote are not compared.
_MOST_WORDS: Final = 400
#: Characters of an id: 40 bits.
_ID_BYTES: Final = 5

_WORD = re.compile(r"[^\W_]+(?:[.,]\d+)*")
_PERCENT = re.compile(r"\s*%|\bper cent\b")
_NEGATIONS = frozenset(
    "no not never t none nobody nothing neither nor cannot without nicht nie niemals kein keine"
    " keinen keiner keinem niemand nichts".split()
)
_NUMBERS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve".split()
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Uttered:
    """One printing of an utterance, as much of it as telling it again takes."""

    words: tuple[str, ...]
    #: None where the outlet is not sure enough, or silent, about who spoke.
    speaker: Speaker | None
    published: datetime
    article_id: str


def shown_speaker(quote: Quote) -> Speaker | None:
    """Who readers are told said it; None where nobody is sure enough."""
    shown = quote.shown_speaker
    role = quote.speaker.role if quote.speaker else None
    return Speaker(text=shown, role=role) if shown else None


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words alone, lower case, the same however an outlet prints them; never empty."""
    plain = _PERCENT.sub(" percent", fold(text).lower())
    return tuple(word.replace(",", "") for word in _WORD.findall(plain)) or (text.strip(),)


def quote_id(article_id: str, text: str) -> str:
    """Eight letters and digits that name a quote; the same in every revision with the words."""
    said = " ".join((article_id, *words_of(text))).encode("utf-8", "surrogatepass")
    return b32encode(hashlib.blake2b(said, digest_size=_ID_BYTES).digest()).decode().lower()


def same_utterance(a: Uttered, b: Uttered) -> bool:
    """Whether two printings are of the same utterance; the order of the two does not matter."""
    if a.speaker and b.speaker and not same_speaker(a.speaker, b.speaker):
        return False
    if not same_words(a.words, b.words):
        return False
    if min(len(a.words), len(b.words)) <= FRAGMENT and a.article_id != b.article_id:
        return bool(a.speaker and b.speaker) and abs(a.published - b.published) <= APART
    return are_timeless(a.words, b.words) or abs(a.published - b.published) <= APART


def are_timeless(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether the same words are so many that they were said once, however far apart printed."""
    return min(len(a), len(b)) >= (TELLING if a == b else _TIMELESS)


def same_words(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether one has the other's words in order and in the same sense."""
    if a == b:
        return True
    shorter, longer = sorted((a[:_MOST_WORDS], b[:_MOST_WORDS]), key=lambda w: (len(w), w))
    length = len(shorter)
    if length <= FRAGMENT or (length < TELLING and len(longer) > 2 * length):
        return False
    # Counted first, since it is cheap: most pairs have hardly a word in common.
    if (Counter(shorter) & Counter(longer)).total() < length - length // _DIFFERS:
        return False
    matcher = SequenceMatcher(None, shorter, longer, autojunk=False)
    # A word that stands alone between others says nothing about the order, but where one word
    # took another's place.
    runs = {block.b - block.a for block in matcher.get_matching_blocks() if block.size > 1}
    blocks = [b for b in matcher.get_matching_blocks() if b.size and b.b - b.a in runs]
    if not blocks or sum(block.size for block in blocks) < length - length // _DIFFERS:
        return False
    first, last = blocks[0], blocks[-1]
    start = max(first.b - first.a, 0)
    end = last.b + length - last.a
    return end - start <= 2 * length and _sense(shorter) == _sense(longer[start:end])


def _sense(words: tuple[str, ...]) -> tuple[Counter[str], int]:
    """What must not differ: the numbers, and how often something is denied."""
    numbers = (_NUMBERS.get(word, word) for word in words)
    return (
        Counter(word for word in numbers if word[0].isdigit()),
        sum(word in _NEGATIONS for word in words),
    )
