"""What feeds brought lately, and the incidents told of them; ``FeedLog`` and ``Incidents``.

Small, bounded samples: the last 200 hours with news, the last 100 entries, a month of topics.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import FEED_MS, MEMORY_MS, Keys
from bot.domain.incidents import Incident, Passage, Rhythm
from bot.domain.news import Article, EntryReason
from bot.domain.times import from_ms, to_ms

_HOUR_MS: Final = 3_600_000
_HOURS: Final = 200
_PASSAGES: Final = 100


class RedisFeedLog:
    """Samples of every feed."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock) -> None:
        self._redis = redis
        self._keys = keys
        self._clock = clock

    async def was_read(self, article: Article) -> None:
        """Remember an article's way to us, and the topics that matched it."""
        feed, seen = article.feed_id, to_ms(article.first_seen)
        async with self._redis.pipeline(transaction=True) as pipe:
            if article.reason is EntryReason.NEW:
                hours, passages = self._keys.hours(feed), self._keys.passages(feed)
                hour = seen // _HOUR_MS
                pipe.zadd(hours, {str(hour): hour})
                pipe.zremrangebyrank(hours, 0, -_HOURS - 1)
                pipe.pexpire(hours, FEED_MS)
                pipe.lpush(passages, _written(article))
                pipe.ltrim(passages, 0, _PASSAGES - 1)
                pipe.pexpire(passages, FEED_MS)
            if article.matches:
                topics, now = self._keys.topics(feed), to_ms(self._clock.now())
                pipe.zadd(topics, {match.topic: now for match in article.matches}, gt=True)
                pipe.zremrangebyscore(topics, "-inf", now - MEMORY_MS)
                pipe.pexpire(topics, MEMORY_MS)
            await pipe.execute()

    async def was_posted(self, article: Article, at: datetime) -> None:
        """Remember when an article's alert stood in a channel."""
        posted = self._keys.posted(article.feed_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.lpush(posted, _written(article, at))
            pipe.ltrim(posted, 0, _PASSAGES - 1)
            pipe.pexpire(posted, FEED_MS)
            await pipe.execute()

    async def rhythms(self, feed_ids: Sequence[str]) -> dict[str, Rhythm]:
        """Feed id → the hours in which it brought something new."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for feed_id in feed_ids:
                pipe.zrange(self._keys.hours(feed_id), 0, -1)
            found = await pipe.execute()
        return {
            feed_id: Rhythm(hours=tuple(from_ms(int(hour) * _HOUR_MS) for hour in hours))
            for feed_id, hours in zip(feed_ids, found, strict=True)
        }

    async def passages(
        self, feed_ids: Sequence[str]
    ) -> dict[str, tuple[tuple[Passage, ...], tuple[Passage, ...]]]:
        """Feed id → its last entries that were read, and its last that were posted."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for feed_id in feed_ids:
                pipe.lrange(self._keys.passages(feed_id), 0, -1)
                pipe.lrange(self._keys.posted(feed_id), 0, -1)
            found = await pipe.execute()
        return {
            feed_id: (tuple(map(_passage, read)), tuple(map(_passage, posted)))
            for feed_id, read, posted in zip(feed_ids, found[::2], found[1::2], strict=True)
        }

    async def topics(
        self, feed_ids: Sequence[str], *, since: datetime
    ) -> dict[str, tuple[str, ...]]:
        """Feed id → topics that had a match from it since then."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for feed_id in feed_ids:
                pipe.zrangebyscore(self._keys.topics(feed_id), to_ms(since), "+inf")
            found = await pipe.execute()
        return {
            feed_id: tuple(sorted(topic.decode() for topic in topics))
            for feed_id, topics in zip(feed_ids, found, strict=True)
        }


class RedisIncidents:
    """The open incidents, and who looks."""

    def __init__(self, redis: Redis, keys: Keys) -> None:
        self._redis = redis
        self._keys = keys

    async def load(self) -> tuple[Incident, ...]:
        """The open incidents, oldest first."""
        found: Any = self._redis.hvals(self._keys.incidents)
        incidents = [decode(data, Incident) for data in await found]
        return tuple(sorted(incidents, key=lambda incident: (incident.opened, incident.id)))

    async def save(self, incident: Incident) -> None:
        """Remember an incident while it is open, and forget it once it is closed."""
        key = self._keys.incidents
        if incident.is_open:
            saved: Any = self._redis.hset(key, incident.id, encode(incident))
        else:
            saved = self._redis.hdel(key, incident.id)
        await saved

    async def take_turn(self, seconds: float) -> bool:
        """Whether it is this process that looks now; one of all does in so many seconds."""
        guard = self._keys.guard("watch feeds")
        return bool(await self._redis.set(guard, "1", nx=True, px=round(seconds * 1000)))

    async def told(self, feed_id: str) -> str | None:
        """The last notice told about a feed that works."""
        found: Any = await self._redis.hget(self._keys.told, feed_id)
        return found.decode() if found else None

    async def tell(self, feed_id: str, notice: str) -> None:
        """Remember that a notice was told."""
        told: Any = self._redis.hset(self._keys.told, feed_id, notice)
        await told

    async def forget_told(self, *, but: Collection[str]) -> None:
        """Forget what was told about any other feed."""
        known: Any = await self._redis.hkeys(self._keys.told)
        if gone := [name for name in known if name.decode() not in but]:
            forgotten: Any = self._redis.hdel(self._keys.told, *gone)
            await forgotten


def _written(article: Article, posted: datetime | None = None) -> str:
    """``published seen posted`` in ms; a date the feed did not give is 0."""
    published = 0 if article.published == article.first_seen else to_ms(article.published)
    return f"{published} {to_ms(article.first_seen)} {to_ms(posted) if posted else 0}"


def _passage(data: bytes) -> Passage:
    published, seen, posted = map(int, data.split())
    return Passage(
        published=from_ms(published) if published else None,
        seen=from_ms(seen),
        posted=from_ms(posted) if posted else None,
    )
