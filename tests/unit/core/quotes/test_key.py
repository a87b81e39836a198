"""Key quotes: what comes first, and that the order is total."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.quotes.extract import find_quotes
from bot.core.quotes.key import rank
from bot.core.text.prose import Prose
from bot.domain.quotes import Quote, QuoteKind, Span, Speaker

DATA = Path(__file__).parents[3] / "data" / "quotes" / "key"


def make_quote(text="We will hold the northern line for as long as it takes.", **changes):
    start = changes.pop("start", 0)
    values = {
        "span": Span(start=start, end=start + len(text)),
        "text": text,
        "speaker": Speaker(text="Lund", name="Petra Lund"),
        "confidence": 0.95,
        "rule": "quote, name said",
    }
    return Quote(**{**values, **changes})


def ranked(*quotes, topic_words=frozenset()):
    return [quotes.index(quote) for quote in rank(quotes, topic_words=topic_words)]


def test_rank_puts_a_whole_utterance_before_a_fragment():
    assert ranked(make_quote(kind=QuoteKind.MIXED), make_quote(start=100)) == [1, 0]


def test_rank_puts_a_named_speaker_before_a_nameless_one():
    nobody = make_quote(speaker=None, confidence=0.0, rule="")
    described = make_quote(speaker=Speaker(text="an aide"), start=100)
    assert ranked(nobody, described, make_quote(start=200)) == [2, 1, 0]


def test_rank_counts_a_name_below_the_threshold_as_no_name():
    unsure = make_quote(speaker=Speaker(text="he", name="Owen Hart"), confidence=0.6)
    assert ranked(unsure, make_quote(start=100)) == [1, 0]


def test_rank_prefers_words_of_the_topic():
    about = make_quote("We think of convoys and of little else these days.", start=100)
    assert ranked(make_quote(), about, topic_words=frozenset({"convoys"})) == [1, 0]


def test_rank_knows_words_of_the_topic_by_their_beginning():
    about = make_quote("We think of Ukraine's spending and of little else these days.", start=100)
    for words in ({"spend*"}, {"ukraine"}, {"ukrain*"}):
        assert ranked(make_quote(), about, topic_words=frozenset(words)) == [1, 0]
    assert ranked(make_quote(), about, topic_words=frozenset({"thi*"})) == [1, 0]
    assert ranked(make_quote(), about, topic_words=frozenset({"spendings*", "t*"})) == [0, 1]


def test_rank_prefers_a_speaker_whom_the_topic_names():
    hart = make_quote(speaker=Speaker(text="Hart", name="Owen Hart"), start=100)
    assert ranked(make_quote(), hart, topic_words=frozenset({"hart"})) == [1, 0]
    unsure = make_quote(speaker=Speaker(text="Hart", name="Owen Hart"), start=100, confidence=0.6)
    assert ranked(make_quote(), unsure, topic_words=frozenset({"hart"})) == [0, 1]


def test_rank_prefers_a_fragment_that_has_its_subject():
    headless = make_quote("are ready to hold the northern line for years", kind=QuoteKind.MIXED)
    whole = make_quote(
        "the northern line is ready to be held for years", kind=QuoteKind.MIXED, start=100
    )
    assert ranked(headless, whole) == [1, 0]


def test_rank_prefers_what_is_concrete():
    vague = make_quote("It is a matter of some importance to all of us here.")
    concrete = make_quote("We will send 40 ships to the strait before June.", start=100)
    assert ranked(vague, concrete) == [1, 0]


def test_rank_prefers_a_length_that_fits():
    assert ranked(make_quote("We hold this line here. " * 20), make_quote(start=900)) == [1, 0]


def test_rank_gives_each_speaker_one_before_anybody_a_second():
    other = make_quote("We doubt that very much.", speaker=Speaker(text="Hart"), start=300)
    assert ranked(make_quote(), make_quote(start=100), other) == [0, 2, 1]


def test_rank_drops_fragments_that_cannot_stand_alone():
    assert ranked(make_quote("do far more")) == []


def test_rank_puts_reported_speech_after_every_quote():
    told = make_quote("the allies will pay 40 billion by June", kind=QuoteKind.INDIRECT, start=100)
    fragment = make_quote("rather good for us", kind=QuoteKind.MIXED, start=200)
    assert ranked(told, fragment) == [1, 0]


def test_rank_prefers_who_holds_an_office():
    office = Speaker(text="Hart", name="Owen Hart", role="defence minister")
    assert ranked(make_quote(), make_quote(speaker=office, start=100)) == [1, 0]


def test_rank_prefers_words_that_stand_alone():
    leaning = make_quote("It holds the northern line for as long as this takes.")
    assert ranked(leaning, make_quote(start=100)) == [1, 0]


def test_rank_puts_what_was_said_before_behind():
    old = make_quote("We will send 40 ships to the strait before June.")
    found = rank(
        (old, make_quote(start=100)),
        topic_words=frozenset(),
        said_before=["We will send 40 ships to the strait before June!"],
    )
    assert [quote.span.start for quote in found] == [100, 0]


def test_rank_puts_a_new_second_quote_before_what_another_said_before():
    old = make_quote("We will send 40 ships.", speaker=Speaker(text="Hart", name="Owen Hart"))
    found = rank(
        (old, make_quote(start=100), make_quote("We hold this line as well.", start=200)),
        topic_words=frozenset(),
        said_before=[old.text],
    )
    assert [quote.span.start for quote in found] == [100, 200, 0]


def test_rank_takes_no_old_quote_for_a_speakers_best():
    old = make_quote("We will send 40 ships to the strait before June.")
    new = make_quote("We doubt it.", kind=QuoteKind.MIXED, start=100)
    found = rank((old, new), topic_words=frozenset(), said_before=[old.text])
    assert [quote.span.start for quote in found] == [0]
    new = make_quote("do doubt it very much", kind=QuoteKind.MIXED, start=100)
    found = rank((old, new), topic_words=frozenset({"ships", "strait"}), said_before=[old.text])
    assert [quote.span.start for quote in found] == [100, 0]


def test_rank_finds_the_best_quote_of_most_own_articles():
    lines = (DATA / "articles.jsonl").read_text("utf-8").splitlines()
    hits = 0
    for article in map(json.loads, lines):
        best, *_ = rank(
            find_quotes(Prose(article["text"])), topic_words=frozenset(article["topic_words"])
        )
        hits += best.text.startswith(tuple(article["best"]))
    assert len(lines) == 20
    assert hits >= 18


QUOTES = st.builds(
    make_quote,
    st.sampled_from(["We will pay by June, come what may.", "It is long and fair.", "do more"]),
    start=st.integers(0, 5),
    confidence=st.sampled_from([0.0, 0.6, 0.9]),
    kind=st.sampled_from(list(QuoteKind)),
    speaker=st.sampled_from([None, Speaker(text="Lund", name="Petra Lund"), Speaker(text="he")]),
)


@settings(max_examples=50, deadline=None)
@given(st.lists(QUOTES, max_size=6), st.randoms(use_true_random=False))
def test_rank_does_not_depend_on_the_order_given(quotes, random):
    shuffled = list(quotes)
    random.shuffle(shuffled)
    words = frozenset({"june"})
    assert rank(shuffled, topic_words=words) == rank(quotes, topic_words=words)
