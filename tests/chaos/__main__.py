"""Chaos for some time, then peace, then the verdict; exits 1 if anything was lost or doubled.

python -m tests.chaos [--seconds 1800] [--seed N] [--kills 40] [--keep DIR]
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.adapters.files import read_folder
from bot.adapters.redis import streams
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.references import RedisReferences
from bot.core.config import load
from bot.domain.references import Place, Reference
from tests.chaos.hands import Hands, Server
from tests.chaos.judge import PLACES, Verdict, judge, missing
from tests.chaos.plan import PROCESSES, Event, plan
from tests.chaos.world import (
    BLIND,
    FAIR,
    FEEDS,
    NOTICES,
    READABLE,
    TEAMS,
    WATCHED,
    WEBHOOK,
    Weather,
    World,
)

TAG = "chaos"
#: Seconds between two articles, and seconds of peace in which nothing changes any more before the
#: run is given up: longer than anything waits for its next try.
PACE, PATIENCE = 1.5, 240.0


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    asked.add_argument("--seconds", type=float, default=1800.0, help="of chaos; peace comes after")
    asked.add_argument("--seed", type=int, default=random.randrange(10_000))
    asked.add_argument("--kills", type=int, default=40, help="with a queue in hand")
    asked.add_argument("--keep", type=Path, help="folder for logs and the server's data")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(prefix="nb-chaos-") as folder:
        at = given.keep or Path(folder)
        at.mkdir(parents=True, exist_ok=True)
        verdict = asyncio.run(chaos(at, given.seconds, given.seed, kills=given.kills))
    return 0 if verdict.well else 1


async def chaos(folder: Path, seconds: float, seed: int, *, kills: int) -> Verdict:
    print(f"seed {seed}: {seconds:.0f} s of chaos, {kills} kills with a queue in hand", flush=True)
    world, server = World(seed), Server(folder)
    await world.start()
    await server.start()
    await _install_teams(server, world)
    config = folder / "config"
    _configure(config, world)
    load(read_folder(config), check_examples=False)  # says so if it is not as the product wants it
    hands = Hands(PROCESSES, folder, config, _environment(server, world))
    hands.start()
    stop = asyncio.Event()
    supervising = asyncio.create_task(_supervise(hands, stop))
    began = time.monotonic()
    try:
        while not await _heard_of_first(world, server):
            await asyncio.sleep(0.2)
        async with asyncio.TaskGroup() as group:
            publishing = group.create_task(_publish(world, seconds))
            for event in plan(seed, seconds, kills=kills):
                group.create_task(_befall(event, world, server, hands))
            await publishing
        world.weather.clear()
        _touch(config)  # what was refused is tried again at once where the configuration changes
        await _peace(world, server)
        stop.set()
        await supervising
        codes = await hands.stop()
        verdict = judge(world)
        verdict.dead = await _dead(server)
    finally:
        stop.set()
        supervising.cancel()
        hands.end()
        server.stop()
        await world.stop()
    _report(verdict, world, hands, codes, took=time.monotonic() - began)
    return verdict


async def _heard_of_first(world: World, server: Server) -> bool:
    """Whether every feed was polled: what a feed lists at first is no news."""
    async with Redis.from_url(server.url) as client:
        polled = 0
        async for key in client.scan_iter(f"{{{TAG}}}:feed:*", count=1000):
            polled += bool(await client.hget(key, "state"))
        return polled >= FEEDS


async def _publish(world: World, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        world.publish()
        await asyncio.sleep(PACE)


async def _befall(event: Event, world: World, server: Server, hands: Hands) -> None:
    await asyncio.sleep(event.at)
    match event.what:
        case "kill":
            hands.kill(event.whom)
        case "freeze":
            await hands.freeze(event.whom, event.seconds)
        case "server":
            with suppress(RedisError, OSError):
                await server.suffer(event.whom, event.seconds)
        case "weather":
            bad = Weather(event.kinds, event.likely)
            world.weather[event.whom] = bad
            await asyncio.sleep(event.seconds)
            if world.weather[event.whom] is bad:
                world.weather[event.whom] = FAIR
        case "kills in hand":
            await _kill_in_hand(int(event.kinds[0]), world, hands)


async def _kill_in_hand(kills: int, world: World, hands: Hands) -> None:
    """Kill the workers again and again while pages are slow, so that entries wait in hand."""
    slow = Weather(("slow",), 1.0)
    for _ in range(30):
        world.publish()
    for number in range(kills):
        world.weather["pages"] = slow
        await asyncio.sleep(3.0)
        hands.kill(f"worker {1 + number % 2}")
    world.weather["pages"] = FAIR


async def _supervise(hands: Hands, stop: asyncio.Event) -> None:
    while not stop.is_set():
        hands.start()
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), 0.5)


async def _peace(world: World, server: Server) -> None:
    """Wait until every channel has every article and nothing is left to do."""
    before, since = -1, time.monotonic()
    while time.monotonic() - since < PATIENCE:
        left = missing(world) + await _undone(server)
        if left == 0:
            return
        if left != before:
            before, since = left, time.monotonic()
        await asyncio.sleep(0.5)
    print(f"gave up: {left} still to do")


async def _undone(server: Server) -> int:
    keys = Keys(tag=f"{{{TAG}}}")
    undone = 0
    async with Redis.from_url(server.url) as client:
        for stream in streams.GROUPS:
            undone += await client.zcard(keys.retry(stream))
            if await client.exists(keys.stream(stream)):
                groups = await client.xinfo_groups(keys.stream(stream))
                undone += sum(group["pending"] + (group["lag"] or 0) for group in groups)
    return int(undone)


async def _dead(server: Server) -> list[str]:
    keys = Keys(tag=f"{{{TAG}}}")
    found: list[str] = []
    async with Redis.from_url(server.url) as client:
        for stream in streams.GROUPS:
            for position, fields in await client.xrange(keys.dead_letters(stream)):
                problem = fields.get(b"_error", b"").decode()
                found.append(f"{stream} {position.decode()}: {problem}")
    return found


async def _install_teams(server: Server, world: World) -> None:
    async with Redis.from_url(server.url) as client:
        await RedisReferences(client, Keys(tag=f"{{{TAG}}}")).keep(
            Reference(
                tenant="local",
                conversation=TEAMS,
                place=Place.CHANNEL,
                service_url=f"{world.url}/teams/",
                team="19:team",
                team_name="Desk",
                channel_name="General",
            )
        )


def _configure(folder: Path, world: World) -> None:
    (folder / "watchlists").mkdir(parents=True, exist_ok=True)
    feeds = "".join(
        f'  - {{url: "{world.url}/feeds/{n}", name: Outlet {n}, language: en}}\n'
        for n in range(FEEDS)
    )
    (folder / "feeds.yaml").write_text(f"format: 1\nfeeds:\n{feeds}")
    places = (f"slack:{READABLE}", f"slack:{BLIND}", "teams:Desk/General", f"webhook:{WEBHOOK}")
    channels = "".join(f'  - {{to: "{to}", alerts: {{from score: 1}}}}\n' for to in places)
    (folder / "channels.yaml").write_text(
        f"format: 1\nchannels:\n{channels}admins: {{channel: slack:{NOTICES}}}\n"
    )
    (folder / "people.yaml").write_text("format: 1\npeople:\n  - name: Mira Sand\n")
    (folder / "watchlists" / "ledger.yaml").write_text(
        f"format: 1\nwatchlist: Chaos\ntopics:\n  Ledger:\n    any: [{WATCHED}]\n"
    )


def _touch(folder: Path) -> None:
    file = folder / "channels.yaml"
    file.write_text(file.read_text() + "# peace\n")


def _environment(server: Server, world: World) -> dict[str, str]:
    return {
        "REDIS_URL": server.url,
        "NATO_BRIEF_TAG": TAG,
        "NATO_BRIEF_LISTEN": "127.0.0.1:0",
        "NATO_BRIEF_ALLOW_NETWORKS": "127.0.0.0/8",
        "NATO_BRIEF_PAGE_SPACING": "0",
        "NATO_BRIEF_PAGE_AT_ONCE": "20",
        "NATO_BRIEF_POLL_SHORTEST": "2",
        "NATO_BRIEF_POLL_FIRST": "2",
        "NATO_BRIEF_POLL_LONGEST": "3",
        "NATO_BRIEF_POLL_LONGEST_TIER_1": "3",
        "NATO_BRIEF_POLL_RETRY": "2",
        "NATO_BRIEF_POLL_LONGEST_WAIT": "5",
        "NATO_BRIEF_POLL_OUTAGE_RETRY": "2",
        "NATO_BRIEF_POLL_HOST_PAUSE": "2",
        "NATO_BRIEF_POLL_PER_HOST": "6",
        "NATO_BRIEF_TEAMS_INSECURE": "1",
        "SLACK_BOT_TOKEN": "xoxb-chaos",
        "SLACK_API_URL": f"{world.url}/api/",
        f"NATO_BRIEF_WEBHOOK_{WEBHOOK}": f"{world.url}/webhook/{WEBHOOK}",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }


def _report(
    verdict: Verdict, world: World, hands: Hands, codes: dict[str, int], *, took: float
) -> None:
    articles = len(world.articles)
    print(
        f"{articles} articles to {len(PLACES)} channels in {took:.0f} s; {hands.killed} kills;"
        f" processes that ended by themselves: {hands.ended or 'none'}; ended with {codes}\n"
        f"lost {len(verdict.lost)}, doubled {len(verdict.doubled)},"
        f" labels without ground {len(verdict.groundless)}, stale {len(verdict.stale)},"
        f" dead letters {len(verdict.dead)};"
        f" labelled {verdict.labelled}, of them alone after an unclear call {verdict.alone}"
    )
    for name in ("lost", "doubled", "groundless", "stale", "dead"):
        for each in getattr(verdict, name)[:20]:
            print(f"  {name} {each}")
            place, _, code = each.partition(": ")
            if tries := world.tries.get((place, code)):
                print(f"    tried: {', '.join(tries)}")
    for outcome, n in sorted(world.outcomes.items()):
        print(f"  {n:6} {outcome}")


if __name__ == "__main__":
    sys.exit(main())
