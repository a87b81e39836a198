"""Dead letters on the real server: listed, shown, put back once, dropped; and what ``why`` says."""

from __future__ import annotations

import asyncio
import json

import pytest

from bot.adapters.clock import Clock
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.bus import Group, publish
from bot.adapters.redis.codec import encode
from bot.adapters.redis.connect import connect
from bot.adapters.redis.dead_letters import RedisDeadLetters
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.scripts import Scripts
from bot.adapters.redis.streams import ARTICLES, DELIVERIES, ENTRIES, JOBS
from bot.bootstrap.settings import Settings
from bot.core.feeds.identity import article_id
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import CONSOLE
from bot.domain.errors import UsageError
from bot.domain.jobs import ShareReply
from bot.domain.posts import PostKey, PostKind
from bot.domain.secrets import Secret
from bot.domain.stories import Action, Decision, Outcome, Reason
from bot.render.explanation import explanation_text
from bot.render.facts import facts
from bot.services.why import Why
from handlers.cli import archive, dlq
from tests.builders import NOW, make_article, make_entry
from tests.services.claiming import Entries
from tests.services.configuring import FEEDS, watchlist

URL = "https://wire.example/a1"
NAME = article_id(URL, title="", outlet="")
POST = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("s1",))


@pytest.fixture
def letters(redis, keys, clock) -> RedisDeadLetters:
    return RedisDeadLetters(redis, keys, clock)


@pytest.fixture
def give_up(redis, keys, clock):
    """Puts an entry on a stream, and gives it up."""

    async def kill(stream: str, fields: dict[str, str | bytes], problem: str = "a bug") -> None:
        group = Group(redis, keys, clock, stream, consumer="one")
        await group.ensure()
        await publish(Scripts(redis, clock), keys, stream, fields)
        (delivery,) = await group.read(1)
        await group.dead_letter(delivery.claimed, problem)

    return kill


def of_entry(**changes) -> dict[str, str | bytes]:
    entry = make_entry(article_id=NAME, url=URL, **changes)
    return {"rev": "2", "d": encode(entry), "_failed": "5", "_tries": "7"}


async def test_every_stream_gives_letters_that_can_be_read(letters, give_up, clock):
    await give_up(ENTRIES, of_entry(title="Bridge opens"))
    clock.advance(60)
    await give_up(ARTICLES, {"t": "a", "d": encode(make_article(id=NAME, title="Opened"))})
    clock.advance(60)
    await give_up(DELIVERIES, {"k": str(POST)}, "no such channel")
    clock.advance(60)
    request = ShareReply(
        request_id="r1",
        destination=CONSOLE,
        reply=Reply(outcome=ReplyOutcome.NOTHING, question="?", searched=Searched(articles=0)),
    )
    await give_up(JOBS, {"d": encode(request)})
    clock.advance(60)
    await give_up(DELIVERIES, {"k": "no key"})

    found = await letters.newest(10)
    assert [letter.stream for letter in found] == [DELIVERIES, JOBS, DELIVERIES, ARTICLES, ENTRIES]
    assert [letter.article_id for letter in found] == [None, None, None, NAME, NAME]
    assert (found[0].work, found[0].fields) == (None, {"k": "no key"})
    assert (found[1].work, found[2].work) == (request, POST)
    assert found[4].fields["title"] == "Bridge opens"
    assert found[2].problem == "no such channel"
    assert await letters.counts() == {"read": 1, "desk": 1, "deliver": 2, "jobs": 1}
    assert [letter.id for letter in await letters.newest(2)] == [each.id for each in found[:2]]
    assert await letters.letter(found[3].id) == found[3]


@pytest.mark.parametrize("name", ["", "entries", "entries:1-1", "nothing:1-1", "entries:x", "a:-"])
async def test_a_letter_that_never_was_is_none(letters, name):
    assert await letters.letter(name) is None


async def test_a_letter_is_put_back_once_as_if_for_the_first_time(
    letters, give_up, redis, keys, clock
):
    await give_up(ENTRIES, of_entry())
    (letter,) = await letters.newest(1)
    done = await asyncio.gather(*(letters.replay(letter) for _ in range(3)))
    assert sorted(done) == [False, False, True]

    found = await Group(redis, keys, clock, ENTRIES, consumer="two").read(10)
    assert [(each.failures, each.put_off, each.crashes) for each in found] == [(0, 0, 0)]
    assert {name for each in found for name in each.fields} == {b"rev", b"d"}
    assert await letters.newest(1) == ()


async def test_an_article_put_back_is_found_where_it_stands_longest(letters, redis, keys, clock):
    entries, log = Entries(redis, keys, clock), RedisArticleLog(redis, keys, clock)
    first = await log.append(await entries.claim(ENTRIES), make_article(id=NAME, url=URL))
    claimed = await entries.claim(ARTICLES, put=False)
    await entries.group(ARTICLES, "first").dead_letter(claimed, "a bug")
    clock.advance(60)
    (letter,) = await letters.newest(1)
    assert await letters.replay(letter)
    record = await log.latest(NAME)
    assert record is not None
    assert record.position > first


@pytest.fixture
def why(redis, keys, clock, letters) -> Why:
    return Why(
        feeds=RedisFeedStore(redis, keys, clock),
        articles=RedisArticleLog(redis, keys, clock),
        desk=RedisDesk(redis, keys, clock),
        outbox=RedisOutbox(redis, keys, clock),
        dead_letters=letters,
    )


async def test_why_tells_that_an_article_was_given_up_before_it_was_read(why, give_up):
    await give_up(ENTRIES, of_entry(), "took too long\x1b[2J")
    found = await why(URL)
    shown = explanation_text(found).plain
    assert "Never seen" not in shown
    assert "being read: took too long[2J" in shown
    assert f"`nato-brief dlq replay {found.given_up[0].id}`" in shown
    assert [name for name, _ in facts(found)] == ["Given up"]


async def test_why_tells_of_a_post_that_was_given_up(why, give_up, redis, keys, clock):
    entries, desk = Entries(redis, keys, clock), RedisDesk(redis, keys, clock)
    await RedisArticleLog(redis, keys, clock).append(
        await entries.claim(ENTRIES), make_article(id=NAME, url=URL)
    )
    decision = Decision(
        article_id=NAME,
        revision=1,
        story_id="s1",
        destination=CONSOLE,
        action=Action.ALERT,
        reason=Reason.FIRST_REPORT,
        at=NOW,
    )
    claimed = await entries.claim(ARTICLES, put=False)
    await desk.commit(await desk.lease("desk"), claimed, Outcome(decisions=(decision,)))
    await give_up(DELIVERIES, {"k": str(POST)}, "a bug in the sender")
    found = await why(URL)
    assert "being posted: a bug in the sender" in explanation_text(found).plain
    assert facts(found)[-1][0] == "Given up"


@pytest.fixture
def settings(server, tag, tmp_path) -> Settings:
    (tmp_path / "config/watchlists").mkdir(parents=True)
    (tmp_path / "config/feeds.yaml").write_text(FEEDS)
    (tmp_path / "config/watchlists/bridge.yaml").write_text(watchlist("bridge", topic="Bridge"))
    return Settings(
        config_dir=tmp_path / "config",
        data_dir=tmp_path / "data",
        redis_url=Secret(server),
        tag=tag.strip("{}"),
    )


@pytest.fixture
def given_up(server, keys) -> None:
    """Two entries, given up in this order."""

    async def prepare() -> None:
        redis, clock = await connect(server), Clock()
        group = Group(redis, keys, clock, ENTRIES, consumer="one")
        await group.ensure()
        for title in ("Bridge \x1b]0;evil\x07opens", "Bridge closes"):
            await publish(Scripts(redis, clock), keys, ENTRIES, of_entry(title=title))
            (delivery,) = await group.read(1)
            await group.dead_letter(delivery.claimed, "RuntimeError('a \x1b[31mbug')")
        await redis.aclose()

    asyncio.run(prepare())


def listed(settings: Settings, capsys) -> list[dict[str, str]]:
    dlq.show_list(settings, limit=50, as_json=True)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_list_shows_what_and_why_without_steering_the_terminal(settings, given_up, capsys):
    dlq.show_list(settings, limit=1, as_json=False)
    shown = capsys.readouterr().out
    assert "Bridge closes (https://wire.example/a1)" in shown
    assert "being read: RuntimeError('a [31mbug')" in shown
    assert "and 1 older" in shown
    newest, older = listed(settings, capsys)
    assert (newest["what"], newest["stream"]) == (f"Bridge closes ({URL})", "entries")
    dlq.show(settings, older["id"], as_json=False)
    shown = capsys.readouterr().out
    assert "title: Bridge ]0;evilopens" in shown
    assert "feed_id: " in shown
    assert "\x1b" not in shown


def test_list_says_that_there_is_nothing(settings, capsys):
    dlq.show_list(settings, limit=50, as_json=False)
    assert capsys.readouterr().out == "nothing was given up\n"


def test_replay_and_drop_say_what_they_did(settings, given_up, capsys):
    newest, older = listed(settings, capsys)
    dlq.replay(settings, [older["id"]], everything=False, as_json=False)
    assert f"put back: {older['id']}  Bridge ]0;evilopens" in capsys.readouterr().out
    with pytest.raises(UsageError, match="there is no dead letter"):
        dlq.replay(settings, [older["id"]], everything=False, as_json=False)
    dlq.drop(settings, (), everything=True, as_json=True)
    assert json.loads(capsys.readouterr().out) == {**newest, "done": "dropped"}
    assert listed(settings, capsys) == []


@pytest.mark.parametrize("deed", [dlq.replay, dlq.drop])
@pytest.mark.parametrize(("names", "everything"), [((), False), (("entries:1-1",), True)])
def test_nothing_is_done_without_saying_to_which(settings, deed, names, everything):
    with pytest.raises(UsageError, match="--all"):
        deed(settings, names, everything=everything, as_json=False)


def test_one_name_that_is_wrong_leaves_all_as_they_are(settings, given_up, capsys):
    before = listed(settings, capsys)
    with pytest.raises(UsageError):
        dlq.drop(settings, [before[0]["id"], "entries:1-1"], everything=False, as_json=False)
    assert listed(settings, capsys) == before


def test_why_of_a_given_up_article_is_no_failure(settings, given_up, capsys):
    archive.why(settings, URL, as_json=True)
    assert len(json.loads(capsys.readouterr().out)["given_up"]) == 2
