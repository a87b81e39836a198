"""How soon ``run`` follows a saved file and stops: seconds, CPU seconds, and the load beside."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.acceptance.test_run import bot  # noqa: F401
from tests.processes import processes  # noqa: F401
from tests.services.configuring import watchlist
from tests.waiting import wait_until

TICK = os.sysconf("SC_CLK_TCK")


def spent_by_group(leader: int) -> float:
    """CPU seconds of every process in the group, and of those that they waited for."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        fields = file.read_text().rpartition(")")[2].split()
        if int(fields[2]) == leader:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICK


def test_a_saved_file_is_in_force(bot, tmp_path):  # noqa: F811
    process, _, said = bot
    (tmp_path / "config/watchlists").mkdir()
    before, began = spent_by_group(process.pid), time.monotonic()
    (tmp_path / "config/watchlists/security.yaml").write_text(watchlist("ministers"))
    wait_until(lambda: "configuration.current version=2 " in said())
    wall, cpu = time.monotonic() - began, spent_by_group(process.pid) - before
    print(f"\nin force after {wall:.1f} s, {cpu:.2f} CPU s; load {os.getloadavg()[0]:.1f}")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stop(bot, number):  # noqa: F811
    process, _, _ = bot
    before, began = spent_by_group(process.pid), time.monotonic()
    process.send_signal(number)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime - before
    name = signal.Signals(number).name
    print(f"\n{name}: stopped after {wall:.1f} s, {cpu:.2f} CPU s; load {os.getloadavg()[0]:.1f}")
    assert process.returncode == 0
