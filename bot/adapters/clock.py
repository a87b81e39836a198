"""The one clock: system time, moved by a shift that tests and the demo set.

Scripts on the server use the same shift (``shift_ms``), so a deadline passes there too when a test
advances this clock.
"""

from __future__ import annotations

import time
from datetime import datetime

from bot.domain.times import from_ms, to_ms


class Clock:
    """UTC now; with ``start`` it pretends to be that moment, and goes on from there."""

    def __init__(self, start: datetime | None = None) -> None:
        self._shift_ms = 0 if start is None else to_ms(start) - _system_ms()

    @property
    def shift_ms(self) -> int:
        """Milliseconds to add to any system's time; 0 in production."""
        return self._shift_ms

    def now(self) -> datetime:
        """This moment, in whole milliseconds as the server counts them."""
        return from_ms(_system_ms() + self._shift_ms)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass at once."""
        self._shift_ms += round(seconds * 1000)


def _system_ms() -> int:
    return time.time_ns() // 1_000_000
