"""A poller in a process of its own, to be killed: polls some feeds again and again until then.

Arguments: server URL, hash tag, address with ``{n}`` for each feed's number, how many feeds.
"""

from __future__ import annotations

import asyncio
import sys
from ipaddress import ip_network
from pathlib import Path

from bot.bootstrap.app import open_app
from bot.bootstrap.settings import Leases, Settings
from bot.domain.channels import Configuration
from bot.domain.feeds import Feed

#: So short that what a killed poller held is polled again within the test.
LEASE = 0.5


def feeds_at(address: str, many: int) -> tuple[Feed, ...]:
    """The feeds both the test and this process know."""
    return tuple(
        Feed(id=f"k{n}", url=address.format(n=n), name=f"Feed {n}", interval=0.2)
        for n in range(many)
    )


async def main(server: str, tag: str, address: str, many: str) -> None:
    settings = Settings(
        config_dir=Path(),
        data_dir=Path(),
        tag=tag,
        allow=(ip_network("127.0.0.0/8"),),
        leases=Leases(feed=LEASE),
    )
    feeds = feeds_at(address, int(many))
    async with open_app(settings, Configuration(feeds=feeds), server) as app:
        while True:
            await app.poll.tick()
            await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
