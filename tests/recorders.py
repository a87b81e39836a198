"""Stand-ins for the outside world that remember what happened; there is none for anything else."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.adapters.clock import Clock
from bot.domain.errors import OutcomeUnknown, Recoverable
from bot.domain.fetches import Fetched, FetchFailure
from bot.domain.logins import Login
from bot.domain.posts import Brief, PostKey, Receipt
from bot.ports.work import Begin


async def begin() -> None:
    """For a sender that is called without a deliver stage: nobody wants to know when."""


class RecordedFetcher:
    """Answers from a table of URL → body or answer; what is not there is a 404."""

    def __init__(self, answers: dict[str, bytes | Fetched | FetchFailure] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.logins: list[Login | None] = []

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_body: int | None = None,
        follow: bool = True,
        login: Login | None = None,
    ) -> Fetched | FetchFailure:
        self.logins.append(login)
        self.asked.append((url, etag, last_modified))
        answer = self.answers.get(url)
        if answer is None:
            return FetchFailure(url=url, problem="HTTP 404", status=404)
        if isinstance(answer, bytes):
            return Fetched(status=200, url=url, body=answer)
        return answer


class RecordedSender:
    """Keeps every message; can fail the way a platform does, before or after taking it."""

    def __init__(self, clock: Clock, *, can_look_up: bool = True) -> None:
        self.can_look_up = can_look_up
        self.edits_in_place = True
        #: (handle, brief) of every first post, and of every edit.
        self.sent: list[tuple[str, Brief]] = []
        self.edited: list[tuple[str, Brief]] = []
        #: Raised by the next calls instead of answering, the first first.
        self.failures: list[Exception] = []
        #: Whether a failing first send arrives all the same.
        self.arrives = False
        self._clock = clock
        self._keys: dict[str, PostKey] = {}

    async def send(self, key: PostKey, brief: Brief, begin: Begin) -> Receipt:
        await begin()
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or (self.arrives and isinstance(failure, OutcomeUnknown)):
            handle = f"m{len(self.sent) + 1}"
            self.sent.append((handle, brief))
            self._keys[handle] = key
        if failure is not None:
            raise failure
        return Receipt(handle=handle, at=self._clock.now())

    async def edit(self, key: PostKey, handle: str, brief: Brief, begin: Begin) -> None:
        await begin()
        if self.failures:
            raise self.failures.pop(0)
        self.edited.append((handle, brief))

    async def find(self, key: PostKey, *, since: datetime) -> Receipt | None:
        for handle, sent in self._keys.items():
            if sent == key:
                return Receipt(handle=handle, at=since + timedelta(seconds=1))
        return None

    def shown(self) -> list[Brief]:
        """What readers see now: the latest brief of each message."""
        return list(dict([*self.sent, *self.edited]).values())


class BusyPool:
    """A pool of a machine that is too busy for the first ``times`` jobs; those are tried again."""

    def __init__(self, pool, times: int) -> None:
        self._pool = pool
        self.left = times

    async def run(self, function, /, *args, **kwargs):
        if self.left:
            self.left -= 1
            raise Recoverable("the machine is too busy")
        return await self._pool.run(function, *args, **kwargs)
