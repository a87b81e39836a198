"""The feeds of ``feed_site`` fetched and not looked at, twice: what the network alone costs.

python -m tests.benchmarks.feeds_by_aiohttp ADDRESS…     prints one line of JSON
"""

from __future__ import annotations

import asyncio
import json
import sys
import time

import aiohttp

CONCURRENCY = 100


async def main(addresses: list[str]) -> None:
    etags: dict[str, str] = {}
    slots = asyncio.Semaphore(CONCURRENCY)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200)) as session:

        async def fetch(address: str) -> None:
            sent = {"If-None-Match": etags[address]} if address in etags else {}
            async with slots, session.get(address, headers=sent) as response:
                await response.read()
                etags[address] = response.headers["ETag"]

        async def measured() -> dict[str, float]:
            wall, cpu = time.perf_counter(), time.process_time()
            await asyncio.gather(*map(fetch, addresses))
            return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}

        passes = {"first": await measured(), "again": await measured()}
    print(json.dumps(passes))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
