"""``quote`` as a command, typed well and typed badly, on a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.connect import connect
from bot.bootstrap.settings import Settings
from bot.core.quotes.utterance import quote_id
from bot.domain.errors import Unavailable, UsageError
from bot.domain.secrets import Secret
from handlers.cli import quote
from handlers.cli.archive import ask
from tests.services.configuring import FEEDS, watchlist
from tests.services.newsroom import printed

SAID = "We will hold the bridge for as long as the river stands between us"
PART = "hold the bridge for as long as the river stands"
NAME = quote_id("a1", SAID)


@pytest.fixture
def empty(server, tag, tmp_path) -> Settings:
    """A deployment that has read nothing."""
    (tmp_path / "config/watchlists").mkdir(parents=True)
    (tmp_path / "config/feeds.yaml").write_text(FEEDS)
    (tmp_path / "config/people.yaml").write_text("format: 1\npeople:\n  - name: Jens Holm\n")
    (tmp_path / "config/watchlists/bridge.yaml").write_text(watchlist("bridge", topic="Bridge"))
    return Settings(
        config_dir=tmp_path / "config",
        data_dir=tmp_path / "data",
        redis_url=Secret(server),
        tag=tag.strip("{}"),
    )


@pytest.fixture
def settings(empty, server, keys) -> Settings:
    """A deployment with three articles of two outlets."""
    clock = Clock()

    async def prepare() -> None:
        redis = await connect(server)
        log = RedisArticleLog(redis, keys, clock)
        now = clock.now()
        for article in (
            printed(SAID, id="a1", outlet="Wire", published=now - timedelta(hours=1)),
            printed(PART, id="a2", outlet="Post", published=now),
            printed("This is a grave mistake of ours", "Jens Holm", id="a3", published=now),
        ):
            await log.load(article)
        await redis.aclose()

    asyncio.run(prepare())
    return empty


def find(settings: Settings, words: str, **changes) -> None:
    values = {"by": None, "since": None, "limit": 10, "as_json": False, **changes}
    quote.find(settings, words, **values)


def wrong(settings: Settings, name: str = NAME, **changes) -> None:
    values = {
        "said": None,
        "nobody": False,
        "by": "ada",
        "note": "",
        "as_written": False,
        "as_json": False,
        **changes,
    }
    quote.wrong(settings, name, **values)


@pytest.fixture
def told(capsys) -> Callable[..., object]:
    """What a command printed, as text, or as the one JSON object."""

    def told(*, as_json: bool = False) -> object:
        out = capsys.readouterr().out
        return json.loads(out) if as_json else out

    return told


def test_find_lists_entries_with_their_outlets(settings, told):
    find(settings, "bridge river")
    shown = told()
    assert NAME in shown
    assert "Ivo Varga" in shown
    assert "2 outlets" in shown
    find(settings, "", by="Holm", as_json=True)
    (entry,) = told(as_json=True)["entries"]
    assert (entry["speaker"], entry["text"]) == ("Jens Holm", "This is a grave mistake of ours")


def test_show_tells_every_source_in_full(settings, told):
    quote.show(settings, f" Quote #{NAME[:4].upper()}-{NAME[4:]} ", as_json=True)
    entry = told(as_json=True)
    assert [(s["outlet"], s["text"]) for s in entry["sources"]] == [("Wire", SAID), ("Post", PART)]
    assert entry["sources"][0]["rule"] == "quote, said name"
    assert entry["sources"][0]["end"] - entry["sources"][0]["start"] == len(SAID)
    quote.show(settings, NAME, as_json=False)
    assert "rule “quote, said name” · cue “said”" in told()


def test_wrong_right_and_corrections(settings, told):
    wrong(settings, said="Holm", note="read it\nout", as_json=True)
    correction = told(as_json=True)["correction"]
    assert (correction["said"], correction["by"], correction["note"]) == (
        "Jens Holm",
        "ada",
        "read it out",
    )
    quote.corrections(settings, as_json=False)
    assert "Not said by Ivo Varga but by Jens Holm: corrected by ada" in told()
    find(settings, "", by="Holm", as_json=True)
    assert NAME in [entry["id"] for entry in told(as_json=True)["entries"]]
    ask(settings, "what did Holm say about the bridge?", jsonl=False, share=None, as_json=True)
    first = told(as_json=True)["answer"][0]
    assert (first["speaker"], first["corrected"], first["quote"]) == (
        "Jens Holm",
        True,
        quote_id(first["doc_id"], first["text"]),
    )
    quote.right(settings, quote_id("a2", PART), by=None, as_json=False)
    assert told().startswith("Taken back: Not said by Ivo Varga")
    quote.corrections(settings, as_json=True)
    assert told(as_json=True) == {"corrections": []}


def test_nothing_found_says_so_and_names_who_may_be_meant(settings, told):
    with pytest.raises(SystemExit):
        find(settings, "bridge", by="Vargo")
    assert told() == "No quote with “bridge” by Vargo was found. Did you mean Ivo Varga?\n"


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (lambda s: quote.show(s, "bridge", as_json=False), "is no quote id"),
        (lambda s: quote.show(s, "abcdefgh", as_json=False), "no quote has the id abcdefgh"),
        (lambda s: wrong(s, "abcdefgh"), "quote find WORDS"),
        (lambda s: wrong(s, said="Hollm"), "Did you mean Jens Holm"),
        (lambda s: wrong(s, said="Holm", nobody=True), "exclude each other"),
        (lambda s: quote.right(s, NAME, by=None, as_json=False), "nothing was corrected"),
        (lambda s: find(s, " "), "say what to look for"),
        (lambda s: find(s, "bridge", since="soon"), "write 7d, 12h, 2w or a date"),
    ],
)
def test_what_is_mistyped_is_told_with_the_fix(settings, command, problem):
    with pytest.raises(UsageError, match=problem):
        command(settings)


def test_an_empty_archive_says_so(empty):
    for command in (lambda: find(empty, "bridge"), lambda: wrong(empty)):
        with pytest.raises(UsageError, match="holds no articles yet"):
            command()


def test_no_server_is_told(empty):
    away = Settings(
        config_dir=empty.config_dir,
        data_dir=empty.data_dir,
        redis_url=Secret("redis://127.0.0.1:1"),
        tag=empty.tag,
        patience=0.05,
    )
    with pytest.raises(
        Unavailable, match=r"cannot reach Redis at redis://127.0.0.1:1 within 0.05 s"
    ):
        wrong(away)
