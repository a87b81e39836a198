"""Laws: the presearch never loses a match, topics do not disturb each other, near is near."""

from itertools import pairwise, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.matching import compile_topics
from bot.core.text.prose import Prose
from bot.domain.watch import (
    AllOf,
    AnyOf,
    AtLeast,
    InField,
    Near,
    Pattern,
    Phrase,
    Topic,
    Watchlists,
)

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

#: Chosen to be hard: case that changes length or depends on neighbours, joints, numbers, accents.
PIECES = (
    "NATO nato spend Spending US us U.S. cease fire women woman 3.5 5 % 's STRASSE straße ΑΣ ας "
    "İ Ǆ e\u0301 é _ ͅ . - ‑ ’s talks talked"
).split()
GAPS = ["", " ", " ", " ", "  ", "\u00a0", "\n", ". ", "-", ", "]
PATTERNS = ["spend*", "wom?n", "*", "?S", "*fire", "us", "cease-fire", "U.S.", "5%", "* talk*"]


REGEXES = [r"\bus\b", "[a-z]+s", r"\d ?%", "fire|us"]
PHRASES = st.builds(Phrase, text=st.sampled_from(["us", "5", "fire", "spend*"]))


def joined(pieces, size):
    pairs = st.lists(st.tuples(pieces, st.sampled_from(GAPS)), max_size=size)
    return pairs.map(lambda pairs: "".join(piece + gap for piece, gap in pairs))


def compound(rules):
    parts = st.lists(rules, min_size=1, max_size=3).map(tuple)
    refused = st.just(()) | st.lists(rules, max_size=1).map(tuple)
    return st.one_of(
        st.builds(AnyOf, parts=parts),
        st.builds(AllOf, parts=parts, none=refused),
        st.builds(Pattern, regex=st.sampled_from(REGEXES), needs=st.tuples(PHRASES)),
        st.builds(AtLeast, times=st.integers(1, 3), of=rules),
        st.builds(InField, field=st.sampled_from(["title", "lead", "heading"]), part=rules),
        st.builds(
            Near,
            parts=parts,
            words=st.sampled_from([None, 0, 2]),
            within=st.sampled_from(["sentence", "paragraph"]),
            in_order=st.booleans(),
            unless=refused,
        ),
    )


@st.composite
def topics_and_article(draw):
    """Topics, a title and a text, all of the same few pieces, so that topics often hold."""
    few = st.sampled_from(draw(st.lists(st.sampled_from(PIECES), min_size=2, max_size=4)))
    phrases = st.builds(
        Phrase,
        text=few | few | st.sampled_from(PATTERNS) | joined(few, 2),
        exact=st.booleans(),
        forms=st.sampled_from([False, False, True]),
    )
    rules = st.recursive(phrases, compound, max_leaves=4)
    some = st.lists(rules, max_size=2).map(tuple)
    topic = st.builds(
        Topic,
        name=st.uuids().map(str),
        any=some,
        all=some,
        none=st.sampled_from([(), (), (Phrase(text="us"),)]),
        at_least=st.none() | st.builds(AtLeast, times=st.integers(1, 2), of=rules),
    )
    topics = draw(st.lists(topic, min_size=1, max_size=3).map(tuple))
    return topics, draw(joined(few, 4)), draw(joined(few, 14))


@QUICK
@given(topics_and_article())
def test_cascade_equals_running_every_rule(drawn):
    topics, headline, body = drawn
    compiled = compile_topics(Watchlists(topics=topics))
    docs = Prose(headline), Prose(body)
    everything = compiled.match(*docs, presearch=False)
    assert everything == compiled.match(*docs)
    fields = {"title": headline, "text": body}
    for evidence in (each for match in everything for each in match.evidence):
        assert evidence.text == evidence.span.of(fields[evidence.field]) != ""


@settings(QUICK, max_examples=8)
@given(topics_and_article(), st.randoms(use_true_random=False))
def test_match_does_not_depend_on_the_order_of_topics(drawn, chance):
    topics, headline, body = drawn
    shuffled = list(topics)
    chance.shuffle(shuffled)
    docs = Prose(headline), Prose(body)
    matches = compile_topics(Watchlists(topics=topics)).match(*docs)
    other = compile_topics(Watchlists(topics=tuple(shuffled))).match(*docs)
    assert set(matches) == set(other)
    alone = [compile_topics(Watchlists(topics=(topic,))).match(*docs) for topic in topics]
    assert matches == tuple(match for found in alone for match in found)


@QUICK
@given(
    st.lists(st.sampled_from("abcxx"), max_size=12),
    st.lists(st.sampled_from("abc"), min_size=1, max_size=3),
    st.integers(0, 3),
    st.booleans(),
)
def test_near_equals_trying_every_combination(words, parts, distance, in_order):
    rule = Near(parts=tuple(Phrase(text=part) for part in parts), words=distance, in_order=in_order)
    places = [[i for i, word in enumerate(words) if word == part] for part in parts]
    expected = any(
        len(set(chosen)) == len(chosen)
        and (not in_order or list(chosen) == sorted(chosen))
        and all(b - a - 1 <= distance for a, b in pairwise(sorted(chosen)))
        for chosen in product(*places)
    )
    compiled = compile_topics(Watchlists(topics=(Topic(name="t", any=(rule,)),)))
    assert expected == bool(compiled.match(Prose(""), Prose(" ".join(words))))
