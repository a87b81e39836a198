"""Stored bytes read back as the values they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.redis import streams
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import TABLE, Keys
from bot.domain.channels import CONSOLE, Destination
from bot.domain.errors import Permanent
from bot.domain.news import Article, Entry, EntryReason
from bot.domain.posts import Brief, BriefItem, BriefKind, PostKey, PostKind
from bot.domain.quotes import Quote, QuoteKind, Span, Speaker
from bot.domain.stories import ChannelState, Held, Posted, Reason
from bot.domain.watch import Evidence, Match, ScorePart
from tests.builders import NOW, make_article, make_entry

moments = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
texts = st.text(max_size=40)
numbers = st.floats(0, 1e6)
spans = st.tuples(st.integers(0, 9999), st.integers(0, 9999)).map(
    lambda pair: Span(start=min(pair), end=max(pair))
)
destinations = st.builds(Destination, platform=texts, workspace=texts, channel=texts)

VALUES = {
    Entry: st.builds(
        Entry,
        **dict.fromkeys(("title", "text", "key"), texts),
        tier=st.integers(1, 3),
        published=moments,
        first_seen=moments,
        authors=st.tuples(texts, texts),
        reason=st.sampled_from(EntryReason),
        language=st.none() | texts,
    ),
    Article: st.builds(
        Article,
        published=moments,
        first_seen=moments,
        quotes=st.tuples(
            st.builds(
                Quote,
                span=spans,
                kind=st.sampled_from(QuoteKind),
                speaker=st.none() | st.builds(Speaker, span=st.none() | spans),
                group=st.none() | st.integers(0, 9),
            )
        ),
        matches=st.tuples(
            st.builds(
                Match,
                score=numbers,
                evidence=st.tuples(st.builds(Evidence, span=spans)),
                parts=st.tuples(st.builds(ScorePart, points=numbers)),
            )
        ),
    ),
    Brief: st.builds(
        Brief,
        kind=st.sampled_from(BriefKind),
        made=moments,
        items=st.tuples(
            st.builds(
                BriefItem,
                published=moments,
                quotes=st.just(()),
                coverage=st.just(()),
                topics=st.tuples(texts),
            )
        ),
        also=st.just(()),
    ),
    ChannelState: st.builds(
        ChannelState,
        destination=destinations,
        posted=st.tuples(
            st.builds(Posted, revision=st.integers(0, 10**9), first=moments, last=moments)
        ),
        held=st.tuples(
            st.builds(Held, since=moments, score=numbers, reason=st.sampled_from(Reason))
        ),
        last_digest=st.none() | moments,
    ),
}


@pytest.mark.parametrize("type_", VALUES, ids=lambda type_: type_.__name__)
def test_decode_gives_back_what_encode_took(type_):
    @settings(max_examples=25, deadline=None)
    @given(VALUES[type_])
    def holds(value):
        assert decode(encode(value), type_) == value

    holds()


def test_decode_reads_a_record_written_before_a_field_was_added():
    old = msgspec.to_builtins(make_entry(), enc_hook=str)
    del old["authors"]
    data = b"\x01" + zstandard.compress(msgspec.msgpack.encode(old))
    assert decode(data, Entry) == make_entry()


def test_decode_reads_an_article_written_with_its_signature():
    old = msgspec.to_builtins(make_article(), enc_hook=str)
    old["signature"] = {"minhash": [1, 2], "shingles": [3, 2**32 - 1]}
    data = b"\x01" + zstandard.compress(msgspec.msgpack.encode(old))
    assert decode(data, Article) == make_article()


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x03" + encode(make_entry())[1:], id="another version"),
        pytest.param(b"\x01no zstd frame", id="no zstd"),
        pytest.param(b"\x02no msgpack", id="no msgpack"),
        pytest.param(encode(make_article()), id="another type"),
        pytest.param(encode(make_entry())[:-4], id="cut off"),
    ],
)
def test_decode_refuses_other_bytes(data):
    with pytest.raises(Permanent):
        decode(data, Entry)


def test_entry_takes_the_revision_that_was_counted_when_it_was_stored():
    fields = {b"d": encode(make_entry()), b"rev": b"3"}
    assert streams.entry("1-0", fields) == replace(make_entry(), revision=3)


def test_record_carries_its_place_and_time():
    article = make_article()
    position = f"{int(NOW.timestamp() * 1000) + 1500}-2"
    record = streams.record(position, {b"t": b"a", b"d": encode(article)})
    assert (record.position, record.stored, record.article) == (
        position,
        NOW + timedelta(seconds=1.5),
        article,
    )


@pytest.mark.parametrize(
    "fields", [{}, {b"t": b"a"}, {b"t": b"x", b"d": b""}, {b"t": b"g", b"d": b"{}"}]
)
def test_record_refuses_what_is_none(fields):
    with pytest.raises(Permanent):
        streams.record("1-0", fields)


def test_delivery_reads_a_post_key():
    key = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("s1",))
    assert streams.delivery("1-0", {b"k": str(key).encode()}) == key
    with pytest.raises(Permanent):
        streams.delivery("1-0", {b"k": b"nonsense"})


def test_keys_carry_the_hash_tag_and_a_row_each():
    keys = Keys("{t1}")
    assert keys.stream("entries") == "{t1}:entries"
    assert keys.seen("f1") == "{t1}:seen:f1"
    with pytest.raises(KeyError):
        keys.stream("entires")
    assert all(row.bound for row in TABLE.values())
