"""A deployment that lives for a simulated year: every hop through its real script, no network.

The server drops keys by its own clock, which nobody can move, so the test's clock ages them.
"""

from __future__ import annotations

import random
from datetime import time, timedelta
from pathlib import Path

from bot.adapters.clock import Clock
from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.keys import TABLE
from bot.adapters.redis.looks import RedisLooks
from bot.adapters.redis.scripts import Scripts
from bot.bootstrap import loops
from bot.bootstrap.app import App
from bot.bootstrap.settings import Settings
from bot.core.room import TARGET
from bot.domain.channels import CONSOLE, Alerts, Channel, Configuration, DigestPlan
from bot.domain.feeds import Feed, FeedState, FeedUpdate
from bot.domain.ledger import Correction
from bot.domain.quotes import Quote, Span, Speaker
from bot.domain.secrets import Secret
from bot.domain.versions import Origin, Version
from bot.domain.watch import Evidence, Match
from bot.services.deliver import Deliver
from bot.services.freshness import Freshness
from tests.builders import make_article, make_entry
from tests.recorders import RecordedSender

DAY = 86_400
#: Entries a document lists.
LISTED = 30
#: One article in so many matches a topic.
MATCHES = 12
CONFIG = Configuration(
    feeds=tuple(
        Feed(id=f"f{n}", url=f"https://wire{n}.example/rss", name=f"Wire {n}") for n in range(4)
    ),
    channels=(
        Channel(
            to=CONSOLE,
            topics=("Bridge",),
            alerts=Alerts(from_score=3),
            digest=DigestPlan(at=(time(7, 30),)),
        ),
    ),
)
_PREFIXES = sorted((name.partition("<")[0], name) for name in TABLE)[::-1]


def row_of(key: str) -> str:
    """The name of a key's row in the table; KeyError for a key of no row."""
    name = key.partition("}:")[2]
    for prefix, row in _PREFIXES:
        if name == row or (prefix != row and name.startswith(prefix)):
            return row
    raise KeyError(key)


class Year:
    """The parts of one process, and what goes through them."""

    def __init__(
        self, redis, url: str, folder: Path, clock: Clock, *, words: int, share: int
    ) -> None:
        """Articles of ``words`` words; ``share`` is what a server may take beyond what it needs
        when empty, in bytes."""
        settings = Settings(config_dir=folder, data_dir=folder, redis_url=Secret(url), tag="nb")
        self.redis = redis
        self._length, self._share = words, share
        self.clock = clock
        self.app = app = App(settings, CONFIG, redis, clock=clock)
        self.looks = RedisLooks(redis, app.keys, clock)
        self.sender = RecordedSender(clock)
        self.deliver = Deliver(
            outbox=app.outbox,
            articles=app.articles,
            senders=lambda _: self.sender,
            clock=clock.now,
            posted=Freshness(articles=app.articles, feeds=app.feed_log).posted,
            corrections=app.corrections,
            tally=app.tally,
        )
        self._random = random.Random(7)
        self._listed = {feed.id: [] for feed in CONFIG.feeds}
        self._number = 0

    async def begin(self) -> None:
        await self.app.feeds.subscribe(CONFIG.feeds, first_due={})
        assert await self.app.desk.take_over()
        await self.day(0)  # scripts and buffers take two megabytes, however little there is
        used = (await self.app.room.measure()).used
        await self.redis.config_set("maxmemory", self._share + round(used / TARGET))

    async def day(self, articles: int) -> None:
        """Poll, read, fold, deliver and keep house; one day later than before."""
        self.clock.advance(DAY)
        await self.pass_on(articles)
        await self._odds_and_ends()
        await loops.watch_feeds(self.app)
        await loops.keep_house(self.app)

    async def pass_on(self, articles: int) -> None:
        """Pass articles on from the feeds to the channels, unless the server is full."""
        app = self.app
        if not await app.desk.renew():
            assert await app.desk.take_over()
        if not app.make_room.full:
            await self._poll(articles)
        await self._drain(streams.ENTRIES, streams.entry, self._read)
        await loops.plan_digests(app)
        await loops.fire_digests(app)
        await self._drain(streams.ARTICLES, streams.record, app.desk.handle)
        await self._drain(streams.DELIVERIES, streams.delivery, self.deliver)
        await loops.make_room(app)

    async def age(self, days: int) -> None:
        """Let as much time pass for the server's own clock."""
        keys = [key async for key in self.redis.scan_iter(count=1_000)]
        pipe = self.redis.pipeline(transaction=False)
        for key in keys:
            pipe.pttl(key)
        lives = await pipe.execute()
        for key, ms in zip(keys, lives, strict=True):
            if ms > 0:
                pipe.pexpire(key, ms - days * DAY * 1000)
        await pipe.execute()

    async def _poll(self, articles: int) -> None:
        await self.app.feeds.hasten({feed.id: self.clock.now() for feed in CONFIG.feeds})
        claims = await self.app.feeds.claim_due(100)
        for number, claim in enumerate(claims):
            each = len(range(number, articles, len(claims)))
            listed = self._listed[claim.feed_id]
            entries = tuple(self._entry(claim.feed_id) for _ in range(each))
            listed[:] = [*(entry.key for entry in entries), *listed][:LISTED]
            update = FeedUpdate(
                feed_id=claim.feed_id,
                state=FeedState(polls=1, last_success=self.clock.now()),
                next_due=self.clock.now() + timedelta(hours=12),
                entries=entries,
                seen=tuple((key, f"{key[:16]} 0123456789abcdef The headline") for key in listed),
                answered=True,
            )
            assert await self.app.feeds.settle(claim, update)

    def _entry(self, feed_id: str):
        self._number += 1
        name = f"{self._number:016x}"
        return make_entry(
            feed_id=feed_id,
            key=f"{name}{name}",
            article_id=name,
            url=f"https://wire.example/{name}",
            title=f"{self._words(9)}",
            text=self._words(self._length),
            published=self.clock.now(),
            first_seen=self.clock.now(),
            fingerprint=name,
        )

    async def _read(self, claimed, entry) -> None:
        start = entry.text.index(" ", 200) + 1
        quote = Quote(
            span=Span(start=start, end=start + 80),
            text=entry.text[start : start + 80],
            speaker=Speaker(text="Varga", name="Ivo Varga", role="minister"),
            confidence=0.9,
            rule="quote, said name",
        )
        evidence = Evidence(rule="bridge", field="text", span=Span(start=0, end=6), text="bridge")
        flagged = int(entry.article_id, 16) % MATCHES == 0
        match = Match(topic="Bridge", score=5, evidence=(evidence,))
        article = make_article(
            id=entry.article_id,
            feed_id=entry.feed_id,
            url=entry.url,
            title=entry.title,
            text=entry.text,
            published=entry.published,
            first_seen=entry.first_seen,
            quotes=(quote, quote, quote),
            matches=(match,) if flagged else (),
        )
        await self.app.articles.append(claimed, article)
        await self.app.feed_log.was_read(article)
        if flagged:
            await self.looks.plan(entry, after=3_600)

    async def _odds_and_ends(self) -> None:
        """What happens now and then."""
        app, day = self.app, self.clock.now().toordinal()
        await app.once.do(f"request {day}", self.looks_at_nothing)
        for look in await self.looks.claim(100):
            await self.looks.settle(look, again=None)
        if day % 7 == 0:
            group = Group(self.redis, app.keys, self.clock, streams.JOBS, consumer="w")
            scripts = Scripts(self.redis, self.clock)
            await group.ensure()
            await publish(scripts, app.keys, streams.JOBS, {"d": self._words(300)})
            for delivery in await group.read(1):
                await group.dead_letter(delivery.claimed, "for ever wrong")
        if day % 5 == 0:
            await app.corrections.put(
                Correction(
                    id=f"c{day}",
                    words=("a few words",),
                    articles=("a",),
                    since=self.clock.now(),
                    until=self.clock.now(),
                    by="ada",
                    at=self.clock.now(),
                )
            )
            base = await app.versions.number()
            version = Version(
                number=base + 1, author="ada", at=self.clock.now(), origin=Origin.CHAT, base=base
            )
            await app.versions.publish(version, {"feeds.yaml": self._words(200).encode()})

    async def looks_at_nothing(self) -> None:
        """The work of a request."""

    async def _drain(self, stream, decode, handle) -> None:
        group = Group(self.redis, self.app.keys, self.clock, stream, consumer=self.app.consumer)
        await group.ensure()
        while found := await group.read(200):
            for delivery in found:
                await handle(delivery.claimed, decode(delivery.claimed.id, delivery.fields))

    def _words(self, number: int) -> str:
        """About as compressible as news, and no story in common with any other."""
        own = [f"{self._random.getrandbits(32):x}" for _ in range(number // 3 + 1)]
        return " ".join(self._random.choices(own, weights=range(1, len(own) + 1), k=number))
