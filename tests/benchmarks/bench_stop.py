"""How long ``run`` takes to stop: CPU time, and the wall's beside how busy the machine is."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.acceptance.test_run import bot  # noqa: F401
from tests.processes import processes  # noqa: F401

TICK = os.sysconf("SC_CLK_TCK")


def spent_by_group(leader: int) -> float:
    """CPU seconds of every process in the group, and of those that they waited for."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        fields = file.read_text().rpartition(")")[2].split()
        if int(fields[2]) == leader:
            ticks += sum(map(int, fields[11:15]))
    return ticks / TICK


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
