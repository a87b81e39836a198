"""robots.txt as RFC 9309 reads it."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.feeds.robots import CLOSED, delay, may_fetch, robots_url

SITE = "https://wire.example"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://wire.example/a/b?c=d", "https://wire.example/robots.txt"),
        ("http://user:pw@wire.example:8080/a", "http://wire.example:8080/robots.txt"),
        ("ftp://wire.example/a", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_robots_url_is_that_of_the_site(url, expected):
    assert robots_url(url) == expected


def test_a_closed_site_lets_nothing_be_fetched():
    assert not may_fetch(CLOSED, "https://wire.example/")
    assert may_fetch("", "https://wire.example/")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [("5", 5.0), ("0.5", 0.5), ("86400", 60.0), ("-3", 0.0), ("soon", 0.0)],
)
def test_delay_is_what_the_site_asks_for_within_reason(asked, expected):
    assert delay(f"User-agent: *\nCrawl-delay: {asked}") == expected


@given(st.text(max_size=200), st.text(max_size=50))
def test_rules_of_any_kind_are_survived(rules, path):
    assert may_fetch(rules, f"https://wire.example/{path}") in (True, False)
    assert 0 <= delay(rules) <= 60


@pytest.mark.parametrize(
    "directive", ["User-agent: ", "useragent:", " User agent:\t", "USER-AGENT "]
)
def test_rules_for_thousands_of_robots_are_read_once(directive):
    others = "".join(f"{directive}robot{number}\n" for number in range(2_000))
    rules = "".join(f"Disallow: /{number}\n" for number in range(2_000))
    tracemalloc.start()
    try:
        allowed = may_fetch(f"{others}{rules}User-agent: nato-brief\nDisallow: /a\n", SITE + "/b")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert allowed
    assert most < 10 * 1024**2


def test_stars_in_a_name_make_no_more_of_it():
    names = "".join(f"User-agent: nato{'*' * number}\n" for number in range(500))
    rules = "".join(f"Disallow: /{number}\n" for number in range(2_000))
    tracemalloc.start()
    try:
        allowed = may_fetch(f"{names}{rules}", SITE + "/7")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert not allowed
    assert most < 10 * 1024**2
