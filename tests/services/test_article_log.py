"""ARTICLES and KEPT on a real server."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.keys import ARTICLES_MS
from bot.domain.answers import Searched
from bot.domain.errors import LostOwnership
from bot.domain.news import Record
from bot.domain.quotes import Quote, Span, Speaker
from bot.domain.watch import Evidence, Match, ScorePart
from tests.builders import make_article
from tests.services.claiming import Entries

#: Seconds.
DAY = 24 * 3600
#: A control record, as the digest clock writes it.
DIGEST = b'{"destination":{"platform":"console"},"slot":"18:30","local_date":"2025-04-04"}'


@pytest.fixture
def log(redis, keys, clock):
    return RedisArticleLog(redis, keys, clock)


@pytest.fixture
def entries(redis, keys, clock):
    return Entries(redis, keys, clock)


@pytest.fixture
def append(log, entries):
    async def appended(**changes):
        return await log.append(await entries.claim("entries"), make_article(**changes))

    return appended


def matched(**changes):
    evidence = Evidence(rule="NATO", field="title", span=Span(start=0, end=4), text="NATO")
    match = Match(
        topic="NATO spending",
        score=3.0,
        evidence=(evidence,),
        parts=(ScorePart(rule="NATO", points=3.0),),
    )
    return make_article(matches=(match,), **changes)


async def forget_articles(redis, keys):
    """As age trimming does in the end."""
    await redis.xtrim(keys.stream("articles"), maxlen=0, approximate=False)


async def test_append_stores_the_article_and_finishes_the_entry(log, entries, clock):
    article = matched(
        quotes=(
            Quote(
                span=Span(start=0, end=4),
                text="NATO",
                speaker=Speaker(text="Rutte", name="Mark Rutte"),
            ),
        )
    )
    position = await log.append(await entries.claim("entries"), article)
    found = await log.at(position)
    assert found == Record(position=position, stored=found.stored, article=article)
    assert abs(found.stored - clock.now()) < timedelta(seconds=5)
    assert await entries.pending("entries") == 0


async def test_append_of_one_entry_twice_is_refused(log, entries):
    claimed = await entries.claim("entries")
    await log.append(claimed, matched())
    with pytest.raises(LostOwnership):
        await log.append(claimed, matched())
    assert await entries.length("articles") == 1


async def test_append_for_an_entry_somebody_else_took_over_writes_nothing(log, entries):
    claimed = await entries.claim("entries")
    await entries.steal("entries")
    with pytest.raises(LostOwnership):
        await log.append(claimed, matched())
    assert await log.tail({}, limit=10) == ({}, ())
    assert await log.latest("a1") is None
    assert await entries.pending("entries") == 1


async def test_at_knows_no_position_that_was_never_given(log, append):
    position = await append()
    assert await log.at("1-0") is None
    assert await log.at(f"{position.partition('-')[0]}-77") is None


async def test_a_matched_article_outlives_articles_at_its_position(log, entries, redis, keys):
    position = await log.append(await entries.claim("entries"), matched())
    before = await log.at(position)
    await forget_articles(redis, keys)
    assert await log.at(position) == before
    assert await log.latest("a1") == before


async def test_an_unmatched_article_ends_with_articles(log, append, redis, keys):
    position = await append()
    await forget_articles(redis, keys)
    assert await log.at(position) is None
    assert await log.latest("a1") is None


async def test_keep_copies_a_record_once(log, append, redis, keys):
    record = await log.at(await append())
    await append(id="a2")
    for _ in range(2):
        await log.keep(record)
    assert await redis.xlen(keys.stream("kept")) == 1
    await forget_articles(redis, keys)
    assert await log.at(record.position) == record
    assert await log.latest("a1") == record


async def test_keep_leaves_a_newer_revision_the_latest(log, append):
    first = await log.at(await append(text="First."))
    second = await log.at(await append(text="Second.", revision=2))
    await log.keep(first)
    assert await log.latest("a1") == second


async def test_latest_falls_back_to_the_newest_kept_revision(log, append, redis, keys):
    first = await log.at(await append(text="First."))
    await append(text="Second.", revision=2)
    await log.keep(first)
    await forget_articles(redis, keys)
    assert await log.latest("a1") == first


async def test_latest_ignores_a_revision_that_comes_late(log, append):
    second = await log.at(await append(revision=2, text="Second."))
    await append(revision=1, text="First.")
    assert await log.latest("a1") == second


async def test_load_writes_to_kept_only(log, append, redis, keys):
    assert await log.load(make_article(id="doc-1")) is True
    assert await redis.exists(keys.stream("articles")) == 0
    record = await log.latest("doc-1")
    assert record.article == make_article(id="doc-1")
    assert await log.at(record.position) == record


async def test_load_of_the_same_text_is_skipped(log, redis, keys):
    texts = ["One.", "Two."]
    first = [await log.load(make_article(text=text)) for text in texts]
    again = [await log.load(make_article(text=text)) for text in texts]
    assert (first, again) == ([True, True], [False, False])
    assert await redis.xlen(keys.stream("kept")) == 2


async def test_load_of_another_text_is_the_next_revision(log):
    for text in ("One.", "Two."):
        await log.load(make_article(text=text))
    assert (await log.latest("a1")).article == make_article(text="Two.", revision=2)


async def test_load_goes_on_from_the_revision_a_feed_reached(log, append):
    await append(text="From a feed.", revision=3)
    await log.load(make_article(text="Loaded."))
    assert (await log.latest("a1")).article.revision == 4


async def test_a_loaded_record_never_shares_a_position(log, entries):
    """Whatever falls into one millisecond."""
    positions = []
    for n in range(20):
        await log.load(make_article(id=f"doc-{n}"))
        positions.append((await log.latest(f"doc-{n}")).position)
        positions.append(await log.append(await entries.claim("entries"), matched(id=f"a-{n}")))
    assert len(set(positions)) == 40
    ids = [(await log.at(position)).article.id for position in positions]
    assert ids == [name for n in range(20) for name in (f"doc-{n}", f"a-{n}")]


async def test_keep_of_a_loaded_record_changes_nothing(log, redis, keys):
    await log.load(make_article())
    await log.keep(await log.latest("a1"))
    assert await redis.xlen(keys.stream("kept")) == 1


async def test_tail_reads_both_streams_and_goes_on_where_it_ended(log, append, entries):
    unmatched = await log.at(await append(id="plain"))
    kept = await log.at(await log.append(await entries.claim("entries"), matched(id="kept")))
    await log.load(make_article(id="loaded"))
    loaded = await log.latest("loaded")
    seen, positions = [], {}
    while True:
        positions, records = await log.tail(positions, limit=2)
        if not records:
            break
        seen.append(records)
    copies = (replace(kept, kept=True), replace(loaded, kept=True))
    assert seen == [(unmatched, kept), copies]
    assert set(positions) == {"articles", "kept"}


async def test_oldest_tells_how_far_back_both_streams_reach(log, append):
    assert await log.oldest() == (None, None)
    unmatched = await log.at(await append(id="plain"))
    await log.load(make_article(id="loaded"))
    loaded = await log.latest("loaded")
    month = timedelta(milliseconds=ARTICLES_MS)
    assert await log.oldest() == (unmatched.stored, loaded.stored - month)


async def test_tail_passes_over_control_and_unreadable_records(log, append, keys, redis):
    position = await append()
    await redis.xadd(keys.stream("articles"), {"t": "a", "d": b"\x09 of a later version"})
    last = await redis.xadd(keys.stream("articles"), {"t": "g", "d": DIGEST})
    positions, records = await log.tail({"articles": position}, limit=10)
    assert (positions, records) == ({"articles": last.decode()}, ())


async def test_at_a_control_record_there_is_no_article(log, redis, keys):
    position = await redis.xadd(keys.stream("articles"), {"t": "g", "d": DIGEST})
    assert await log.at(position.decode()) is None


async def test_extent_counts_a_record_of_both_streams_once(log, append, entries, redis, keys):
    assert await log.extent() == Searched(articles=0)
    await log.load(make_article(id="loaded"))
    first = await log.latest("loaded")
    await append(id="plain")
    last = await log.at(await log.append(await entries.claim("entries"), matched(id="kept")))
    whole = Searched(articles=3, since=first.stored, until=last.stored)
    assert await log.extent() == whole
    await forget_articles(redis, keys)
    assert await log.extent() == replace(whole, articles=2)


async def test_every_key_of_an_article_has_an_end(log, entries, append, redis, keys):
    """Short for what was only read, long for what was kept."""
    await append(id="plain")
    await log.append(await entries.claim("entries"), matched(id="kept"))
    days = [round(await redis.pttl(keys.where(i)) / 1000 / DAY) for i in ("plain", "kept")]
    assert days == [30, 400]


async def test_at_a_record_that_cannot_be_read_there_is_no_article(log, redis, keys):
    position = await redis.xadd(keys.stream("articles"), {"t": "a", "d": b"garbage"})
    assert await log.at(position.decode()) is None
