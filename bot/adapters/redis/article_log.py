"""Articles as stored: ARTICLES in full for a month, KEPT for those that matched or were shown.

A position names one record of both streams. What ``append`` wrote keeps its position in ARTICLES
for good, its copy in KEPT carries it along; what ``load`` wrote stands in KEPT only, behind
sequence numbers that ARTICLES never reaches.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import encode
from bot.adapters.redis.keys import ARTICLES_MS, KEPT_MS, Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, KEPT, Fields, record, stored_at
from bot.domain.answers import Searched
from bot.domain.errors import LostOwnership, Permanent
from bot.domain.jobs import Claimed
from bot.domain.news import Article, Record

_log = logging.getLogger("nato_brief.articles")

#: First sequence number of loaded records; no millisecond sees so many articles read.
_LOADED: Final = 1 << 20


class RedisArticleLog:
    """The two streams of articles and the ways into them."""

    def __init__(
        self,
        redis: Redis,
        keys: Keys,
        clock: Clock,
        *,
        articles_ms: int = ARTICLES_MS,
        kept_ms: int = KEPT_MS,
    ) -> None:
        self._redis = redis
        self._keys = keys
        self._scripts = Scripts(redis, clock)
        self._articles = keys.stream(ARTICLES)
        self._kept = keys.stream(KEPT)
        self._both = self._articles, self._kept
        self._articles_ms = articles_ms
        self._kept_ms = kept_ms

    async def append(self, claimed: Claimed, article: Article) -> str:
        """Finish the ``read`` hop in one script: ARTICLES, KEPT if it matched, ack.

        Returns the record's position. Raises LostOwnership when the entry is not ours any more.
        """
        reply: bytes = await self._scripts.run(
            "article_store",
            [self._keys.stream(claimed.stream), self._articles, *self._kept_keys(article)],
            [
                claimed.group,
                claimed.consumer,
                claimed.id,
                *_written(article),
                int(bool(article.matches)),
                self._articles_ms,
                self._kept_ms,
            ],
        )
        if not reply:
            raise LostOwnership(f"{claimed.stream} {claimed.id} is not {claimed.consumer}'s")
        return reply.decode()

    async def keep(self, record: Record) -> None:
        """Copy a record to KEPT, once per article id and revision; a full server takes it, too."""
        if not _is_loaded(record.position):
            await self._scripts.run(
                "article_keep",
                self._kept_keys(record.article),
                [record.position, *_written(record.article), self._kept_ms],
            )

    def _kept_keys(self, article: Article) -> list[str]:
        where = self._keys.where(article.id)
        return [self._kept, self._keys.kept_ids, self._keys.kept_copies, where]

    async def load(self, article: Article) -> bool:
        """Write to KEPT only; False when the same id with the same text is there already.

        Another text under a known id becomes the next revision.
        """
        where = self._keys.where(article.id)
        text = _fingerprint(article)
        while True:
            newest = await self._field(where, "newest:revision")
            revision = int(newest) + 1 if newest else article.revision
            reply: int = await self._scripts.run(
                "article_load",
                [self._kept, self._keys.kept_ids, where],
                [
                    encode(_at_revision(article, revision)),
                    revision,
                    _revision_id(article.id, revision),
                    text,
                    newest,
                    _LOADED,
                    self._kept_ms,
                ],
            )
            if reply >= 0:
                return reply == 1

    async def at(self, position: str) -> Record | None:
        """The record at a position, from ARTICLES or its copy in KEPT, if it can be read."""
        if _is_loaded(position):
            return await self._read(self._kept, position)
        return await self._read(self._articles, position) or await self._copy_of(position)

    async def dropped(self, position: str) -> bool:
        """Whether a record that stood there would have been dropped since."""
        stream = self._kept if _is_loaded(position) else self._articles
        first = await self._range(stream, "-", "+", count=1)
        return not first or _order(position) < _order(first[0][0].decode())

    async def latest(self, article_id: str) -> Record | None:
        """The newest stored revision of an article; the newest kept one once that has gone."""
        where = self._keys.where(article_id)
        for field in ("newest", "kept"):
            position = await self._field(where, field)
            found = await self.at(position) if position else None
            if found is not None:
                return found
        return None

    async def tail(
        self, after: Mapping[str, str], *, limit: int
    ) -> tuple[dict[str, str], tuple[Record, ...]]:
        """Records of both streams past ``after`` (stream → position), and the new positions.

        At most ``limit`` stream entries are read, ARTICLES first. Control records and records
        that cannot be decoded are passed over. A copy carries the position of its original, so
        a reader of both streams meets it twice.
        """
        positions = dict(after)
        records: list[Record] = []
        room = limit
        for name, stream in ((ARTICLES, self._articles), (KEPT, self._kept)):
            if room <= 0:
                break
            start = f"({positions[name]}" if name in positions else "-"
            for entry_id, fields in await self._range(stream, start, "+", count=room):
                positions[name] = entry_id.decode()
                room -= 1
                try:
                    found = _record(positions[name], fields)
                except Permanent as error:
                    _log.error("tail.unreadable stream=%s id=%s %s", name, positions[name], error)
                    continue
                if found is not None:
                    records.append(replace(found, kept=name == KEPT))
        return positions, tuple(records)

    async def oldest(self) -> tuple[datetime | None, datetime | None]:
        """Moments before which nothing of ARTICLES, and of KEPT, was stored.

        None for an empty stream. A copy in KEPT may be of a record as old as ARTICLES keeps them.
        """
        first = [await self._range(stream, "-", "+", count=1) for stream in self._both]
        articles, kept = (stored_at(each[0][0].decode()) if each else None for each in first)
        return articles, kept and kept - timedelta(milliseconds=self._articles_ms)

    async def extent(self) -> Searched:
        """How many records are stored, and the first and last time of storing.

        Counts revisions, each once although it may stand in both streams, and the few control
        records on ARTICLES; nothing is read but lengths and ends.
        """
        first = await self._range(self._articles, "-", "+", count=1)
        # Copies whose original is still there.
        since = _ms(first[0][0].decode()) if first else "+inf"
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.xlen(self._articles)
            pipe.xlen(self._kept)
            pipe.zcount(self._keys.kept_copies, since, "+inf")
            pipe.xrange(self._kept, count=1)
            pipe.xrevrange(self._articles, count=1)
            pipe.xrevrange(self._kept, count=1)
            articles, kept, both, first_kept, last, last_kept = await pipe.execute()
        ends = [
            stored_at(fields.get(b"p", entry_id).decode())
            for entry_id, fields in (*first, *first_kept, *last, *last_kept)
        ]
        return Searched(
            articles=articles + kept - both,
            since=min(ends, default=None),
            until=max(ends, default=None),
        )

    async def _copy_of(self, position: str) -> Record | None:
        stored = _ms(position)
        copies: Any = await self._redis.zrangebyscore(self._keys.kept_copies, stored, stored)
        for copy in copies:
            original, _, kept = copy.decode().partition("|")
            if original == position:
                return await self._read(self._kept, kept)
        return None

    async def _read(self, stream: str, entry_id: str) -> Record | None:
        entries = await self._range(stream, entry_id, entry_id)
        try:
            return _record(entries[0][0].decode(), entries[0][1]) if entries else None
        except Permanent as error:
            _log.error("articles.unreadable stream=%s id=%s %s", stream, entry_id, error)
            return None

    async def _range(
        self, stream: str, start: str, end: str, *, count: int | None = None
    ) -> list[tuple[bytes, dict[bytes, bytes]]]:
        entries: Any = await self._redis.xrange(stream, min=start, max=end, count=count)
        return list(entries)

    async def _field(self, key: str, field: str) -> str:
        value: Any = await self._redis.hget(key, field)
        return value.decode() if value else ""


def _record(entry_id: str, fields: Fields) -> Record | None:
    """The record of an entry, a copy at its original's position; None for a control record."""
    position = fields[b"p"].decode() if b"p" in fields else entry_id
    value = record(position, fields)
    return value if isinstance(value, Record) else None


def _written(article: Article) -> tuple[bytes, int, str, str]:
    """An article as the scripts take it: record, revision, both in one, fingerprint."""
    revision = article.revision
    return encode(article), revision, _revision_id(article.id, revision), _fingerprint(article)


def _ms(position: str) -> str:
    return position.partition("-")[0]


def _order(position: str) -> tuple[int, int]:
    ms, _, sequence = position.partition("-")
    return int(ms), int(sequence or 0)


def _is_loaded(position: str) -> bool:
    return int(position.partition("-")[2] or 0) >= _LOADED


def _revision_id(article_id: str, revision: int) -> str:
    return f"{article_id}|{revision}"


def _at_revision(article: Article, revision: int) -> Article:
    return article if article.revision == revision else replace(article, revision=revision)


def _fingerprint(article: Article) -> str:
    text = f"{article.title}\0{article.text}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
