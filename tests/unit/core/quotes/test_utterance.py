"""What is the same utterance, and what its id depends on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.quotes.same_speaker import same_speaker
from bot.core.quotes.utterance import Uttered, quote_id, same_utterance, same_words, words_of
from bot.domain.quotes import Speaker
from tests.builders import NOW

LONG = "We will hold the bridge for as long as the river stands between us and them"


def said(text: str = LONG, speaker: str | None = "Ivo Varga", **changes):
    values = {"published": NOW, "article_id": "a1", **changes}
    mention = Speaker(text=speaker) if speaker else None
    return Uttered(words=words_of(text), speaker=mention, **values)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("“We sail at dawn,”", "We sail at dawn."),
        ("We don’t sail at dawn today", "We don't sail at dawn today"),
        ("We need to hold the bridge as well", "need to hold the bridge as well,"),
        ("hold the bridge for as long as the river stands", LONG),
        ("Allies must now spend 5% of it", "Allies must now spend 5 percent of it"),
        ("We will hold the bridge as long", "We shall hold the bridge as long"),
        ("We shall hold the old bridge today", "We shall hold the very old bridge today"),
        ("We will spend five more billion crowns", "We will spend 5 more billion crowns"),
    ],
)
def test_same_words_however_printed(a, b):
    assert same_words(words_of(a), words_of(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("We sail at dawn", "We sail at noon"),
        ("Allies must spend 5 percent of it now", "Allies must spend 2 percent of it now"),
        ("We will leave this bridge to them today", "We will not leave this bridge to them today"),
        ("as long as it", LONG),
        ("the bridge", "the bridge is ours"),
        ("them and us between stands river the as long as for bridge the hold will We", LONG),
    ],
)
def test_other_words_are_another_utterance(a, b):
    assert not same_words(words_of(a), words_of(b))


def test_two_speakers_are_two_utterances():
    assert not same_utterance(said(), said(speaker="Jens Holm"))
    assert same_utterance(said(), said(speaker="Varga"))
    assert same_utterance(said(), said(speaker=None))


def test_a_week_apart_few_words_are_another_utterance():
    later = NOW + timedelta(days=8)
    assert same_utterance(said(), said(published=later))
    assert not same_utterance(said("We sail at dawn"), said("We sail at dawn", published=later))


def test_a_long_part_is_known_at_any_time():
    later = NOW + timedelta(days=90)
    part = "hold the bridge for as long as the river stands between us"
    assert same_utterance(said(), said(part, published=later))
    assert not same_utterance(said(), said("for as long as the river stands", published=later))


def test_a_fragment_is_known_again_with_its_speaker_or_in_its_article():
    assert same_utterance(said("a grave mistake"), said("a grave mistake", article_id="a2"))
    assert same_utterance(said("a grave mistake"), said("a grave mistake", speaker=None))
    unnamed = said("a grave mistake", speaker=None, article_id="a2")
    assert not same_utterance(said("a grave mistake"), unnamed)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (("Ivo Varga", None), ("Varga", None), True),
        (("Ivo Varga", None), ("Mila Varga", None), False),
        (("Minister Varga", None), ("Ivo Varga", None), True),
        (("the minister", None), ("Ivo Varga", "Foreign Minister"), True),
        (("a NATO spokesman", None), ("a Kremlin spokesman", None), False),
        (("a NATO spokesman", None), ("the spokesman", None), True),
        (("a NATO spokesman", None), ("Ane Lund", "NATO spokeswoman"), True),
        (("a NATO spokesman", None), ("Ane Lund", "NATO Secretary General"), False),
        (("the minister", None), ("Ivo Varga", None), False),
        (("NATO", None), ("Ivo Varga", None), False),
    ],
)
def test_speakers(a, b, same):
    one, other = (Speaker(text=text, role=role) for text, role in (a, b))
    assert same_speaker(one, other) is same
    assert same_speaker(other, one) is same


def test_id_is_of_article_and_words():
    name = quote_id("a1", "“We sail at dawn,”")
    assert name == quote_id("a1", "we sail at dawn") != quote_id("a2", "we sail at dawn")
    assert len(name) == 8
    assert name == name.lower()
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz234567")


def test_id_is_for_good():
    assert quote_id("a1", "We sail at dawn") == "fpb45hjj"


@given(st.text(), st.text())
def test_any_text_has_words_and_an_id(a, b):
    assert words_of(a)
    assert same_words(words_of(a), words_of(b)) is same_words(words_of(b), words_of(a))
    assert len(quote_id(a, b)) == 8


def test_comparing_endless_quotes_takes_no_endless_time():
    assert same_words(("we",) * 5000, ("we", "us") * 5000) is False
