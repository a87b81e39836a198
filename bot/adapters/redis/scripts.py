"""Runs the named Lua files: each one atomic step, its KEYS and ARGV listed in its head.

A script is ``lua/<name>.lua``: a ``#!lua`` line (so that a full server refuses it whole, before
its first write, unless it says ``flags=allow-oom``), then its body. The prelude is put between;
it gives NOW in ms by the shifted clock, ``digits``, ``xadd`` and ``owns``. ARGV[1] is always the
shift; a script's own arguments begin at ARGV[2].
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from redis.asyncio import Redis
from redis.commands.core import AsyncScript
from redis.exceptions import NoScriptError

from bot.adapters.clock import Clock


class Scripts:
    """The Lua files, by name, on one connection pool and one clock."""

    def __init__(self, redis: Redis, clock: Clock) -> None:
        self._redis = redis
        self._clock = clock
        self._loaded: dict[str, AsyncScript] = {}

    async def run(self, name: str, keys: Sequence[str], args: Sequence[str | bytes | int]) -> Any:
        """Run ``lua/<name>.lua`` in one EVALSHA; integers and byte strings come back."""
        return await self._script(name)(keys=keys, args=[self._clock.shift_ms, *args])

    async def run_each(
        self, name: str, calls: Sequence[tuple[Sequence[str], Sequence[str | bytes | int]]]
    ) -> list[Any]:
        """Run a script once for each (keys, args) in one round trip; an error is a result."""
        if len(calls) == 1:
            return [await self.run(name, *calls[0])]
        script = self._script(name)
        pipeline = self._redis.pipeline(transaction=False)
        for keys, args in calls:
            pipeline.evalsha(script.sha, len(keys), *keys, self._clock.shift_ms, *args)
        results: list[Any] = await pipeline.execute(raise_on_error=False)
        for place, result in enumerate(results):
            if isinstance(result, NoScriptError):
                results[place] = await self.run(name, *calls[place])
        return results

    def _script(self, name: str) -> AsyncScript:
        script = self._loaded.get(name)
        if script is None:
            script = self._loaded[name] = self._redis.register_script(source(name))
        return script


@cache
def source(name: str) -> str:
    """The whole text of a script as the server gets it."""
    folder = files("bot.adapters.redis") / "lua"
    prelude = (folder / "_prelude.lua").read_text("utf-8")
    first, _, body = (folder / f"{name}.lua").read_text("utf-8").partition("\n")
    if not first.startswith("#!lua"):
        raise ValueError(f"{name}.lua does not begin with #!lua")
    return "\n".join((first, prelude, body))
