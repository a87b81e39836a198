"""Corrections of speakers: one hash, with a number that says whether a reader has the newest."""

from __future__ import annotations

from typing import Any, Final

from redis.asyncio import Redis

from bot.adapters.clock import Clock
from bot.adapters.redis.codec import decode, encode
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, speaker_corrected
from bot.domain.ledger import CORRECTIONS, CORRECTIONS_FOR, Correction, SpeakerCorrected

#: Counts the changes; no id is spelt so.
_CHANGES: Final = b"#"


class RedisCorrections:
    """Implements ``Corrections``."""

    def __init__(self, redis: Redis, keys: Keys, clock: Clock, *, kept: int = CORRECTIONS) -> None:
        """Keep the last ``kept``."""
        self._redis = redis
        self._keys = keys
        self._clock = clock
        self._scripts = Scripts(redis, clock)
        self._kept = kept
        #: What was read last, and the number it had then.
        self._read: tuple[bytes | None, tuple[Correction, ...]] = (None, ())

    async def in_force(self) -> tuple[Correction, ...]:
        """The corrections in force, the newest first."""
        number: Any = await self._redis.hget(self._keys.corrections, _CHANGES.decode())
        if number is None:
            return ()
        known, corrections = self._read
        if known != number:
            found: Any = await self._redis.hgetall(self._keys.corrections)
            number = found.pop(_CHANGES, None)
            decoded = (decode(data, Correction) for data in found.values())
            corrections = tuple(sorted(decoded, key=lambda c: (c.at, c.id), reverse=True))
            self._read = (number, corrections)
        return corrections

    async def put(self, correction: Correction) -> None:
        """Put a correction in force, in place of one with its id, with its control record."""
        since = self._clock.now() - CORRECTIONS_FOR
        others = [c for c in await self.in_force() if c.id != correction.id]
        gone = [c.id for n, c in enumerate(others) if n >= self._kept - 1 or c.at < since]
        await self._change(correction.id, encode(correction), correction, gone)

    async def take_back(self, name: str) -> bool:
        """Let the correction of this id hold no longer; False when there is none."""
        return await self._change(name, b"", None, [])

    async def _change(
        self, name: str, data: bytes, correction: Correction | None, gone: list[str]
    ) -> bool:
        changed: int = await self._scripts.run(
            "correct_speaker",
            [self._keys.corrections, self._keys.stream(ARTICLES)],
            [
                name,
                data,
                speaker_corrected(SpeakerCorrected(id=name, correction=correction)),
                round(CORRECTIONS_FOR.total_seconds() * 1000),
                *gone,
            ],
        )
        return changed == 1
