"""One fetch in a process of its own: what came of it, and the memory it took at most, in MiB.

Argument: address.
"""

from __future__ import annotations

import asyncio
import sys
from ipaddress import ip_network
from pathlib import Path

from bot.adapters.http import HttpFetcher
from bot.domain.fetches import FetchFailure


def _peak() -> float:
    # What getrusage says was inherited from whoever started us.
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


async def main(address: str) -> None:
    fetcher = HttpFetcher(user_agent="tests", allow=[ip_network("127.0.0.0/8")])
    # What the first request brings in for good, imports and buffers, is not the bomb's.
    await fetcher.fetch(address.rpartition("/")[0] + "/harmless")
    before = _peak()
    fetched = await fetcher.fetch(address)
    await fetcher.close()
    said = fetched.problem if isinstance(fetched, FetchFailure) else f"{len(fetched.body)} bytes"
    sys.stdout.write(f"{_peak() - before:.1f} {said}")


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
