"""The presearch beside spaCy's PhraseMatcher: same phrases, same articles, same process.

Articles are drawn from 60,000 words by Zipf's law, with punctuation and paragraphs, so that
neither side lives on repeated words. Only ratios are asserted: seconds belong to the machine.
"""

from __future__ import annotations

import gc
import os
import random
import re
import time
from collections.abc import Callable, Sequence
from itertools import accumulate, chain, pairwise
from pathlib import Path

import pytest
import spacy
from spacy.matcher import PhraseMatcher

from bot.core.config import watchlists_of
from bot.core.matching import CompiledTopics, compile_topics
from bot.core.text.prose import Prose
from bot.domain.watch import AnyOf, Near, Phrase, Topic, Watchlists

ARTICLES, WORDS, VOCABULARY = 300, 600, 60_000
#: Phrases → how many times PhraseMatcher's throughput is asked for.
LEAST = {10: 20, 1_000: 20, 10_000: 20, 100_000: 10}
#: Words in a phrase, as in real watchlists.
LENGTHS = (1, 1, 2, 2, 2, 2, 3, 3, 4, 5)


def vocabulary(chance: random.Random) -> list[str]:
    """Words, the frequent ones short, with the letters of English."""
    letters, often = "etaoinshrdlcumwfgypbvkjxqz", [12, 9, 8, 8, 7, 7, 6, 6, 6, 4, 4, 3, 3]
    weights = often + [2] * 9 + [1] * 4
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        size = min(13, chance.randint(2, 4 + len(words) // 300))
        words["".join(chance.choices(letters, weights, k=size))] = None
    return list(words)


class Writer:
    """Writes articles of made-up words."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.words = vocabulary(chance)
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))

    def article(self, *, planted: Sequence[str] = ()) -> str:
        sentences: list[str] = []
        count = 0
        while count < WORDS:
            words = self.chance.choices(
                self.words, cum_weights=self._weights, k=self.chance.randint(8, 26)
            )
            count += len(words)
            words[0] = words[0].capitalize()
            if len(words) > 12:
                words[6] += ","
            sentences.append(" ".join(words) + self.chance.choice("...?"))
            if self.chance.random() < 0.2:
                sentences[-1] += "\n"
        for phrase in planted:
            sentences.insert(self.chance.randrange(len(sentences)), f"Then {phrase} came.")
        return " ".join(sentences)

    def phrases(self, count: int, *, apart_from: Sequence[str]) -> list[str]:
        """Different phrases of words that articles are made of, none in ``apart_from``."""
        words = [re.sub(r"[.,?]", "", article).lower().split() for article in apart_from]
        single = set(chain.from_iterable(words))
        pairs = {pair for each in words for pair in pairwise(each)}
        found: dict[str, None] = {}
        while len(found) < count:
            drawn = self.chance.choices(self.words[200:], k=self.chance.choice(LENGTHS))
            known = drawn[0] in single if len(drawn) == 1 else tuple(drawn[:2]) in pairs
            if not known:
                found[" ".join(drawn)] = None
        return list(found)


def cpu_ms(work: Callable[[str], object], articles: Sequence[str]) -> float:
    """Milliseconds of CPU an article, none of which was seen before, after as many others.

    spaCy keeps the words it has met: a second round over the same articles would show its cache.
    """
    half = len(articles) // 2
    for article in articles[:half]:
        work(article)
    began = time.process_time()
    for article in articles[half:]:
        work(article)
    return 1000 * (time.process_time() - began) / (len(articles) - half)


def resident_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def compiled(phrases: Sequence[str]) -> CompiledTopics:
    topics = tuple(
        Topic(name=str(n), any=tuple(Phrase(text=each) for each in phrases[n : n + 20]))
        for n in range(0, len(phrases), 20)
    )
    return compile_topics(Watchlists(topics=topics, version="bench"))


@pytest.mark.parametrize("count", LEAST)
def test_presearch_beats_the_phrase_matcher_and_finds_the_same(count: int) -> None:
    writer = Writer(random.Random(count))
    articles = [writer.article() for _ in range(ARTICLES)]
    phrases = writer.phrases(count, apart_from=articles)

    before, began = resident_mb(), time.process_time()
    ours = compiled(phrases)
    our_build, our_mb = time.process_time() - began, resident_mb() - before
    before, began = resident_mb(), time.process_time()
    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for number, phrase in enumerate(phrases):
        matcher.add(str(number), [nlp.make_doc(phrase)])
    their_build, their_mb = time.process_time() - began, resident_mb() - before

    title = Prose("")
    matched: list[object] = []
    mine = cpu_ms(lambda text: matched.extend(ours.match(title, Prose(text))), articles)
    theirs = cpu_ms(lambda text: matched.extend(matcher(nlp.make_doc(text))), articles)
    assert matched == []

    for _ in range(20):
        planted = writer.article(planted=writer.chance.sample(phrases, k=min(8, count)))
        found = {phrase.text for phrase in ours.phrases_in(title, Prose(planted.upper()))}
        expected = {
            phrases[int(nlp.vocab.strings[key])] for key, _, _ in matcher(nlp.make_doc(planted))
        }
        assert found == expected != set()

    print(
        f"\n{count:>7} phrases, CPU ms an article: ours {mine:.3f}, PhraseMatcher {theirs:.3f},"
        f" ratio {theirs / mine:.1f}; build s {our_build:.2f} / {their_build:.2f};"
        f" MB {our_mb:.0f} / {their_mb:.0f}; load {os.getloadavg()[0]:.1f}"
    )
    assert theirs / mine >= LEAST[count]


def thousand_topics(writer: Writer) -> tuple[Topic, ...]:
    """13,000 phrases: seven near any of six others, in one sentence."""

    def some(count: int) -> AnyOf:
        drawn = (
            writer.chance.choices(writer.words[300:20_000], k=writer.chance.choice(LENGTHS))
            for _ in range(count)
        )
        return AnyOf(parts=tuple(Phrase(text=" ".join(words)) for words in drawn))

    return tuple(
        Topic(name=str(n), any=(Near(parts=(some(7), some(6)), within="sentence"),))
        for n in range(1_000)
    )


def test_presearch_of_a_thousand_topics_costs_a_small_part_of_tokenizing() -> None:
    writer = Writer(random.Random(5))
    articles = [writer.article() for _ in range(ARTICLES)]
    topics = compile_topics(Watchlists(topics=thousand_topics(writer), version="bench"))
    title = Prose("")
    candidates: list[int] = []
    ours = cpu_ms(
        lambda text: candidates.append(len(topics.candidates(title, Prose(text)))),
        articles,
    )
    whole = cpu_ms(lambda text: topics.match(title, Prose(text)), articles)
    tokens = cpu_ms(spacy.blank("en").make_doc, articles)
    print(
        f"\n1,000 topics, 13,000 phrases, CPU ms an article of {WORDS} words: presearch"
        f" {ours:.3f}, cascade {whole:.3f}, spaCy's tokenizer alone {tokens:.3f};"
        f" {sum(candidates) / ARTICLES:.0f} candidates; load {os.getloadavg()[0]:.1f}"
    )
    assert ours < tokens / 2


def test_a_thousand_topics_are_read_and_compiled_in_little_more_than_their_yaml() -> None:
    writer = Writer(random.Random(6))
    lines = chain.from_iterable(
        (
            f"  topic {topic.name}:",
            "    any:",
            "      - near:",
            *(
                f"          - any: [{', '.join(phrase.text for phrase in part.parts)}]"
                for part in topic.any[0].parts
            ),
            "        within: sentence",
        )
        for topic in thousand_topics(writer)
    )
    whole = ["format: 1", "topics:", *lines]
    # A file holds 512 kB at most; a thousand topics come in several.
    files = {}
    for number in range(4):
        part = whole[2 + number * 1_500 : 2 + (number + 1) * 1_500]
        files[f"{number}.yaml"] = "\n".join(["format: 1", "topics:", *part]).encode()
    began = time.process_time()
    watchlists = watchlists_of(files)
    read = time.process_time() - began
    compile_topics(watchlists)
    both = time.process_time() - began
    print(
        f"\n{len(watchlists.topics)} topics: YAML {read:.2f} s, compiled {both - read:.2f} s,"
        f" together {both:.2f} s of CPU"
    )
    assert len(watchlists.topics) == 1_000
    assert both < 3 * read
