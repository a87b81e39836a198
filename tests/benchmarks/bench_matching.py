"""Articles that match nothing: our presearch beside spaCy's PhraseMatcher on the same phrases."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable

import spacy
from spacy.matcher import PhraseMatcher

from bot.core.matching import compile_topics
from bot.core.text.docs import Docs, blank_english
from bot.domain.watch import Phrase, Topic, Watchlists

PHRASES, ARTICLES, WORDS = 1_000, 200, 600


def made_up_words(count: int, *, seed: int) -> list[str]:
    chance = random.Random(seed)
    letters = "abcdefghijklmnoprstuvw"
    return ["".join(chance.choices(letters, k=chance.randint(3, 9))) for _ in range(count)]


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def test_presearch_costs_at_most_a_fifth_of_the_phrase_matcher():
    words = made_up_words(2 * PHRASES, seed=1)
    phrases = [f"{a} {b}" for a, b in zip(words[::2], words[1::2], strict=True)]
    vocabulary = made_up_words(5_000, seed=2)
    chance = random.Random(3)
    articles = [" ".join(chance.choices(vocabulary, k=WORDS)) + "." for _ in range(ARTICLES)]
    topics = tuple(
        Topic(name=str(n), any=tuple(Phrase(text=p) for p in phrases[n : n + 20]))
        for n in range(0, PHRASES, 20)
    )
    compiled = compile_topics(Watchlists(topics=topics, version="bench"))
    nlp = blank_english()
    title = Docs("", nlp)

    def ours() -> None:
        for article in articles:
            compiled.match(title, Docs(article, nlp))

    theirs_nlp = spacy.blank("en")
    matcher = PhraseMatcher(theirs_nlp.vocab, attr="LOWER")
    matcher.add("all", [theirs_nlp.make_doc(phrase) for phrase in phrases])

    def theirs() -> None:
        for article in articles:
            matcher(theirs_nlp.make_doc(article))

    ours()  # warm
    mine, baseline = cpu_seconds(ours), cpu_seconds(theirs)
    print(
        f"\n{PHRASES} phrases, {ARTICLES} articles of {WORDS} words that match nothing,"
        f" CPU ms an article: ours {1000 * mine / ARTICLES:.3f},"
        f" PhraseMatcher {1000 * baseline / ARTICLES:.3f},"
        f" ratio {baseline / mine:.0f}, load {os.getloadavg()[0]:.1f}"
    )
    assert baseline / mine >= 5
