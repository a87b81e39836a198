"""Files that are right, and the one law of all others: nothing but ConfigError comes out."""

from __future__ import annotations

import hashlib
from contextlib import nullcontext
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.config import load, problems_of, version, watchlists_of
from bot.domain.channels import (
    CONSOLE,
    EVERY_DAY,
    WEEKDAYS,
    Alerts,
    Channel,
    Configuration,
    Critical,
    Destination,
    DigestPlan,
    Quiet,
)
from bot.domain.errors import ConfigError
from bot.domain.feeds import Feed
from bot.domain.people import Person
from bot.domain.watch import AllOf, AnyOf, AtLeast, InField, Near, Only, Phrase, Topic, Where

FEEDS = b"""\
format: 1
feeds:
  - {url: "https://a.example/rss", name: A, tier: 1, language: EN, country: NO, interval: 2 hours}
  - url: https://www.b.example/feed
"""
CHANNELS = b"""\
format: 1
channels:
  - to: slack:T1/#desk
    topics: [NATO spending]
    only: {languages: en, tiers: [1, 2]}
    timezone: Europe/Oslo
    alerts: {from score: 4, at most: 6 per hour}
    digest: {at: ["17:00", "7:30"], on: weekdays, timezone: Europe/Brussels}
    quiet: 22:00-06:30
    critical: {topics: [NATO spending]}
  - {to: console, alerts: none, digest: {at: 08:00, quotes: 20}}
fallback: email:desk
admins: {channel: "slack:#admins"}
"""
PEOPLE = b"""\
format: 1
people:
  - {name: Ada Example, aliases: [the chair], role: Chair, gender: f, since: 2024-10-01}
"""
WATCHLIST = b"""\
format: 1
watchlist: Desk
owner: slack:#desk
lists:
  names: [NATO, exact: US, forms of: [ally, member]]
topics:
  NATO spending:
    about: Budgets
    any:
      - defence   spending
      - near: [{list: names}, spend*]
        within: 8 words
        in order: yes
      - {any: [a, b], all: [{title: c}, {lead: [d, e]}]}
    all:
      - any: [f]
    none: [no, on, off]
    at least: {times: 2, of: [NATO, f]}
    only: {countries: [NO, us]}
    score: {title counts: 2, weights: {defence spending: 1.5}}
    examples: {skip: A sentence about nothing.}
    owner: slack:@U1
"""
FILES = {
    "feeds.yaml": FEEDS,
    "channels.yaml": CHANNELS,
    "people.yaml": PEOPLE,
    "watchlists/desk.yaml": WATCHLIST,
}


def read(files: dict[str, bytes]) -> Configuration:
    return load(files, check_examples=False)


def phrase(text: str, **how: bool) -> Phrase:
    return Phrase(text=text, **how)


def test_feeds_are_read_with_their_defaults():
    first, second = load({"feeds.yaml": FEEDS}).feeds
    url = "https://a.example/rss"
    assert first == Feed(
        id=hashlib.sha256(url.encode()).hexdigest()[:12],
        url=url,
        name="A",
        tier=1,
        language="en",
        country="NO",
        interval=7200,
    )
    assert (
        second.name,
        second.tier,
        second.language,
        second.country,
        second.interval,
    ) == ("b.example", 2, None, None, None)


def test_feeds_may_differ_in_identity_bridge_and_size():
    text = FEEDS + b"    identity: url\n    bridge: yes\n    max size: 15 MiB\n"
    first, second = load({"feeds.yaml": text}).feeds
    assert (first.by_url, first.bridge, first.max_body) == (False, False, None)
    assert (second.by_url, second.bridge, second.max_body) == (True, True, 15 * 1024 * 1024)


def test_channels_are_read_with_their_defaults():
    configuration = read(FILES)
    assert configuration.channels == (
        Channel(
            to=Destination(platform="slack", workspace="T1", channel="#desk"),
            topics=("NATO spending",),
            only=Only(languages=frozenset({"en"}), tiers=frozenset({1, 2})),
            alerts=Alerts(from_score=4, per_hour=6),
            digest=DigestPlan(at=(time(7, 30), time(17)), on=WEEKDAYS, timezone="Europe/Brussels"),
            quiet=Quiet(start=time(22), end=time(6, 30), timezone="Europe/Oslo"),
            critical=Critical(topics=("NATO spending",), from_score=8),
        ),
        Channel(
            to=CONSOLE,
            alerts=None,
            digest=DigestPlan(at=(time(8),), on=EVERY_DAY, timezone="UTC", quotes=20),
        ),
    )
    assert Destination(platform="email", channel="desk") == configuration.fallback
    assert Destination(platform="slack", channel="#admins") == configuration.admin_channel


def test_people_are_read():
    assert read(FILES).people == (
        Person(
            name="Ada Example",
            aliases=("the chair",),
            role="Chair",
            gender="f",
            since=date(2024, 10, 1),
        ),
    )


def test_topic_is_read_with_lists_put_in_their_place():
    names = AnyOf(
        parts=(
            phrase("NATO"),
            phrase("US", exact=True),
            AnyOf(parts=(phrase("ally", forms=True), phrase("member", forms=True))),
        )
    )
    assert read(FILES).watchlists.topics == (
        Topic(
            name="NATO spending",
            about="Budgets",
            any=(
                phrase("defence spending"),
                Near(parts=(names, phrase("spend*")), words=8, in_order=True),
                AllOf(
                    parts=(
                        AnyOf(parts=(phrase("a"), phrase("b"))),
                        InField(field="title", part=phrase("c")),
                        InField(field="lead", part=AnyOf(parts=(phrase("d"), phrase("e")))),
                    )
                ),
            ),
            all=(phrase("f"),),
            none=(phrase("no"), phrase("on"), phrase("off")),
            at_least=AtLeast(times=2, of=AnyOf(parts=(phrase("NATO"), phrase("f")))),
            only=Only(countries=frozenset({"NO", "US"})),
            title_counts=2,
            weights=(("defence spending", 1.5),),
            skip_examples=("A sentence about nothing.",),
            owner="slack:@U1",
            file="watchlists/desk.yaml",
            line=7,
            where=(
                Where(path="any 1", line=10),
                Where(path="any 2", line=11),
                Where(path="any 3", line=14),
                Where(path="all 1", line=16),
                Where(path="at least", line=18),
            ),
        ),
    )


def test_owner_of_the_watchlist_answers_for_its_topics():
    text = b"format: 1\nowner: slack:#desk\ntopics: {A: {any: [b]}}\n"
    assert [t.owner for t in watchlists_of({"a.yaml": text}).topics] == ["slack:#desk"]


def test_near_without_a_distance_means_one_sentence():
    text = b"format: 1\ntopics: {A: {any: [{near: [b, c]}]}}\n"
    (topic,) = watchlists_of({"a.yaml": text}).topics
    assert (Near(parts=(phrase("b"), phrase("c")), within="sentence"),) == topic.any


def test_version_follows_the_contents_and_nothing_else():
    loaded = read(FILES)
    again = read(dict(reversed(FILES.items())))
    other = read({**FILES, "people.yaml": PEOPLE + b"# new\n"})
    assert loaded.version == again.version != other.version
    assert loaded.watchlists.version == other.watchlists.version
    assert (
        loaded.watchlists.version
        == watchlists_of({"desk.yaml": WATCHLIST}, check_examples=False).version
    )
    assert version({}) != loaded.version


def test_feeds_alone_are_a_configuration():
    configuration = load({"feeds.yaml": FEEDS})
    assert () == configuration.channels == configuration.people == configuration.watchlists.topics
    assert configuration.fallback == CONSOLE


def test_examples_are_left_out_on_request():
    text = b"format: 1\ntopics: {A: {any: [b], examples: {match: [c]}}}\n"
    assert len(problems_of({"feeds.yaml": FEEDS, "watchlists/a.yaml": text})) == 1
    files = {"feeds.yaml": FEEDS, "watchlists/a.yaml": text}
    assert len(load(files, check_examples=False).watchlists.topics) == 1
    assert len(watchlists_of({"a.yaml": text}, check_examples=False).topics) == 1


def test_byte_order_mark_and_windows_line_ends_are_fine():
    text = b"\xef\xbb\xbf" + WATCHLIST.replace(b"\n", b"\r\n")
    saved_on_windows = read({"feeds.yaml": FEEDS, "watchlists/desk.yaml": text})
    assert saved_on_windows.watchlists.topics == read(FILES).watchlists.topics


NAMES = st.sampled_from(["feeds.yaml", "channels.yaml", "people.yaml", "watchlists/a.yaml", "x"])
PIECES = st.lists(
    st.sampled_from(
        [
            *("format: 1", "\n", "topics:", "feeds:", "channels:", "people:", "lists:", "  ", "- "),
            *(
                "any: ",
                "near: ",
                "title: ",
                "list: ",
                "to: ",
                "at: ",
                "[",
                "]",
                "{",
                "}",
                ": ",
                ", ",
            ),
            *(
                "&a ",
                "*a",
                "!!str ",
                "|",
                "'",
                '"',
                "# ",
                "? ",
                "---",
                "%",
                "\t",
                "1",
                "~",
                "é",
                "NATO",
            ),
        ]
    ),
    max_size=40,
).map(lambda pieces: "".join(pieces).encode())


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(NAMES, st.binary(max_size=80) | PIECES, max_size=3))
def test_load_raises_nothing_but_config_error(files):
    told = problems_of(files)
    with pytest.raises(ConfigError) if told else nullcontext():
        assert isinstance(load(files), Configuration)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, len(WATCHLIST) - 60), st.binary(max_size=3))
def test_one_slip_anywhere_is_a_problem_with_a_place_or_none(at, slip):
    text = WATCHLIST.replace(b"examples:", b"#")
    text = text[:at] + slip + text[at + 1 :]
    for problem in problems_of({"feeds.yaml": FEEDS, "watchlists/desk.yaml": text}):
        assert 0 <= problem.line <= text.count(b"\n") + text.count(b"\r") + 2


def test_deep_error_lists_stay_short():
    text = b"format: 1\nfeeds:\n" + b"  - {url: 1}\n" * 300
    with pytest.raises(ConfigError) as raised:
        load({"feeds.yaml": text})
    assert any("and 200 more problems" in problem.message for problem in raised.value.problems)
