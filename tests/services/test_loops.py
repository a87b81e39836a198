"""What roles begin with."""

from __future__ import annotations

import asyncio

from redis.exceptions import OutOfMemoryError

from bot.bootstrap.loops import patiently


async def test_a_role_starts_on_a_full_server_for_else_nobody_would_make_room():
    tries = []

    async def full():
        tries.append("write")
        raise OutOfMemoryError("command not allowed when used memory > 'maxmemory'.")

    await patiently(asyncio.Event(), full)
    assert tries == ["write"]
