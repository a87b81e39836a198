"""Reading entries that carry a summary only, beside trafilatura alone on the same pages.

From ENTRIES to ARTICLES: robots.txt, the host's turn, fetch, text, quotes, topics,
two scripts on the server. CPU is that of reader, worker processes and Redis together.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.benchmarks.bench_feeds import run

PAGES = 424


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the site listens."""
    command = [sys.executable, "-m", "tests.benchmarks.page_site", str(PAGES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as site:
        assert site.stdout is not None
        yield int(site.stdout.readline())
        site.kill()


def test_reading_pages_costs_a_few_times_what_extracting_their_text_does(port):
    said = run("-m", "tests.benchmarks.pages_by_us", port, PAGES)
    pages = said["pages"]
    each = {name: 1000 * said[name] / pages for name in ("raw", "extract", "think")}
    whole = {name: 1000 * said["whole"][name] / pages for name in said["whole"]}
    print(
        f"\n{pages} pages of {said['kilobytes']:.0f} KB, CPU ms a page, "
        f"load {os.getloadavg()[0]:.1f}: trafilatura {each['raw']:.1f}, "
        f"text {each['extract']:.1f}, text and thinking {each['think']:.1f}, "
        f"the whole way {whole['cpu']:.1f} (readers {whole['parsers']:.1f}, "
        f"fetching and Redis client {whole['parent']:.1f}, Redis {whole['server']:.1f})"
    )
    print(
        f"  the text step is {each['extract'] / whole['cpu']:.0%} of reading a page; "
        f"the whole way costs {whole['cpu'] / each['raw']:.1f} times trafilatura alone"
    )
    assert said["full"] == PAGES
    assert whole["cpu"] < 8 * each["raw"]
