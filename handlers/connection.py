"""One connection of the web host, which nobody can hold open by being slow.

    receiving   a request has begun, or none has come yet   10 s to be complete
    answering   it is complete; being answered, or read     60 s
    resting     answered and taken                          uvicorn's own 5 s

A byte now and then gains nothing: a limit runs from the beginning of what it limits. Where there
are too many connections the one that has been receiving for longest makes room, or else the one
that has left its answer lying for longest: callers who say or read nothing keep nobody out.
"""

from __future__ import annotations

import asyncio
from enum import Enum
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)


class Phase(Enum):
    """What a connection is at."""

    RECEIVING = "receiving"
    ANSWERING = "answering"
    RESTING = "resting"


class Bounded(H11Protocol):
    """HTTP/1.1 with an end to everything."""

    #: Seconds; resting ends by ``timeout_keep_alive``.
    limits: ClassVar[dict[Phase, float]] = {Phase.RECEIVING: 10.0, Phase.ANSWERING: 60.0}
    #: Connections of the process at once.
    most: ClassVar[int] = 200

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._phase: Phase | None = None
        self._since = 0.0
        self._late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a caller in, in place of a silent or deaf one where it is full."""
        if len(self.connections) >= self.most and not self._make_room():
            self.transport = transport
            transport.write(_FULL)
            transport.close()
            return
        super().connection_made(transport)
        self._look()

    def data_received(self, data: bytes) -> None:
        """More of a request."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """An answer is written, which is not yet taken."""
        super().on_response_complete()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is over."""
        if self._late is not None:
            self._late.cancel()
        super().connection_lost(exc)

    def _look(self) -> None:
        """Start the clock of another phase; that of the same one runs on."""
        phase = self._now_at()
        if phase is self._phase:
            return
        self._phase, self._since = phase, self.loop.time()
        if self._late is not None:
            self._late.cancel()
            self._late = None
        if (seconds := self.limits.get(phase)) is not None:
            self._late = self.loop.call_later(seconds, self._end)

    def _now_at(self) -> Phase:
        state = self.conn.their_state
        more = state is h11.SEND_BODY or (state is h11.IDLE and self.conn.trailing_data[0])
        if self.cycle is None or more:
            return Phase.RECEIVING
        if not self.cycle.response_complete or self.transport.get_write_buffer_size():
            return Phase.ANSWERING
        return Phase.RESTING

    def _end(self) -> None:
        """Cut it off, unless the answer has been taken meanwhile; nothing tells of that."""
        self._late = None
        self._look()
        if self._phase is not Phase.RESTING:
            self.transport.abort()

    def _make_room(self) -> bool:
        """Whether somebody could be sent away: who is silent, else who reads no answer."""
        ours = [each for each in self.connections if isinstance(each, Bounded)]
        waiting = [each for each in ours if each._phase is not Phase.ANSWERING] or [
            each for each in ours if each.transport.get_write_buffer_size()
        ]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda each: each._since)
        self.connections.discard(oldest)
        oldest.transport.abort()
        return True
