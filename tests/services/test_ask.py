"""From stored articles to a checked answer, over the real log and the real index."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.adapters.clock import Clock
from bot.adapters.index import TantivyIndex
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.keys import Keys
from bot.core.answers.passages import passages
from bot.core.quotes.utterance import quote_id
from bot.domain.answers import Question, ReplyOutcome
from bot.domain.news import Article, Record
from bot.domain.people import Person
from bot.domain.quotes import Quote, Span, Speaker
from bot.services.ask import Ask
from bot.services.tail import Tail
from tests.builders import NOW, make_article
from tests.services.claiming import Entries

TEXT = (
    "Mark Rutte spoke in Brussels on Friday.\n\n"
    "“Article 5 holds for every ally on the map,” Rutte said, pointing at the wall."
)
SAID = "Article 5 holds for every ally on the map,"
PEOPLE = (
    Person(name="Mark Rutte", aliases=("the NATO chief",), since=date(2024, 10, 1)),
    Person(name="Marco Rubio"),
)


def make_said(**changes) -> Article:
    text = changes.get("text", TEXT)
    start = text.index(SAID)
    quote = Quote(
        span=Span(start=start, end=start + len(SAID)),
        text=SAID,
        speaker=Speaker(text="Rutte", name="Mark Rutte"),
        confidence=0.9,
    )
    return make_article(**{"text": text, "quotes": (quote,), **changes})


@pytest.fixture
def articles(redis: Redis, keys: Keys, clock: Clock) -> RedisArticleLog:
    return RedisArticleLog(redis, keys, clock)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[TantivyIndex]:
    opened = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    yield opened
    opened.close()


@pytest.fixture
def tail(articles: RedisArticleLog, index: TantivyIndex) -> Tail:
    return Tail(articles=articles, index=index)


@pytest.fixture
def ask(articles: RedisArticleLog, index: TantivyIndex) -> Ask:
    return Ask(index=index, articles=articles, people=PEOPLE)


async def test_ask_answers_from_what_was_just_loaded(articles, tail, ask):
    await articles.load(make_said())
    assert await tail.catch_up() == 1
    made = await ask("what did Rutte say about Article 5?", now=NOW)
    assert made.outcome is ReplyOutcome.ANSWER
    assert [(hit.text, hit.speaker) for hit in made.answer[:1]] == [(SAID, "Mark Rutte")]
    assert made.searched.articles == 1


async def test_ask_knows_a_person_by_title(articles, tail, ask):
    await articles.load(make_said())
    await tail.catch_up()
    made = await ask("what did the NATO chief say about Article 5?", now=NOW)
    assert made.answer[0].speaker == "Mark Rutte"


async def test_ask_shows_a_quote_whose_speaker_is_not_sure_without_a_name(articles, tail, ask):
    (quote,) = make_said().quotes
    await articles.load(make_said(quotes=(replace(quote, confidence=0.4),)))
    await tail.catch_up()
    made = await ask("who said Article 5 holds for every ally?", now=NOW)
    assert {hit.speaker for hit in made.answer if hit.is_quote} == {None}


async def test_ask_says_honestly_that_somebody_else_said_nothing(articles, tail, ask):
    await articles.load(make_said())
    await tail.catch_up()
    made = await ask("what did Rubio say about Article 5?", now=NOW)
    assert made.outcome is not ReplyOutcome.ANSWER
    assert not any(hit.is_quote for hit in made.answer)


async def test_ask_says_what_was_searched_when_it_found_nothing(articles, tail, ask):
    await articles.load(make_said())
    await tail.catch_up()
    made = await ask("who won the chess match in Baku?", now=NOW)
    assert (made.outcome, made.answer, made.searched.until) == (ReplyOutcome.NOTHING, (), NOW)


async def test_ask_withholds_what_is_not_in_the_stored_article(articles, index, tail, ask):
    await articles.load(make_said(id="a2", published=NOW - timedelta(days=3)))
    await tail.catch_up()
    forged = make_said(id="a1", text="Not stored: “" + SAID + "” Mark Rutte said.")
    index.add([Record(position="1-0", stored=NOW, article=forged)], index.checkpoint)
    made = await ask("what did Rutte say about Article 5?", now=NOW)
    assert {hit.article_id for hit in (*made.answer, *made.results)} == {"a2"}


async def test_ask_takes_any_text(ask):
    for text in ("", "???", "\ud800 \0", '"(', "what did " * 300):
        assert (await ask(text, now=NOW)).outcome is ReplyOutcome.NOTHING


async def test_tail_indexes_an_edited_article_anew(articles, tail, ask):
    await articles.load(make_said())
    await tail.catch_up()
    await articles.load(make_said(text=TEXT + " He left."))
    assert await tail.catch_up() == 1
    made = await ask("what did Rutte say about Article 5?", now=NOW)
    assert {hit.revision for hit in made.answer} == {2}


async def test_tail_has_nothing_to_do_twice(articles, tail):
    await articles.load(make_said())
    assert [await tail.catch_up(), await tail.catch_up()] == [1, 0]


async def test_tail_waits_for_the_process_that_writes(articles, tail, tmp_path):
    other = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    assert other.take_over()
    await articles.load(make_said())
    waiting = asyncio.create_task(tail.catch_up())
    assert await Tail(articles=articles, index=other).catch_up() == 1
    assert await waiting == 0
    other.close()


async def test_tail_takes_over_from_a_process_that_ends(articles, tail, tmp_path):
    other = TantivyIndex(tmp_path, passages=passages, quote_id=quote_id)
    assert other.take_over()
    await articles.load(make_said())
    waiting = asyncio.create_task(tail.catch_up())
    await asyncio.to_thread(other.close)
    assert await waiting == 1


class Ending(RedisArticleLog):
    """A log that stops the loop at its end; its server may be away at first."""

    away = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.stop = asyncio.Event()

    async def tail(
        self, after: Mapping[str, str], *, limit: int
    ) -> tuple[dict[str, str], tuple[Record, ...]]:
        if self.away:
            self.away = False
            raise RedisConnectionError("gone")
        found = await super().tail(after, limit=limit)
        if not found[1]:
            self.stop.set()
        return found


@pytest.mark.parametrize("away", [False, True], ids=["there", "away at first"])
async def test_tail_follows_until_it_is_stopped(redis, keys, clock, index, away: bool):
    articles = Ending(redis, keys, clock)
    articles.away = away
    await articles.load(make_said())
    await Tail(articles=articles, index=index).run(articles.stop)
    assert index.extent().articles == 1


async def test_tail_forgets_with_the_streams(redis, keys, clock, articles, index):
    entries = Entries(redis, keys, clock)
    tail = Tail(articles=articles, index=index)
    for number in range(3):
        claimed = await entries.claim("entries")
        await articles.append(claimed, make_article(id=f"a{number}", text="The harbour is open."))
        await tail.catch_up()
        clock.advance(1)
    first = (await redis.xrange(keys.stream("articles"), count=1))[0][0]
    await redis.xdel(keys.stream("articles"), first)  # as trimming does
    await tail.forget()
    found = index.search(Question(text="harbour", words=("harbour",)), limit=9)
    assert {hit.article_id for hit in found} == {"a1", "a2"}


async def test_ask_shows_an_utterance_whole_where_she_said_parts_it(articles, tail, ask):
    halves = ("Article 5 holds for every ally,", "but ammunition is short until the summer.")
    text = f"“{halves[0]}” Mark Rutte said, “{halves[1]}”"
    quotes = tuple(
        Quote(
            span=Span(start=text.index(half), end=text.index(half) + len(half)),
            text=half,
            speaker=Speaker(text="Mark Rutte", name="Mark Rutte"),
            confidence=0.9,
            group=0,
        )
        for half in halves
    )
    await articles.load(make_article(text=text, quotes=quotes))
    await tail.catch_up()
    made = await ask("what did Rutte say about ammunition?", now=NOW)
    assert [hit.text for hit in made.answer] == [halves[1]]
    assert [(part.text, part.span.of(text)) for part in made.answer[0].parts] == [
        (half, half) for half in halves
    ]
