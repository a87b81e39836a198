"""``/healthz`` of real processes: red while those that do the work are frozen, whoever answers."""

from __future__ import annotations

import os
import re
import signal
import sys
from pathlib import Path

import httpx
import pytest

COMMAND = Path(sys.executable).with_name("nato-brief")
FEEDS = 'format: 1\nfeeds:\n  - {url: "http://127.0.0.1:9/a.xml", name: Gone}\n'


@pytest.fixture
def start(server, tag, tmp_path, processes):
    """Starts a role on the one server."""
    (tmp_path / "feeds.yaml").write_text(FEEDS)
    environment = {
        **os.environ,
        "REDIS_URL": server,
        "NATO_BRIEF_TAG": tag.strip("{}"),
        "NATO_BRIEF_LISTEN": "127.0.0.1:0",
    }

    def start(role):
        arguments = [COMMAND, "--config", tmp_path, "--data-dir", tmp_path / role, role]
        return processes.start(*arguments, env=environment)

    return start


@pytest.mark.slow
async def test_health_is_red_while_every_scheduler_and_worker_is_frozen(start, processes):
    working = {role: start(role) for role in ("scheduler", "worker")}
    start("web")
    await processes.until(lambda: "web.listening" in processes.said(), every=0.1)
    url = re.search(r"web.listening url=(\S+)", processes.said())[1]
    async with httpx.AsyncClient(base_url=url, timeout=None) as monitor:

        async def problems():
            answer = await monitor.get("/healthz")
            found = answer.json()["problems"]
            assert answer.status_code == (503 if found else 200)
            return " ".join(found)

        async def only_the_feed_fails():
            return re.fullmatch("all 1 feeds fail.*", await problems())

        async def nobody_works():
            found = await problems()
            return all(
                f"no {what}" in found
                for what in ("scheduler has given", "worker has given", "worker has had the desk")
            )

        await processes.until(only_the_feed_fails, every=0.5)
        assert (await monitor.get("/readyz")).status_code == 200
        for process in working.values():
            process.send_signal(signal.SIGSTOP)
        await processes.until(nobody_works, every=1)
        for process in working.values():
            process.send_signal(signal.SIGCONT)
        await processes.until(only_the_feed_fails, every=0.5)
