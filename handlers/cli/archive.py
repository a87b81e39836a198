"""``load``, ``ask`` and ``why``: commands on the archive, beside a running bot or alone."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any, TypeVar

from rich.console import Console

from bot.bootstrap.app import App, open_app
from bot.bootstrap.configuration import load_configuration
from bot.bootstrap.loading import Loader
from bot.bootstrap.server import server
from bot.bootstrap.settings import Settings
from bot.core.answers.lines import each_part
from bot.core.quotes.utterance import quote_id
from bot.domain.answers import Hit, Reply, ReplyOutcome
from bot.domain.channels import Configuration, Destination
from bot.domain.errors import BotError, ConfigError, Unavailable, UsageError
from bot.domain.explanations import Explanation
from bot.domain.jobs import ShareReply
from bot.domain.ledger import Utterance
from bot.domain.times import from_iso, iso
from bot.render.explanation import explanation_text
from bot.render.text import reply_text
from handlers.cli.docs import BadLine, Line, emit, lines_in, parse_doc, parse_line
from handlers.cli.lines import match_line
from handlers.cli.progress import counted

T = TypeVar("T")


def on_app(settings: Settings, work: Callable[[App], Awaitable[T]]) -> T:
    """Do ``work`` with an App on the server at hand.

    The folder's files matter only while no version of the configuration is in force.
    """
    problem: BotError | None = None
    try:
        config = load_configuration(settings)
    except (ConfigError, Unavailable) as error:
        config, problem = Configuration(), error

    async def opened(url: str) -> T:
        async with open_app(settings, config, url) as app:
            if problem is not None and app.current.number == 0:
                raise problem
            return await work(app)

    with server(settings) as url:
        return asyncio.run(opened(url))


def load(settings: Settings) -> None:
    """Put docs on standard input into KEPT; returns once this host's index has them."""

    async def work(app: App) -> None:
        def failed(name: str, problem: str) -> None:
            emit(BadLine(id=name, error=problem).line())

        loader = Loader(app, failed=failed)
        for text in counted(lines_in(), alone=True):
            doc = parse_doc(text)
            if isinstance(doc, BadLine):
                emit(doc.line())
                continue
            await loader.add(
                name=doc.id,
                title=doc.title,
                text=doc.text,
                outlet=doc.source,
                url=doc.url,
                published=doc.published,
            )
        result = await loader.finish()
        sys.stderr.write(f"{result.loaded:,} loaded, {result.known:,} already there\n")

    on_app(settings, work)


def ask(
    settings: Settings, question: str | None, *, jsonl: bool, share: str | None, as_json: bool
) -> None:
    """Answer one question for a person or a script, or many as JSONL."""
    if jsonl == (question is not None):
        raise UsageError("give a question in quotes, or --jsonl with questions on standard input")
    to = _destination(share)

    async def one(app: App) -> Reply:
        await app.tail.catch_up()
        reply = await app.ask(str(question), now=app.clock.now())
        if to is not None:
            request = ShareReply(request_id=os.urandom(8).hex(), destination=to, reply=reply)
            await app.jobs.submit(request)
        return reply

    async def many(app: App) -> None:
        await app.tail.catch_up()
        for text in counted(lines_in()):
            emit(await _answer_line(app, text))

    if jsonl:
        on_app(settings, many)
        return
    started = perf_counter()
    reply = on_app(settings, one)
    if as_json:
        emit(_reply_line("", reply, started))
    else:
        Console(soft_wrap=True).print(reply_text(reply))
        if to is not None:
            sys.stderr.write(f"It will be posted to {to} by the running bot.\n")
    if reply.outcome is ReplyOutcome.NOTHING:
        raise SystemExit(1)


def why(settings: Settings, url: str, *, as_json: bool) -> None:
    """Print everything the system knows about one article."""
    found = on_app(settings, lambda app: app.why(url))
    if as_json:
        emit(_explanation_line(found))
    else:
        Console(soft_wrap=True).print(explanation_text(found))
    if found.record is None and not found.given_up:
        raise SystemExit(1)


def _destination(written: str | None) -> Destination | None:
    try:
        return Destination.parse(written) if written else None
    except ValueError as error:
        raise UsageError(f"--share: {error}") from error


async def _answer_line(app: App, text: str) -> Line:
    started = perf_counter()
    given = parse_line(text, required=("id", "question"))
    if isinstance(given, BadLine):
        return given.line()
    try:
        now = from_iso(given["asked"]) if given.get("asked") else app.clock.now()
    except (ValueError, TypeError, AttributeError):
        return {"id": given["id"], "error": f'"asked" is no ISO 8601 time: {given["asked"]!r}'}
    return _reply_line(given["id"], await app.ask(given["question"], now=now), started)


def _reply_line(name: str, reply: Reply, started: float) -> Line:
    line: Line = {
        "id": name,
        "outcome": reply.outcome,
        "abstain": reply.outcome is not ReplyOutcome.ANSWER,
        "confidence": round(reply.confidence, 3),
        "answer": [
            {**_hit_line(part), "speaker": hit.speaker}
            for hit in reply.answer
            for part in each_part(hit)
        ],
        "results": [{**_hit_line(hit), "score": round(hit.score, 4)} for hit in reply.results],
        "ms": round((perf_counter() - started) * 1000, 1),
    }
    if not name:
        del line["id"]
        line["question"] = reply.question
        line["searched"] = {
            "articles": reply.searched.articles,
            "since": iso(reply.searched.since),
            "until": iso(reply.searched.until),
        }
    return line


def _hit_line(hit: Hit) -> dict[str, Any]:
    # The id by which an admin corrects a quote; a passage has none.
    named: dict[str, Any] = {}
    if hit.is_quote:
        named["quote"] = quote_id(hit.article_id, hit.text)
    if hit.corrected:
        named["corrected"] = True
    return {
        **named,
        "doc_id": hit.article_id,
        "start": hit.span.start,
        "end": hit.span.end,
        "text": hit.text,
    }


def _said_line(entry: Utterance) -> Line:
    source = entry.sources[0]
    return {
        "quote": entry.id,
        "text": source.quote.text,
        "speaker": entry.correction.said if entry.correction else source.quote.shown_speaker,
        "corrected": entry.correction is not None,
    }


def _explanation_line(found: Explanation) -> Line:
    article = found.record.article if found.record else None
    return {
        "url": found.url,
        "article": found.article_id,
        "record": None
        if article is None or found.record is None
        else {
            "stored": iso(found.record.stored),
            "outlet": article.outlet,
            "title": article.title,
            "published": iso(article.published),
            "seen": iso(article.first_seen),
            "revision": article.revision,
            "reason": article.reason,
            "text": article.state,
            "quotes": len(article.quotes),
            "said": [_said_line(entry) for entry in found.quotes],
            "matches": [match_line(match) for match in article.matches],
        },
        "feed": None
        if found.feed is None
        else {"last_success": iso(found.feed.last_success), "problem": found.feed.problem},
        "decisions": [
            {
                "at": iso(d.at),
                "story": d.story_id,
                "to": str(d.destination) if d.destination else None,
                "action": d.action,
                "reason": d.reason,
                "topic": d.topic,
                "score": d.score,
            }
            for d in found.decisions
        ],
        "posts": [
            {
                "to": str(p.key.destination),
                "status": p.status,
                "desired": p.desired,
                "sent": p.sent,
                "sent_at": iso(p.sent_at),
                "handle": p.handle,
            }
            for p in found.posts
        ],
        "given_up": [
            {"id": letter.id, "at": iso(letter.at), "problem": letter.problem}
            for letter in found.given_up
        ],
    }
