"""Quotes: articles a second beside spaCy's tokenizer, growth with length, and what each rule does.

The tables of rules and filters are read from own passages; QUOTE_GOLD names another gold file of
the same shape.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import spacy

from bot.core.quotes import extract
from bot.core.quotes.extract import find_quotes
from bot.core.quotes.filters import FILTERS, unspoken, word_count
from bot.core.quotes.rules import RULES, confidence
from bot.core.text.prose import Prose

EDGE = " \u00a0,.;:!?…—-\"'“”‘’"
DATA = Path(__file__).parents[1] / "data" / "quotes"
GOLD = Path(os.environ.get("QUOTE_GOLD", DATA / "german.jsonl"))
FILLER = (
    "The road to the border was empty in the morning, and the only sound came from the river. "
    "Nobody had expected the talks to last so long; three deadlines had passed since the spring, "
    "and the price of grain had doubled. The town has a bridge, a school and two shops."
)
ARTICLES = 200
#: Of the tokenizer alone, which has seen all these words before and does nothing with them.
MULTIPLE = 25
HOSTILE = {
    "opening marks": "“",
    "nested marks": "“a “b” c ",
    "inches": 'a 24" b ',
    "single marks": "‘a b c d,’ ",
    "unseen characters": "\u200b“",
    "unclosed quotes": "“a b, said Holm. ",
    "straight marks": ' " ',
    "marks turned about": "«»»«",
    "cues": "“Yes,” said Holm, and ",
    "German cues": "Der Kanzler sagte, „ja“ wie Karl Holm sagte ",
    "German pronouns": "„Wir gehen nun alle“, sagte er, und Minister Karl Holm ",
    "German colons": "Minister Karl Holm ist froh und: „wir gehen“ ",
    "reported speech": "Petra Lund said that it is, ",
    "open paragraphs": "“a\n\n",
    # "#" is a number that grows
    "one last name": "“We do sail,” Ab# Holm said. ",
    "one role": "“We do sail,” the minister of x# said. Ab# Holm#, the minister of x#, left. ",
    "slips": "“We do sail,” Abcdefg# said. “We do,” Ab Abcdeg# said. ",
    "pronouns": "Ab Holm said. “We do sail,” he said. ",
    "lists": "Holm, Lund, Voss and Karl said “we do sail,” ",
}


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def articles() -> list[str]:
    """Articles of some 600 words, nearly half of their paragraphs with quotes."""
    texts = [article["text"] for article in lines(DATA / "key" / "articles.jsonl")]
    made = []
    for number in range(ARTICLES):
        parts = [texts[(number + step) % len(texts)] for step in range(5)]
        made.append("\n\n".join(part for text in parts for part in (text, FILLER)))
    return made


def test_quotes_cost_a_bounded_multiple_of_the_tokenizer():
    nlp = spacy.blank("en")
    texts = articles()

    def ours() -> None:
        for text in texts:
            find_quotes(Prose(text))

    def theirs() -> None:
        for text in texts:
            nlp.make_doc(text)

    ours()  # warm
    mine, baseline = cpu_seconds(ours), cpu_seconds(theirs)
    words = sum(len(text.split()) for text in texts) / len(texts)
    print(
        f"\n{ARTICLES} articles of {words:.0f} words, articles a CPU second: quotes and speakers"
        f" {ARTICLES / mine:.0f}, spaCy's tokenizer alone {ARTICLES / baseline:.0f},"
        f" ratio {mine / baseline:.2f}, load {os.getloadavg()[0]:.1f}"
    )
    assert mine / baseline <= MULTIPLE


def test_quotes_grow_with_the_length_of_hostile_texts_and_no_faster():
    print("\ncharacters       50,000  100,000  200,000  (CPU seconds)")
    for name, unit in HOSTILE.items():
        spent = []
        for size in (50_000, 100_000, 200_000):
            units = (unit.replace("#", str(number)) for number in range(size // len(unit) + 1))
            text = "".join(units)[:size]
            spent.append(cpu_seconds(lambda text=text: find_quotes(Prose(text))))
        print(f"{name:18}", *(f"{seconds:7.2f}" for seconds in spent))
        assert spent[2] < 8 * spent[0] + 0.5


def test_rules_table():
    told: Counter[tuple[str, str]] = Counter()
    own = () if "QUOTE_GOLD" in os.environ else lines(DATA / "speakers.jsonl")
    for doc in (*lines(GOLD), *own):
        gold = {
            (quote["start"], quote["end"]): quote.get("speaker_name")
            or quote.get("speaker_text")
            or " ".join(quote.get("speaker", ()))
            for quote in doc["quotes"]
        }
        for quote in find_quotes(Prose(doc["text"]), title=doc.get("title", "")):
            if len(quote.text.split()) < 4 or not quote.rule:
                continue
            near = (
                who
                for (start, end), who in gold.items()
                if start < quote.span.end and quote.span.start < end
            )
            told[quote.rule.split(";")[0], _verdict(quote.shown_speaker, next(near, None))] += 1
    print(f"\n{'rule':28} sure  right wrong silent no gold")
    for rule in sorted(RULES, key=lambda rule: -sum(n for (r, _), n in told.items() if r == rule)):
        counts = [told[rule, kind] for kind in ("right", "wrong", "silent", "no gold")]
        if any(counts) or not confidence(rule):
            state = f"{confidence(rule):.2f}" if confidence(rule) else " off"
            print(f"{rule:28} {state}", *(f"{n:5}" for n in counts))
    right = sum(n for (_, kind), n in told.items() if kind == "right")
    wrong = sum(n for (_, kind), n in told.items() if kind == "wrong")
    assert right >= 0.85 * (right + wrong)


def test_filters_table(monkeypatch):
    dropped: Counter[tuple[str, str]] = Counter()
    annotated: set[str] = set()

    def noted(content: str, *told: str | None, **options: bool) -> str | None:
        name = unspoken(content, *told, **options)
        if name is not None and word_count(content) >= 4:
            dropped[name, "quote" if content.strip(EDGE) in annotated else "none"] += 1
        return name

    monkeypatch.setattr(extract, "unspoken", noted)
    for doc in lines(GOLD):
        annotated = {quote["text"].strip(EDGE) for quote in doc["quotes"]}
        find_quotes(Prose(doc["text"]))
    print(f"\n{'dropped, 4+ words, as':24} no quote  a quote")
    for name in FILTERS:
        print(f"{name:24} {dropped[name, 'none']:8} {dropped[name, 'quote']:8}")


def _verdict(said: str | None, gold: str | None) -> str:
    if said is None:
        return "silent"
    if gold is None:
        return "no gold"
    shared = set(said.lower().split()) & set(gold.lower().split()) - {"the", "a", "of", "for"}
    return "right" if shared else "wrong"
