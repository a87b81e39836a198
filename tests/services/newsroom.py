"""One deployment in a test: articles come in, the desk folds, posts go out, all on the server."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.clock import Clock
from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group
from bot.bootstrap.app import App
from bot.bootstrap.ledger import correct_of, ledger_of
from bot.bootstrap.settings import Settings
from bot.domain.channels import CONSOLE, Alerts, Channel, Configuration
from bot.domain.people import Person
from bot.domain.posts import Brief, PostKey, PostKind
from bot.domain.quotes import Quote, Span, Speaker
from bot.domain.secrets import Secret
from bot.domain.watch import Match
from bot.services.deliver import Deliver
from tests.builders import NOW, make_article
from tests.recorders import RecordedSender
from tests.services.claiming import Entries

CONFIG = Configuration(
    channels=(Channel(to=CONSOLE, topics=("Bridge",), alerts=Alerts(from_score=3)),),
    people=(Person(name="Ivo Varga", aliases=("the minister",)), Person(name="Jens Holm")),
)


def printed(text: str, speaker: str | None = "Ivo Varga", *, role: str | None = None, **changes):
    """An article of one paragraph of other words, and one with the quote."""
    lead = changes.pop("lead", "Ministers met by the river on Friday to talk about the bridge.")
    body = f"{lead}\n\n“{text}” was said by {speaker or 'somebody'}."
    start = body.index(text)
    said = Speaker(text=speaker, name=speaker, role=role) if speaker else None
    quote = Quote(
        span=Span(start=start, end=start + len(text)),
        text=text,
        speaker=said,
        cue="said",
        confidence=0.95 if said else 0.0,
        rule="quote, said name",
    )
    values = {
        "id": "a1",
        "title": "Ministers meet about the bridge",
        "text": body,
        "quotes": (quote,),
        "matches": (Match(topic="Bridge", score=5),),
        "published": NOW,
        **changes,
    }
    values.setdefault("url", f"https://wire.example/{values['id']}")
    return make_article(**values)


class Newsroom:
    """The parts of one process, as the roles use them."""

    def __init__(
        self, redis, url: str, tag: str, clock: Clock, folder: Path, name: str = "one"
    ) -> None:
        settings = Settings(
            config_dir=folder / "config",
            data_dir=folder / name,
            redis_url=Secret(url),
            tag=tag.strip("{}"),
        )
        self.app = App(settings, CONFIG, redis, clock=clock)
        self.sender = RecordedSender(clock)
        self.ledger = ledger_of(self.app)
        self.correct = correct_of(self.app)
        self._deliver = Deliver(
            outbox=self.app.outbox,
            articles=self.app.articles,
            senders=lambda _: self.sender,
            clock=clock.now,
            corrections=self.app.corrections,
            tally=self.app.tally,
        )

    async def read(self, *articles) -> None:
        """Store what a reader made of articles, one minute apart."""
        entries = Entries(self.app.redis, self.app.keys, self.app.clock)
        for article in articles:
            await self.app.articles.append(await entries.claim(streams.ENTRIES), article)
            self.app.clock.advance(60)

    async def fold(self) -> None:
        """Have the desk fold everything there is."""
        if not await self.app.desk.renew():
            assert await self.app.desk.take_over()
        for found in await self.new(streams.ARTICLES):
            value = streams.record(found.claimed.id, found.fields)
            await self.app.desk.handle(found.claimed, value)

    async def deliver(self) -> None:
        """Bring everything that is wanted to its destination."""
        for found in await self.new(streams.DELIVERIES):
            await self._deliver(found.claimed, streams.delivery(found.claimed.id, found.fields))

    async def run(self) -> None:
        """Fold, deliver and index."""
        await self.fold()
        await self.deliver()
        await self.app.tail.catch_up()

    async def wanted(self, story: str = "a1") -> tuple[int, Brief]:
        """The console's post of a story: desired revision, and what is to be shown."""
        key = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=(story,))
        post = await self.app.outbox.post(key)
        return post.desired, post.brief

    async def new(self, stream: str):
        """What no consumer has had yet."""
        app = self.app
        group = Group(app.redis, app.keys, app.clock, stream, consumer=app.consumer)
        await group.ensure()
        return await group.read(100)


def speakers(brief: Brief) -> set[str | None]:
    """Who is shown beside the quotes of a brief."""
    return {quote.speaker for item in brief.items for quote in item.quotes}
