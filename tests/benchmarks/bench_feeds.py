"""Polling 500 feeds, side by side with reader and with aiohttp alone; 20,000 feeds; hostile ones.

Each runs in a process of its own, one after the other, against one site of 500 loopback
addresses. Only ratios, and limits far from what was measured, are asserted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.feed_site import address

HERE = Path(__file__).parent
#: Made by ``make bench``: reader is no dependency of ours.
BENCH_PYTHON = Path(sys.prefix, "bench", "bin", "python")
FEEDS, ENTRIES = 500, 30


def run(*arguments: object, python: Path | str = sys.executable) -> dict[str, Any]:
    """The line of JSON a program prints."""
    command = [str(argument) for argument in (python, *arguments)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


@pytest.fixture(scope="module")
def addresses() -> Iterator[list[str]]:
    """Addresses of the feeds, and of one more to warm up with."""
    command = [sys.executable, "-m", "tests.benchmarks.feed_site", str(FEEDS + 1), str(ENTRIES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        port = int(site.stdout.readline())
        yield [address(number, port) for number in range(FEEDS + 1)]
        site.kill()


def said(name: str, first: dict[str, float], again: dict[str, float]) -> str:
    return (
        f"  {name:10} first {first['wall']:6.2f} s wall {first['cpu']:6.2f} CPU"
        f"   unchanged {again['wall']:5.2f} s wall {again['cpu']:5.2f} CPU"
    )


def test_500_feeds_cost_less_than_with_reader(addresses, tmp_path):
    assert BENCH_PYTHON.exists(), "reader is not installed: run `make bench`"
    raw = run("-m", "tests.benchmarks.feeds_by_aiohttp", *addresses[:FEEDS])
    reader = run(HERE / "feeds_by_reader.py", tmp_path, 10, *addresses, python=BENCH_PYTHON)
    ours = run("-m", "tests.benchmarks.feeds_by_us", "passes", *addresses[:FEEDS])
    assert (ours["entries"], ours["failed"]) == (reader["entries"], 0) == (FEEDS * ENTRIES, 0)
    assert ours["polls"] == 2 * FEEDS
    assert ours["unchanged"] > 0.95 * FEEDS  # now and then a request asks for all
    first = reader["first"]["cpu"] / ours["first"]["cpu"]
    unchanged = reader["again"]["cpu"] / ours["again"]["cpu"]
    wall = reader["again"]["wall"] / ours["again"]["wall"]
    parts = {name: round(ours["first"][name], 2) for name in ("parent", "parsers", "server")}
    print(f"\n{FEEDS} feeds of {ENTRIES} entries, load {os.getloadavg()[0]:.1f}")
    print(said("aiohttp", raw["first"], raw["again"]))
    print(said("reader", reader["first"], reader["again"]), f"  {reader['rss']:.0f} MB")
    print(said("ours", ours["first"], ours["again"]), f"  {ours['rss']:.0f} MB, CPU {parts}")
    print(
        f"  entries a CPU second {first:.2f} times reader's; unchanged "
        f"1/{unchanged:.1f} of its CPU, 1/{wall:.1f} of its wall time"
    )
    print(f"  loop lag while parsing, ms: p50 {1000 * ours['lag p50']:.1f}, ", end="")
    print(f"p99 {1000 * ours['lag p99']:.1f}")
    assert first >= FIRST_LEAST
    assert unchanged >= UNCHANGED_LEAST
    assert ours["lag p99"] < 0.1


#: Entries a CPU second, and CPU of an unchanged pass, compared with reader.
FIRST_LEAST, UNCHANGED_LEAST = 2.2, 4.0


def test_20_000_feeds_cost_a_third_of_a_second_a_minute():
    minute = run("-m", "tests.benchmarks.feeds_by_us", "schedule", 20_000)
    print(
        f"\n20,000 feeds, a minute: {minute['claimed']} claims {minute['claims']['cpu']:.2f} CPU s,"
        f" {minute['polls']} whole polls but for the network {minute['minute']['cpu']:.2f} CPU s,"
        f" {minute['rss']:.0f} MB, load {os.getloadavg()[0]:.1f}"
    )
    assert minute["claims"]["cpu"] < 0.3
    assert minute["rss"] < 150


def test_a_hostile_feed_delays_another_by_less_than_a_second():
    seconds = run("-m", "tests.benchmarks.feeds_hostile")
    alone = seconds.pop("none")
    delays = {case: round(second - alone, 2) for case, second in seconds.items()}
    print(f"\nbeside a hostile feed, seconds later than {alone:.2f}: {delays}")
    assert max(delays.values()) < 1.0
