"""What a hurried admin mistypes, and where and how it is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.config import load, problems_of, watchlists_of
from bot.domain.errors import ConfigError
from bot.domain.watch import Phrase

FEEDS = b"format: 1\nfeeds:\n  - url: https://a.example/rss\n"
WATCHLIST = "format: 1\ntopics:\n  A:\n"
HURRIED = Path(__file__).parents[3] / "data" / "config" / "hurried"

#: Lines from line 4 on, under topic A → place, part of the message.
IN_A_TOPIC = {
    "text that begins with %": ("    any: [%GDP]", "4:11", "`%`"),
    "text that begins with @": ("    any:\n      - @nato", "5:9", "quotes"),
    "wildcard in front": ("    any:\n      - *spend", "5:9", "`spend*`"),
    "wildcard alone in front": ("    any:\n      - * spend", "5:10", "`spend*`"),
    "text that begins with !": ("    any:\n      - !important", "5:9", "`!`"),
    "tab as indent": ("\tany: [b]", "4:1", "tab"),
    "year without quotes": ("    any: [1949]", "4:11", 'write "1949"'),
    "key twice": ("    any: [NATO]\n    any: [allies]", "5:5", "first on line 4"),
    "key misspelt": ("    any: [NATO]\n    non: [Gaza]", "5:5", "did you mean `none`?"),
    "one phrase for a list": ("    any: ceasefire", "4:10", "write `any: [ceasefire]`"),
    "no blank after the dash": ("    any:\n      -NATO", "5:7", "blank after the `-`"),
    "no blank after the colon": ("    any:[NATO]", "4:5", "blank after the `:`"),
    "colon in a phrase": ("    any:\n      - Rutte: spend more", "5:9", "quotes"),
    "apostrophe in single quotes": ("    any:\n      - 'Putin's war'", "5:16", "quotes"),
    "quote never closed": ('    any: ["NATO]', "4:11", "never closed"),
    "bracket never closed": ("    any: [NATO", "4:10", "never closed"),
    "within beside the dash": (
        "    any:\n      - near: [a, b]\n      within: 8 words",
        "6:7",
        "indentation",
    ),
    "distance misspelt": (
        "    any:\n      - near: [a, b]\n        within: sentance",
        "6:17",
        "did you mean `sentence`?",
    ),
    "distance without a unit": (
        "    any:\n      - near: [a, b]\n        within: 8",
        "6:17",
        "`8 words`",
    ),
    "near with one part": ("    any:\n      - near: [a]", "5:15", "at least 2"),
    "title inside near": ("    any:\n      - near: [a, {title: b}]", "5:19", "in near"),
    "rule kind not there": ("    any:\n      - atleast: 2", "5:9", "begins no rule"),
    "rule kind misspelt": ("    any:\n      - form of: go", "5:9", "did you mean `forms of`?"),
    "list nobody wrote": ("    any:\n      - list: names", "5:15", "no list `names`"),
    "none alone in a rule": ("    any:\n      - none: [c]", "5:9", "beside `any` or `all`"),
    "none inside near": (
        "    any:\n      - near: [a, {any: [b], none: [c]}]",
        "5:30",
        "`none` stands under a topic",
    ),
    "not near without near": ("    any:\n      - not near: [a]", "5:9", "`near` is missing"),
    "query inside near": ("    any:\n      - near: [a, {query: b AND c}]", "5:19", "in near"),
    "query that is mixed": (
        "    any:\n      - query: NATO AND spend* OR budget*",
        "5:16",
        "parentheses, as in `NATO AND (",
    ),
    "query with a small operator": (
        "    any:\n      - query: NATO and spend*",
        "5:16",
        "write `AND`",
    ),
    "query with the symbol of another tool": (
        "    any:\n      - query: NATO && spend*",
        "5:16",
        "in words",
    ),
    "query with another tool's near": (
        "    any:\n      - query: NATO W/5 spend*",
        "5:16",
        "write `NEAR/8`",
    ),
    "query that only refuses": ("    any:\n      - query: NOT sport", "5:16", "missing before it"),
    "query that is not closed": ("    any:\n      - query: (NATO AND GDP", "5:16", "never closed"),
    "query with one quote": ("    any:\n      - query: NATO AND 'a\"'", "5:16", "never closed"),
    "query with a field": ("    any:\n      - query: title:NATO", "5:16", "a rule of its own"),
    "regex without words it needs": ("    any:\n      - regex: a+", "5:9", "`needs` is missing"),
    "regex in double quotes": (
        '    any:\n      - regex: "\\bGDP"\n        needs: GDP',
        "5:16",
        "single quotes",
    ),
    "regex that looks ahead": (
        "    any:\n      - regex: 'NATO(?! strap)'\n        needs: NATO",
        "5:16",
        "`not near`",
    ),
    "regex that refers back": (
        "    any:\n      - regex: '(a+) \\1'\n        needs: a",
        "5:16",
        "write the choices out",
    ),
    "regex that repeats too often": (
        "    any:\n      - regex: '((a{100}){100}){100}'\n        needs: a",
        "5:16",
        "1000 repeats",
    ),
    "regex that is not closed": (
        "    any:\n      - regex: '(GDP'\n        needs: GDP",
        "5:16",
        "parentheses do not match",
    ),
    "regex that finds nothing": (
        "    any:\n      - regex: 'a*'\n        needs: a",
        "5:16",
        "at least one character",
    ),
    "regex that begins with a bracket": (
        "    any:\n      - regex: [0-9]+ euros\n        needs: euros",
        "5:21",
        "quotes",
    ),
    "names of an American": ("    any:\n      - organization: NATO", "5:9", "`organisation`"),
    "length without a sign": ("    any: [a]\n    only: {words: 150}", "5:19", "`150+`"),
    "length in words": ("    any: [a]\n    only: {words: long}", "5:19", "`up to 2000`"),
    "length upside down": (
        "    any: [a]\n    only: {words: 300-100}",
        "5:19",
        "the smaller number comes first",
    ),
    "sources beside only": ("    any: [a]\n    sources: [a.example]", "5:5", "`only: {sources:"),
    "no source refused": (
        "    any: [a]\n    only: {sources: {not: []}}",
        "5:27",
        "at least 1",
    ),
    "near with too many parts": (
        "    any:\n      - near: [a, b, c, d, e, f, g]",
        "5:15",
        "more than 6",
    ),
    "distance that is no near": (
        "    any:\n      - near: [a, b]\n        within: 80 words",
        "6:17",
        "write `paragraph`",
    ),
    "topic without a rule": ("    none: [Gaza]", "3:3", "has no rule"),
    "topic with nothing": ("", "3:3", "no value"),
    "score in words": ("    any: [a]\n    score: {title counts: high}", "5:27", "number"),
    "weight of another phrase": (
        "    any: [truce]\n    score: {weights: {truse: 2}}",
        "5:23",
        "did you mean `truce`?",
    ),
    "number for a comment": ("    any: [a]\n    owner: #desk", "5:5", "comment"),
    "wanted and refused": ("    any: [Gaza]\n    none: [gaza]", "5:12", "wanted on line 4"),
    "country code": ("    any: [a]\n    only: {countries: [UK]}", "5:24", "`GB`"),
    "wildcard on two letters": ("    any: [eu*]", "4:11", "at least 3 letters"),
    "example that fails": ("    any: [a]\n    examples: {match: [b]}", "5:24", "not flagged"),
    "topic in another case": ("    any: [x]\n  a:\n    any: [y]", "5:3", "another name"),
    "country as in its language": ("    any: [a]\n    only: {countries: [EL]}", "5:24", "`GR`"),
    "example as a bare text": ("    any: [a]\n    examples: [a b]", "5:15", "remove the `-`"),
    "empty phrase": ("    any: ['']", "4:11", "no word in it"),
    "key in capitals": ("    Any: [a]", "4:5", "did you mean `any`?"),
    "score without a weight": (
        "    any: [a]\n    score: {weights: [a]}",
        "5:22",
        "keys with values",
    ),
    "second document": ("    any: [x]\n---\nb: 1", "5:1", "`---`"),
}

#: Lines from line 3 on, under ``feeds:``.
IN_FEEDS = {
    "address without https": ("  - url: www.a.example/rss", "3:10", "`https://www.a.example/rss`"),
    "address without its key": ("  - https://a.example/rss", "3:5", "write `url: https:"),
    "feed twice": (
        "  - url: https://a.example/rss\n  - url: https://A.example/rss/",
        "4:10",
        "line 3",
    ),
    "no address": ("  - name: Wire", "3:5", "`url` is missing"),
    "password in the address": ("  - url: https://me:pw@a.example/", "3:10", "no user name"),
    "password for a login": ("  - {url: https://a.example/, auth: 'me:pw'}", "3:37", "env:NAME"),
    "interval without a unit": (
        "  - url: https://a.example/rss\n    interval: 15",
        "4:15",
        "`15 minutes`",
    ),
    "size without a unit": (
        "  - url: https://a.example/rss\n    max size: 15",
        "4:15",
        "`15 MiB`",
    ),
    "size beyond reason": (
        "  - url: https://a.example/rss\n    max size: 900 MiB",
        "4:15",
        "`50 MiB`",
    ),
    "no dash": ("  url: https://a.example/rss", "3:3", "`- `"),
}

#: Lines from line 3 on, under ``channels:``; the only topic is NATO spending.
IN_CHANNELS = {
    "channel as a comment": ("  - to: #nato", "3:5", "comment"),
    "channel without a platform": ("  - to: '#nato'", "3:9", "`slack:#nato`"),
    "platform misspelt": ("  - to: slak:#nato", "3:9", "did you mean `slack`?"),
    "platform without a place": ("  - to: 'slack:'", "3:9", "`slack:#channel`"),
    "topic misspelt": (
        "  - to: console\n    topics: [NATO spendin]",
        "4:14",
        "did you mean `NATO spending`?",
    ),
    "critical topic misspelt": (
        "  - to: console\n    critical: {topics: [Nato spending]}",
        "4:25",
        "did you mean `NATO spending`?",
    ),
    "underscore in a key": (
        "  - to: console\n    alerts: {from_score: 3}",
        "4:14",
        "did you mean `from score`?",
    ),
    "limit without a unit": ("  - to: console\n    alerts: {at most: 6}", "4:23", "`6 per hour`"),
    "time zone misspelt": (
        "  - to: console\n    digest: {at: '07:30', timezone: Europe/Brussel}",
        "4:37",
        "did you mean `Europe/Brussels`?",
    ),
    "time with a point": ("  - to: console\n    digest: {at: 7.30}", "4:18", "07:30"),
    "time that does not exist": ("  - to: console\n    digest: {at: '24:30'}", "4:18", "23:59"),
    "day misspelt": (
        "  - to: console\n    digest: {at: '07:30', on: [Mondey]}",
        "4:32",
        "did you mean `monday`?",
    ),
    "quiet hours half said": ("  - to: console\n    quiet: 22-6", "4:12", "22:00-06:30"),
    "place twice": ("  - to: console\n  - to: console", "4:9", "line 3"),
    "every topic spelt out": ("  - to: console\n    topics: all", "4:13", "leave `topics` out"),
}

IN_PEOPLE = {
    "gender in full": ("  - {name: A B, gender: male}", "3:25", "'f' or 'm'"),
    "day first": ("  - {name: A B, since: 01.10.2024}", "3:24", "year-month-day"),
    "year alone": ("  - {name: A B, until: 2024}", "3:24", "`2024-10-01`"),
    "end before start": (
        "  - {name: A B, since: 2024-10-01, until: 2023-10-01}",
        "3:43",
        "before `since`",
    ),
}


def only_problem(files: dict[str, bytes]) -> tuple[str, str]:
    (problem,) = problems_of({"feeds.yaml": FEEDS, **files})
    assert problem.file in files
    return f"{problem.line}:{problem.column}", problem.message


@pytest.mark.parametrize(("text", "place", "part"), IN_A_TOPIC.values(), ids=IN_A_TOPIC)
def test_watchlist_slip_is_told_where_it_stands_with_the_fix(text, place, part):
    at, message = only_problem({"watchlists/a.yaml": f"{WATCHLIST}{text}\n".encode()})
    assert place == at, message
    assert part in message


@pytest.mark.parametrize(("text", "place", "part"), IN_FEEDS.values(), ids=IN_FEEDS)
def test_feed_slip_is_told_where_it_stands_with_the_fix(text, place, part):
    at, message = only_problem({"feeds.yaml": f"format: 1\nfeeds:\n{text}\n".encode()})
    assert place == at, message
    assert part in message


@pytest.mark.parametrize(("text", "place", "part"), IN_CHANNELS.values(), ids=IN_CHANNELS)
def test_channel_slip_is_told_where_it_stands_with_the_fix(text, place, part):
    topics = b"format: 1\ntopics: {NATO spending: {any: [defence spending]}}\n"
    files = {"channels.yaml": f"format: 1\nchannels:\n{text}\n".encode()}
    with pytest.raises(ConfigError) as raised:
        load({"feeds.yaml": FEEDS, "watchlists/a.yaml": topics, **files})
    (problem,) = raised.value.problems
    assert f"channels.yaml:{place}" == f"{problem.file}:{problem.line}:{problem.column}"
    assert part in problem.message


@pytest.mark.parametrize(("text", "place", "part"), IN_PEOPLE.values(), ids=IN_PEOPLE)
def test_person_slip_is_told_where_it_stands_with_the_fix(text, place, part):
    at, message = only_problem({"people.yaml": f"format: 1\npeople:\n{text}\n".encode()})
    assert place == at, message
    assert part in message


@pytest.mark.parametrize(
    ("content", "place", "part"),
    [
        (b"", "0:0", "empty"),
        (b"- a\n", "1:1", "one mapping"),
        (b"format: 2\ntopics: {A: {any: [b]}}\n", "1:9", "must be 1"),
        (b"topics: {A: {any: [b]}}\n", "1:1", "begin the file with `format: 1`"),
        ("format: 1\ntopics: {É: 1}".encode("latin-1"), "2:10", "UTF-8"),
        ("format: 1".encode("utf-16"), "0:0", "UTF-16"),
        (b"format: 1\na: \x07\n", "2:4", "U+0007"),
        (b"x" * 600_000, "0:0", "larger"),
        (b"a: " + b"[" * 500, "1:27", "deep"),
    ],
    ids=[
        "empty",
        "list",
        "format",
        "no-format",
        "latin-1",
        "utf-16",
        "bell",
        "large",
        "deep",
    ],
)
def test_file_that_is_none_costs_its_own_result_only(content, place, part):
    found = problems_of({"feeds.yaml": FEEDS, "watchlists/a.yaml": content})
    first = found[0]
    assert ("watchlists/a.yaml", place) == (first.file, f"{first.line}:{first.column}")
    assert part in first.message


def test_alias_bomb_is_counted_as_what_it_stands_for():
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    found = problems_of({"feeds.yaml": FEEDS, "watchlists/a.yaml": "\n".join(lines).encode()})
    assert [p.message for p in found] == ["more than 50000 entries in one file; split it"]


def test_anchor_may_be_used_again():
    text = (
        "format: 1\nchannels:\n"
        "  - {to: 'slack:#a', digest: &day {at: '07:30'}}\n  - {to: 'slack:#b', digest: *day}\n"
    )
    first, second = load({"feeds.yaml": FEEDS, "channels.yaml": text.encode()}).channels
    assert first.digest == second.digest


def test_every_problem_of_every_file_is_told_at_once():
    files = {str(path.relative_to(HURRIED)): path.read_bytes() for path in HURRIED.rglob("*.yaml")}
    expected = (HURRIED / "problems.txt").read_text().splitlines()
    assert expected == list(map(str, problems_of(files)))


def test_topic_of_an_unreadable_watchlist_is_not_called_unknown():
    files = {
        "feeds.yaml": FEEDS,
        "channels.yaml": b"format: 1\nchannels: [{to: console, topics: [Somewhere]}]\n",
        "watchlists/a.yaml": b"format: 1\ntopics: [\n",
    }
    assert [problem.file for problem in problems_of(files)] == ["watchlists/a.yaml"]


def test_missing_and_unknown_files_are_told():
    found = {p.file: p.message for p in problems_of({"channels.yml": b"", "notes.txt": b""})}
    assert {"feeds.yaml", "channels.yml", "notes.txt"} == found.keys()
    assert "missing" in found["feeds.yaml"]


def test_watchlists_alone_need_at_least_one():
    with pytest.raises(ConfigError, match="no watchlist"):
        watchlists_of({})


def test_list_of_another_file_may_be_used_and_stands_once():
    lists = b"format: 1\nlists:\n  names: [NATO]\n"
    user = b"format: 1\ntopics: {A: {any: [{list: names}]}}\n"
    (topic,) = watchlists_of({"lists.yaml": lists, "z.yaml": user}).topics
    assert (Phrase(text="NATO"),) == topic.any
    with pytest.raises(ConfigError, match=r"z\.yaml:1:1"):
        watchlists_of({"lists.yaml": lists, "z.yaml": b"format: 1\n"})
    with pytest.raises(ConfigError) as raised:
        watchlists_of({"a.yaml": lists, "b.yaml": lists, "z.yaml": user})
    message = "b.yaml:3:3: list `names` stands in a.yaml:3 already; give it another name"
    assert [message] == list(map(str, raised.value.problems))


def test_list_that_an_unreadable_file_may_hold_is_not_called_unknown():
    files = {"a.yaml": b"lists: [", "b.yaml": b"format: 1\ntopics: {A: {any: [{list: names}]}}\n"}
    with pytest.raises(ConfigError) as raised:
        watchlists_of(files)
    assert [problem.file for problem in raised.value.problems] == ["a.yaml"]
