"""Laws: the presearch never loses a match, topics do not disturb each other, near is near."""

from itertools import pairwise, product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.matching import compile_topics
from bot.core.text.docs import Docs, blank_english
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Phrase, Topic, Watchlists

NLP = blank_english()
QUICK = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)

#: Chosen to be hard: case that changes length or depends on neighbours, joints, numbers, accents.
PIECES = (
    "NATO nato spend Spending US us U.S. cease fire women woman 3.5 5 % 's STRASSE straße ΑΣ ας "
    "İ Ǆ e\u0301 é _ ͅ . - ‑ ’s talks talked"
).split()
GAPS = ["", " ", " ", " ", "  ", "\u00a0", "\n", ". ", "-", ", "]
PATTERNS = ["spend*", "wom?n", "*", "?S", "*fire", "us", "cease-fire", "U.S.", "5%", "* talk*"]


def joined(size):
    pairs = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(GAPS)), max_size=size)
    return pairs.map(lambda pairs: "".join(piece + gap for piece, gap in pairs))


PHRASES = st.builds(
    Phrase,
    text=st.one_of(st.sampled_from(PATTERNS), st.sampled_from(PIECES), joined(2)),
    exact=st.booleans(),
    forms=st.sampled_from([False, False, True]),
)


def compound(rules):
    parts = st.lists(rules, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(AnyOf, parts=parts),
        st.builds(AllOf, parts=parts),
        st.builds(InField, field=st.sampled_from(["title", "lead"]), part=rules),
        st.builds(
            Near,
            parts=parts,
            words=st.sampled_from([None, 0, 2]),
            within=st.sampled_from(["sentence", "paragraph"]),
            in_order=st.booleans(),
        ),
    )


RULES = st.recursive(PHRASES, compound, max_leaves=4)
SOME = st.lists(RULES, max_size=2).map(tuple)
TOPICS = st.lists(
    st.builds(
        Topic,
        name=st.uuids().map(str),
        any=SOME,
        all=SOME,
        none=st.lists(RULES, max_size=1).map(tuple),
        at_least=st.none() | st.builds(AtLeast, times=st.integers(1, 2), of=RULES),
    ),
    max_size=3,
).map(tuple)


@QUICK
@given(TOPICS, joined(4), joined(14))
def test_cascade_equals_running_every_rule(topics, headline, body):
    compiled = compile_topics(Watchlists(topics=topics))
    docs = Docs(headline, NLP), Docs(body, NLP)
    everything = compiled.match(*docs, presearch=False)
    assert everything == compiled.match(*docs)
    fields = {"title": headline, "text": body}
    for evidence in (each for match in everything for each in match.evidence):
        assert evidence.text == evidence.span.of(fields[evidence.field]) != ""


@QUICK
@given(TOPICS, joined(14), st.randoms(use_true_random=False))
def test_match_does_not_depend_on_the_order_of_topics(topics, body, chance):
    shuffled = list(topics)
    chance.shuffle(shuffled)
    docs = Docs("", NLP), Docs(body, NLP)
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
    assert expected == bool(compiled.match(Docs("", NLP), Docs(" ".join(words), NLP)))
