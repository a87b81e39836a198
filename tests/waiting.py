"""Waiting for what happens, however long it takes.

No test counts seconds: a busy machine is slow, not wrong. What never happens ends at the one limit
on every test, ``timeout`` in pyproject.toml.
"""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable
from typing import Any


async def until(holds: Callable[[], Any], *, every: float = 0.01) -> Any:
    """What ``holds`` returns once that is true; it may be asynchronous, ``every`` is seconds."""
    while True:
        found = holds()
        if inspect.isawaitable(found):
            found = await found
        if found:
            return found
        await asyncio.sleep(every)


def wait_until(holds: Callable[[], Any], *, every: float = 0.02) -> Any:
    """The same where no loop runs."""
    while not (found := holds()):
        time.sleep(every)
    return found
