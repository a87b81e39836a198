"""Entries of the ledger: which quotes are one, which are not, and that order is nothing."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.core.quotes.corrections import Corrections
from bot.core.quotes.ledger import sources_of, utterances, with_copies
from bot.core.quotes.same_speaker import same_speaker
from bot.core.quotes.utterance import shown_speaker
from bot.core.text.shingles import shingles
from bot.domain.ledger import Correction
from bot.domain.quotes import Quote, Span, Speaker
from tests.builders import NOW, make_record

LONG = "We will hold the bridge for as long as the river stands between us and them"


def make_source(text=LONG, speaker="Ivo Varga", *, article="a1", outlet="Wire", days=0.0):
    """One quote of one article of its own."""
    said = Speaker(text=speaker, name=speaker) if speaker else None
    quote = Quote(
        span=Span(start=1, end=1 + len(text)),
        text=text,
        speaker=said,
        confidence=0.95 if said else 0.0,
    )
    record = make_record(
        id=article,
        outlet=outlet,
        text=f"“{text}” somebody said.",
        quotes=(quote,),
        published=NOW + timedelta(days=days),
    )
    (source,) = sources_of(record)
    return source


def texts(entries):
    return [[source.quote.text for source in entry.sources] for entry in entries]


def test_several_outlets_are_one_entry_and_keep_their_words():
    said = [
        make_source(article="a1"),
        make_source("hold the bridge for as long as the river stands", article="a2", outlet="Post"),
        make_source(LONG.replace("We will", "We'll"), speaker=None, article="a3", outlet="Globe"),
    ]
    (entry,) = utterances(said)
    assert {source.outlet for source in entry.sources} == {"Wire", "Post", "Globe"}
    assert {source.quote.text for source in entry.sources} == {one.quote.text for one in said}
    assert entry.id == entry.sources[0].id


def test_two_speakers_are_two_entries_and_silence_goes_with_neither():
    said = [
        make_source(article="a1"),
        make_source(speaker="Jens Holm", article="a2"),
        make_source(speaker=None, article="a3"),
    ]
    assert len(utterances(said)) == 3
    assert len(utterances(said[1:])) == 1


def test_a_last_name_two_bear_is_nobodys():
    said = [
        make_source(speaker="Ivo Varga", article="a1"),
        make_source(speaker="Mila Varga", article="a2"),
        make_source(speaker="Varga", article="a3"),
    ]
    assert len(utterances(said)) == 3


def test_fragments_of_two_articles_without_a_speaker_are_two_entries():
    said = [make_source("a mistake", None, article=article) for article in ("a1", "a2")]
    assert len(utterances(said)) == 2
    assert len(utterances([make_source("a mistake", article=a) for a in ("a1", "a2")])) == 1


def test_a_quote_that_does_not_stand_in_its_article_is_no_source():
    quote = Quote(span=Span(start=0, end=4), text="Wire")
    assert sources_of(make_record(text="Other words", quotes=(quote,))) == ()


def test_a_source_that_copies_another_says_so():
    words = " ".join(f"word{n}" for n in range(60))
    report, copy, other = (shingles(text) for text in (words, f"{words} more", words[::-1]))
    (entry,) = utterances(
        [
            make_source(article="a1", outlet="Agency"),
            make_source(article="a2", outlet="Post", days=1),
            make_source(article="a3", outlet="Globe", days=2),
        ]
    )
    marked = with_copies(entry, {"a1": report, "a2": copy, "a3": other})
    assert [source.copy_of for source in marked.sources] == [None, "Agency", None]
    assert with_copies(entry, {}) == entry


def test_a_correction_holds_for_what_comes_later():
    correction = Correction(
        id="x",
        words=("we sail at dawn with all our ships",),
        articles=("a1",),
        withdrawn=(Speaker(text="Ivo Varga"),),
        since=NOW,
        until=NOW,
        by="ada",
        at=NOW,
    )
    corrections = Corrections([correction])

    def holds(text, speaker, **changes):
        (entry,) = utterances([make_source(text, speaker, article="a9", **changes)], corrections)
        return entry.correction is not None

    assert holds("“We sail at dawn, with all our ships,", "Varga")
    assert holds("sail at dawn with all our ships", "Ivo Varga", days=6)
    assert holds("We sail at dawn with all our ships", "Ivo Varga", days=60)
    assert not holds("sail at dawn with all our ships", "Ivo Varga", days=8)
    assert not holds("We sail at dawn with all our ships", "Jens Holm")
    assert not holds("We sail at dawn", "Ivo Varga", days=8)
    assert not holds("We do not sail at dawn with all our ships", "Ivo Varga")


WORDS = st.lists(st.sampled_from("we will not hold the bridge for 5 years".split()), min_size=1)
QUOTES = st.lists(
    st.builds(
        make_source,
        WORDS.map(" ".join),
        st.sampled_from((None, "Ivo Varga", "Varga", "Jens Holm", "the minister")),
        article=st.sampled_from(("a1", "a2", "a3", "a4")),
        days=st.sampled_from((0.0, 3.0, 6.0, 9.0)),
    ),
    max_size=8,
    unique=True,
)


@given(QUOTES, st.randoms(use_true_random=False))
def test_the_order_in_which_quotes_are_given_changes_nothing(quotes, chance):
    shuffled = chance.sample(quotes, len(quotes))
    assert utterances(quotes) == utterances(shuffled)


@given(QUOTES)
def test_every_quote_is_in_one_entry_and_no_entry_names_two(quotes):
    entries = utterances(quotes)
    assert sorted(map(repr, (s for e in entries for s in e.sources))) == sorted(map(repr, quotes))
    for entry in entries:
        named = [s for source in entry.sources if (s := shown_speaker(source.quote))]
        assert all(same_speaker(a, b) for a in named for b in named)


def test_hundreds_of_quotes_are_grouped_in_no_time():
    quotes = [make_source(f"{LONG} said number {n}", article=f"a{n}") for n in range(300)]
    assert len(utterances(quotes)) == 300
