from __future__ import annotations

import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.core.feeds.identity import (
    article_id,
    canonical_url,
    entry_keys,
    fingerprint,
)
from bot.domain.feeds import ParsedEntry
from tests.builders import NOW


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://wire.example/world/story-1", "https://wire.example/world/story-1"),
        (
            "HTTPS://Wire.Example:443/a/../story?utm_source=rss&id=5#top",
            "https://wire.example/story?id=5",
        ),
        ("https://wire.example/story?b=2&a=1&fbclid=x", "https://wire.example/story?a=1&b=2"),
        ("https://wire.example/news.php?1234", "https://wire.example/news.php?1234"),
        ("https://wire.example/app#!/story/7", "https://wire.example/app#!/story/7"),
        ("https://wire.example/", "https://wire.example"),
        ("  https://wire.example/a//b ", "https://wire.example/a/b"),
        ("https://[::1", "https://[::1"),
        ("", ""),
    ],
)
def test_canonical_url_keeps_what_tells_articles_apart(url, canonical):
    assert canonical_url(url) == canonical


PARTS = st.lists(
    st.sampled_from(
        """http:// https:// wire.example WIRE. / // .. . %7E %2F ? & = # #! id=5 utm_source=x :80
        :443 @ [ ] a B ü xn--bcher-kva -x _ ~ \\x00 + ;""".split()
    )
    | st.text(max_size=2),
    max_size=10,
).map("".join)


@settings(max_examples=50, deadline=None)
@given(PARTS | st.builds("https://wire.example/{}".format, PARTS))
def test_canonical_url_of_a_canonical_url_is_the_same(url):
    once = canonical_url(url)
    assert canonical_url(once) == once


@settings(max_examples=40, deadline=None)
@given(
    st.from_regex(r"https?://[a-z0-9.-]{1,9}\.example(/[A-Za-z0-9_.-]{0,5}){0,3}", fullmatch=True)
)
@example("http://0..-.example")  # no host that exists, and a fragment all the same
def test_canonical_url_of_a_clean_url_is_what_cleaning_would_give(url):
    # A fragment is dropped, but not before the address has been cleaned.
    assert canonical_url(url) == canonical_url(f"{url}#top")


def test_article_id_is_the_same_for_every_way_to_write_a_url():
    ids = {
        article_id(url, title=title, outlet="Wire")
        for url, title in (
            ("https://wire.example/a?utm_medium=rss", "One"),
            ("https://WIRE.example/a#comments", "Two"),
        )
    }
    assert len(ids) == 1
    assert len(ids.pop()) == 16


def test_article_id_goes_by_the_title_where_the_url_says_nothing():
    google = "https://news.google.com/rss/articles/{}?oc=5".format
    same = article_id(google("CBMi1"), title="Pact signed - The Wire", outlet="Search: pact")
    assert same == article_id(google("CBMi2"), title="Pact  Signed - The Wire", outlet="Topic")
    assert same != article_id(google("CBMi1"), title="Pact signed - The Post", outlet="Topic")
    assert article_id("", title="Pact", outlet="A") != article_id("", title="Pact", outlet="B")


def test_entry_keys_prefer_the_guid_then_guid_and_url_then_url_then_content():
    entries = (
        ParsedEntry(guid="g1", url="https://x.example/1"),
        ParsedEntry(guid="dup", url="https://x.example/2?utm_source=y"),
        ParsedEntry(guid="dup", url="https://x.example/3"),
        ParsedEntry(guid="N/A", url="https://x.example/4"),
        ParsedEntry(url="https://x.example/5#top"),
        ParsedEntry(guid="long" * 100),
    )
    keys = entry_keys(entries)
    assert keys[:5] == (
        "g1",
        "dup https://x.example/2",
        "dup https://x.example/3",
        "https://x.example/4",
        "https://x.example/5",
    )
    assert len(keys[5]) == 16


def test_entry_keys_can_prefer_the_address():
    entries = [
        ParsedEntry(guid="session-1", url="https://x.example/1?utm_source=rss"),
        ParsedEntry(guid="session-2", url="https://x.example/2"),
        ParsedEntry(guid="session-3", url="https://x.example/2"),
        ParsedEntry(guid="session-4"),
    ]
    assert entry_keys(entries, by_url=True) == (
        "https://x.example/1",
        "session-2",
        "session-3",
        "session-4",
    )


def test_entry_keys_tell_entries_apart_that_share_everything_but_their_words():
    home = "https://x.example/"
    entries = (
        ParsedEntry(url=home, title="One"),
        ParsedEntry(url=home, title="Two", published=NOW),
        ParsedEntry(url=home, title="Two", published=NOW),
    )
    keys = entry_keys(entries)
    assert len(set(keys)) == 3
    assert keys[2] == f"{keys[1]}#2"


ENTRIES = st.lists(
    st.builds(
        ParsedEntry,
        guid=st.sampled_from([None, "a", "b", "https://x.example/1", "a https://x.example/1", "-"]),
        url=st.sampled_from([None, "https://x.example/1", "https://x.example/2"]),
        title=st.sampled_from(["", "One", "Two"]),
        published=st.sampled_from([None, NOW]),
    ),
    max_size=8,
)


@settings(max_examples=40, deadline=None)
@given(ENTRIES, st.randoms(use_true_random=False))
def test_entry_keys_are_unique_and_do_not_depend_on_the_order(
    entries: list[ParsedEntry], shuffler: random.Random
):
    keys = entry_keys(entries)
    assert len(set(keys)) == len(entries)
    order = list(range(len(entries)))
    shuffler.shuffle(order)
    again = entry_keys([entries[place] for place in order])
    assert sorted(again) == sorted(keys)
    once = [place for place in order if entries.count(entries[place]) == 1]
    assert {again[order.index(place)] for place in once} == {keys[place] for place in once}


BASE = "Ferry to sail. The crew of 12 waits, see https://x.example/a and page 4."


@pytest.mark.parametrize(
    "text",
    [
        "Ferry to sail.  The CREW of 12 waits,\n\nsee https://x.example/a and page 4.",
        "Ferry to sail. The crew of 12 waits, see https://x.example/a?v=123#x and page 4.",
        f"Updated: Mon, Mar 17, 2025 {BASE}",
        "Ferry to sail. 10:45 pm GMT The crew of 12 waits, see https://x.example/a and page 4.",
        "5 minutes ago Ferry to sail. The crew of 12 waits, see https://x.example/a and page 4.",
        "Ferry to sail. 1,204 views The crew of 12 waits, see https://x.example/a and page 4.",
        "Ferry to sail. <b>The crew of 12 waits, see https://x.example/a and page 4.",
    ],
)  # fmt: skip
def test_fingerprint_stays_when_nobody_edited(text):
    assert fingerprint(ParsedEntry(title="Ferry", text=text)) == fingerprint(
        ParsedEntry(title="Ferry ", text=BASE)
    )


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Ferries", BASE),
        ("Ferry", BASE.replace("12", "13")),
        ("Ferry", BASE.replace("x.example/a", "x.example/b")),
        ("Ferry", ""),
        ("Ferry Ferry", BASE[6:]),
    ],
)
def test_fingerprint_changes_with_an_edit(title, text):
    before = ParsedEntry(title="Ferry", text=BASE)
    assert fingerprint(ParsedEntry(title=title, text=text)) != fingerprint(before)


def test_fingerprint_takes_the_summary_of_an_entry_without_text():
    one, other = (
        ParsedEntry(summary="Rate up 3.5 percent"),
        ParsedEntry(summary="Rate up 5.3 percent"),
    )
    assert fingerprint(one) != fingerprint(other)
