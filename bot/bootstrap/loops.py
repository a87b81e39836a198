"""What each role keeps going: consumer loops and ticks, each named in one table.

TICKS       name → seconds between two, what it does
CONSUMERS   name → the loop that works on one stream
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from datetime import timedelta
from types import MappingProxyType

from redis.exceptions import OutOfMemoryError, RedisError

from bot.adapters.redis import streams
from bot.adapters.redis.attempt import pause, until_done
from bot.adapters.redis.bus import Group
from bot.adapters.redis.consume import consume
from bot.adapters.redis.consume_alone import consume_alone
from bot.bootstrap.app import JITTER, App
from bot.core.briefs.schedule import next_digests
from bot.core.feeds.schedule import first_poll_after, hastened
from bot.core.versions.checking import warm
from bot.domain.errors import cause
from bot.domain.jobs import Claimed
from bot.domain.news import Entry
from bot.services.log import line, logger

_log = logger("loops")

Tick = Callable[[App], Awaitable[object]]
Loop = Callable[[App, asyncio.Event], Coroutine[None, None, None]]

#: Entries read at once by one process; most of them wait for their page.
READING = 24
#: Crashes in a row after which the desk goes on without a record: each takes milliseconds to
#: fold, so that so many are hardly chance, and a record left out is news lost.
DESK_CRASHES = 20
#: Seconds between two looks at the configuration folder, and at the version in force.
LOOK = 0.5
#: Seconds between two signs of life of a worker.
ALIVE = 5.0
#: Seconds between two looks at whether pages are due for another, while none is.
LOOK_AGAIN = 5.0
#: A process that has just started has better things to do than to import what a check takes.
_LOOKS_BEFORE_WARM = 20


async def subscribe(app: App) -> None:
    """Make the configured feeds the polled ones; new ones fall due spread over a while."""
    now = app.clock.now()
    feeds = app.config.feeds
    first_due = {
        feed.id: now
        + timedelta(
            seconds=first_poll_after(feed.id, feeds=len(feeds), settings=app.settings.polling)
        )
        for feed in feeds
    }
    await app.feeds.subscribe(feeds, first_due=first_due)
    await _hasten(app)


async def _hasten(app: App) -> None:
    """Have feeds polled now whose interval was shortened to less than they still have to wait."""
    by_id = {feed.id: feed for feed in app.config.feeds}
    # Not those that were moved by jitter, nor those that are being polled.
    waits = {
        feed.id: feed.interval * (1 + 2 * JITTER) + app.settings.leases.feed
        for feed in by_id.values()
        if feed.interval is not None
    }
    now = app.clock.now()
    sooner = {
        feed_id: due
        for feed_id, state in (await app.feeds.due_later(waits)).items()
        if (due := hastened(by_id[feed_id], state, now=now)) is not None
    }
    await app.feeds.hasten(sooner)


async def poll(app: App) -> None:
    """Start polling what is due, unless the server is too full for more."""
    if not app.make_room.full:
        await app.poll.tick()
    await app.pulse.beat("scheduler")


async def fire_digests(app: App) -> None:
    """Put due digests before the desk."""
    for due in await app.digests.fire_due():
        _log.debug(line("digest.due", to=due.destination, slot=due.slot, date=due.local_date))


async def plan_digests(app: App) -> None:
    """Schedule the digests of the next two days."""
    now = app.clock.now()
    planned = {
        due: at for channel in app.config.channels for due, at in next_digests(channel, after=now)
    }
    await app.digests.forget_unplanned(planned)
    await app.digests.schedule(planned)


async def follow(app: App, stop: asyncio.Event) -> None:
    """Use a new version of the configuration within a second of its being in force."""
    while not stop.is_set():
        await _now_or_later("follow", app.current.refresh)
        await pause(stop, LOOK)


async def watch(app: App, stop: asyncio.Event) -> None:
    """Put what is edited in this process's folder in force, and the other way round."""
    looks = 0
    while not stop.is_set():
        looks += 1
        if looks == _LOOKS_BEFORE_WARM:
            app.checkers.warm(warm)
        if await _now_or_later("watch", app.folder.look):
            await _now_or_later("follow", app.current.refresh)
        await pause(stop, LOOK)


async def _now_or_later(name: str, work: Callable[[], Awaitable[object]]) -> bool:
    """Whether ``work`` found something; a failure costs one line, it is tried again."""
    try:
        return bool(await work())
    except Exception as error:  # noqa: BLE001 - where a loop's failures end
        _log.warning(line("loop.failed", name=name, problem=cause(error)))
        return False


async def watch_feeds(app: App) -> None:
    """Tell the admins which feeds are blind, and which are well again."""
    await app.watch_feeds.look()


async def look_after_parked(app: App) -> None:
    """Try what is refused now and then, and let what waits go out once it works."""
    await app.parking.look()


async def keep_house(app: App) -> None:
    """Trim streams and forget consumers that are gone."""
    for stream in streams.GROUPS:
        group = _group(app, stream)
        await group.ensure()  # before any worker has come, what waits for them is not to go
        await group.safe_trim()
        await group.forget_gone()


async def make_room(app: App) -> None:
    """Keep the streams of articles within their budgets, and intake out of a full server."""
    await _group(app, streams.ARTICLES).ensure()
    await app.make_room.look()


TICKS: MappingProxyType[str, tuple[float, Tick]] = MappingProxyType(
    {
        # Again and again, for a server may have lost what it knew.
        "subscribe": (60.0, subscribe),
        "poll": (1.0, poll),
        "fire digests": (1.0, fire_digests),
        "plan digests": (300.0, plan_digests),
        "watch feeds": (60.0, watch_feeds),
        "look after parked": (5.0, look_after_parked),
        "keep house": (60.0, keep_house),
        "make room": (15.0, make_room),
    }
)


async def patiently(stop: asyncio.Event, step: Callable[[], Awaitable[object]]) -> None:
    """Do what a role begins with; again, while the server is away.

    A full server is not waited for: who makes room has to start, and each step is done again later.
    """
    try:
        await until_done(stop, step, unless=OutOfMemoryError)
    except OutOfMemoryError as error:
        _log.warning(line("roles.full", problem=cause(error)))


async def beat(app: App, name: str) -> None:
    """Run one tick; a server that is away for a moment costs one line, not the scheduler."""
    try:
        await TICKS[name][1](app)
    except (RedisError, OSError) as error:
        _log.warning(line("tick.failed", name=name, problem=cause(error)))
    except Exception:  # noqa: BLE001 - where a tick's bug ends
        _log.exception(line("tick.broken", name=name))


async def reading(app: App, stop: asyncio.Event) -> None:
    """ENTRIES → ARTICLES, several at once."""

    async def read(claimed: Claimed, entry: Entry) -> None:
        # Looked up for each entry: it is another one when the configuration has changed.
        await app.read(claimed, entry)

    _ = app.read  # brings trafilatura: better now than while the desk has a lease to renew
    await consume(
        _group(app, streams.ENTRIES),
        streams.entry,
        read,
        concurrency=READING,
        stop=stop,
        hands=app.hands,
    )


async def looking_again(app: App, stop: asyncio.Event) -> None:
    """Pages that are due for another look → ENTRIES, where they were edited."""
    if not app.settings.pages.again:
        return
    while not stop.is_set():
        looking = asyncio.ensure_future(_now_or_later("look again", app.look_again.look))
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait((looking, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not looking.done():  # its leases lapse, and it is done again
            looking.cancel()
            await asyncio.wait((looking,))
            return
        if not looking.result():
            await pause(stop, LOOK_AGAIN)


async def desk(app: App, stop: asyncio.Event) -> None:
    """ARTICLES → DELIVERIES, one process of all, in order."""
    await consume_alone(
        _group(app, streams.ARTICLES, max_crashes=DESK_CRASHES),
        streams.record,
        app.desk,
        stop=stop,
        hands=app.hands,
        lease=app.settings.leases.desk,
    )


async def delivering(app: App, stop: asyncio.Event) -> None:
    """DELIVERIES → the destinations, several posts at once."""
    # A process that starts may have another token, or the address of a webhook.
    await _now_or_later("hasten", app.waiting.hasten)
    await consume(
        _group(app, streams.DELIVERIES),
        streams.delivery,
        app.deliver,
        concurrency=8,
        stop=stop,
        hands=app.hands,
    )


async def sharing(app: App, stop: asyncio.Event) -> None:
    """JOBS → DELIVERIES."""
    await consume(
        _group(app, streams.JOBS),
        streams.job,
        app.share,
        concurrency=2,
        stop=stop,
        hands=app.hands,
    )


async def living(app: App, stop: asyncio.Event) -> None:
    """Say that this process gets on; one that is frozen or stuck does not."""
    while not stop.is_set():
        await _now_or_later("alive", lambda: app.pulse.beat("worker"))
        await pause(stop, ALIVE)


CONSUMERS: MappingProxyType[str, Loop] = MappingProxyType(
    {
        "alive": living,
        "read": reading,
        "look again": looking_again,
        "desk": desk,
        "deliver": delivering,
        "jobs": sharing,
    }
)


async def backlog(app: App) -> dict[str, int]:
    """Consumer group → entries it still has to finish, at most."""
    return {
        name: (await _group(app, stream).backlog()).undone
        for stream, name in streams.GROUPS.items()
    }


def _group(app: App, stream: str, *, max_crashes: int = 8) -> Group:
    return Group(
        app.redis,
        app.keys,
        app.clock,
        stream,
        consumer=app.consumer,
        idle_ms=round(app.settings.leases.entry * 1000),
        max_crashes=max_crashes,
    )
