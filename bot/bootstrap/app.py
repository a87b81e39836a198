"""One process of the product, built out of its parts on first use.

A scheduler never builds an index, a web host never starts a reader: what a role does not touch
is not there, and what is heavy (trafilatura, tantivy) is not even imported. ``open_app`` closes
what was built, clients before worker processes.
"""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cached_property, partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.adapters.clock import Clock
from bot.adapters.config_folder import ConfigFolder
from bot.adapters.console import ConsoleSender, Terminal
from bot.adapters.http import HttpFetcher, user_agent
from bot.adapters.pool import ProcessPool
from bot.adapters.redis.article_log import RedisArticleLog
from bot.adapters.redis.attempt import of_the_server
from bot.adapters.redis.connect import connect
from bot.adapters.redis.corrections import RedisCorrections
from bot.adapters.redis.dead_letters import RedisDeadLetters
from bot.adapters.redis.desk import RedisDesk
from bot.adapters.redis.digest_clock import RedisDigestClock
from bot.adapters.redis.feed_log import RedisFeedLog, RedisIncidents
from bot.adapters.redis.feed_store import RedisFeedStore
from bot.adapters.redis.hands import Hands
from bot.adapters.redis.inherit import Inherited, inherit
from bot.adapters.redis.jobs import RedisJobs
from bot.adapters.redis.keys import Keys
from bot.adapters.redis.looks import RedisLooks
from bot.adapters.redis.once import RedisOnce
from bot.adapters.redis.outbox import RedisOutbox
from bot.adapters.redis.page import PageSender
from bot.adapters.redis.page_store import RedisPageStore
from bot.adapters.redis.pulse import RedisPulse
from bot.adapters.redis.references import RedisReferences
from bot.adapters.redis.room import RedisRoom
from bot.adapters.redis.streams import GROUPS
from bot.adapters.redis.tally import RedisTally
from bot.adapters.redis.versions import RedisVersions
from bot.adapters.redis.waiting import RedisWaiting
from bot.adapters.teams import Connector, Session, TeamsSender, Tokens, WebhookSender
from bot.bootstrap.settings import PARSER_MEMORY, Settings
from bot.core.answers.passages import passages
from bot.core.config import problems_of
from bot.core.quotes.utterance import quote_id
from bot.domain.channels import PAGE, Configuration, Destination
from bot.domain.errors import Permanent, Problem, Unavailable
from bot.domain.news import Article, Entry
from bot.domain.posts import Post, PostKind
from bot.ports.work import Sender
from bot.services.admin import Admin
from bot.services.ask import Ask
from bot.services.converse import Converse
from bot.services.current import Current
from bot.services.deliver import Deliver
from bot.services.desk import DeskWorker
from bot.services.folder_input import FolderInput
from bot.services.freshness import Freshness
from bot.services.make_room import MakeRoom
from bot.services.pages import Pages
from bot.services.parking import Parking
from bot.services.poll import Poll
from bot.services.share import Share
from bot.services.shown_posts import ShownPosts
from bot.services.tail import Tail
from bot.services.watch_feeds import WatchFeeds
from bot.services.why import Why

if TYPE_CHECKING:
    from bot.adapters.index import TantivyIndex
    from bot.adapters.slack import SlackWorkspace
    from bot.adapters.slack.respond import Respond
    from bot.core.articles.read import ReadingRules
    from bot.services.look_again import LookAgain
    from bot.services.read import Read

#: Bytes a reader may take beyond what it starts with.
READER_MEMORY = 2 * 1024**3
#: CPU seconds that reading an entry, or checking a configuration, may take.
THINKING = 60.0
#: Parts that are made from one version of the configuration.
_OF_ONE_VERSION = ("rules", "read", "ask", "converse")
#: A poll's share of its interval by which it is moved, so that feeds do not fall due together.
JITTER = 0.1


class App:
    """The parts of one process, by name."""

    def __init__(
        self, settings: Settings, config: Configuration, redis: Redis, *, clock: Clock
    ) -> None:
        self.settings = settings
        self.redis = redis
        self.clock = clock
        self.keys = Keys(tag=f"{{{settings.tag}}}")
        #: The configuration in force; ``config`` until a version was published.
        self.current = Current(config, versions=self.versions)
        self.current.on_change(self._forget)
        self._polled = {feed.id: feed for feed in config.feeds}
        #: Unique per process; consumers and the desk's lease carry it.
        self.consumer = f"{os.uname().nodename}:{os.getpid()}:{os.urandom(3).hex()}"
        #: Shared by its consumer loops.
        self.hands = Hands()

    @property
    def config(self) -> Configuration:
        """What is in force now."""
        return self.current.config

    async def _forget(self) -> None:
        """Let what was built from an older configuration be built anew on its next use."""
        for name in _OF_ONE_VERSION:
            self.__dict__.pop(name, None)
        self._polled.clear()
        self._polled.update((feed.id, feed) for feed in self.config.feeds)

    # Stores.

    @cached_property
    def versions(self) -> RedisVersions:
        """Versions of the configuration."""
        return RedisVersions(self.redis, self.keys, self.clock)

    @cached_property
    def feeds(self) -> RedisFeedStore:
        """When feeds are due and what they showed."""
        polling = self.settings.polling
        return RedisFeedStore(
            self.redis,
            self.keys,
            self.clock,
            lease=self.settings.leases.feed,
            per_host=polling.per_host,
            resume_over=polling.resume_over,
            remembered=polling.remembered,
            remembered_most=polling.remembered_most,
        )

    @cached_property
    def feed_log(self) -> RedisFeedLog:
        """What feeds brought lately."""
        return RedisFeedLog(self.redis, self.keys, self.clock)

    @cached_property
    def digests(self) -> RedisDigestClock:
        """When digests fall due."""
        return RedisDigestClock(self.redis, self.keys, self.clock)

    @cached_property
    def articles(self) -> RedisArticleLog:
        """ARTICLES and KEPT."""
        return RedisArticleLog(self.redis, self.keys, self.clock)

    @cached_property
    def desk_store(self) -> RedisDesk:
        """Stories, channels and decisions."""
        return RedisDesk(self.redis, self.keys, self.clock, lease=self.settings.leases.desk)

    @cached_property
    def outbox(self) -> RedisOutbox:
        """Posts."""
        return RedisOutbox(self.redis, self.keys, self.clock, lease=self.settings.leases.post)

    @cached_property
    def waiting(self) -> RedisWaiting:
        """Posts that wait for a refused token or channel."""
        return RedisWaiting(self.redis, self.keys, self.clock)

    @cached_property
    def corrections(self) -> RedisCorrections:
        """What admins corrected about speakers."""
        return RedisCorrections(self.redis, self.keys, self.clock)

    @cached_property
    def tally(self) -> RedisTally:
        """How many quotes were not shown."""
        return RedisTally(self.redis, self.keys)

    @cached_property
    def shown(self) -> ShownPosts:
        """Posts as readers may see them now."""
        return ShownPosts(
            posts=self.outbox,
            articles=self.articles,
            corrections=self.corrections,
            tally=self.tally,
        )

    @cached_property
    def room(self) -> RedisRoom:
        """The server's memory."""
        return RedisRoom(self.redis, self.keys, self.clock, cap=self.settings.memory)

    @cached_property
    def jobs(self) -> RedisJobs:
        """Recorded requests."""
        return RedisJobs(self.redis, self.keys, self.clock)

    @cached_property
    def dead_letters(self) -> RedisDeadLetters:
        """What was given up."""
        return RedisDeadLetters(self.redis, self.keys, self.clock)

    @cached_property
    def pulse(self) -> RedisPulse:
        """Signs of life."""
        return RedisPulse(self.redis, self.keys, self.clock, groups=GROUPS)

    @cached_property
    def once(self) -> RedisOnce:
        """Requests that a chat platform may repeat."""
        return RedisOnce(self.redis, self.keys)

    @cached_property
    def index(self) -> TantivyIndex:
        """This host's index."""
        from bot.adapters.index import TantivyIndex

        return TantivyIndex(self.settings.data_dir / "index", passages=passages, quote_id=quote_id)

    # The outside world.

    @cached_property
    def fetcher(self) -> HttpFetcher:
        """HTTP, with the guard against private addresses."""
        return HttpFetcher(
            user_agent=user_agent(version=version("nato-brief"), contact=self.settings.contact),
            allow=self.settings.allow,
            proxy=self.settings.proxy.reveal() if self.settings.proxy else None,
        )

    @cached_property
    def parsers(self) -> ProcessPool:
        """Worker processes that parse feeds."""
        return ProcessPool(
            workers=self.settings.parsers, memory=PARSER_MEMORY, nice=self.settings.nice
        )

    @cached_property
    def readers(self) -> ProcessPool:
        """Worker processes that read entries."""
        return ProcessPool(
            workers=self.settings.readers,
            cpu=THINKING,
            memory=READER_MEMORY,
            nice=self.settings.nice,
        )

    @cached_property
    def console(self) -> ConsoleSender:
        """The terminal."""
        return ConsoleSender(Terminal(soft_wrap=True), self.clock.now)

    @cached_property
    def page(self) -> PageSender:
        """The page."""
        return PageSender(self.redis, self.keys, self.clock)

    @cached_property
    def slack(self) -> SlackWorkspace:
        """Slack channels and people; only where Slack is set up."""
        from bot.adapters.slack import SlackApi, SlackWorkspace

        slack = self.settings.slack
        assert slack is not None  # noqa: S101 - nobody asks for it without
        api = SlackApi(slack.bot_token, base_url=slack.api_url, proxy=self.settings.proxy)
        return SlackWorkspace(api, clock=self.clock.now)

    @cached_property
    def slack_respond(self) -> Respond:
        """Answers to buttons in Slack."""
        from bot.adapters.slack.respond import Respond

        slack = self.settings.slack
        assert slack is not None  # noqa: S101 - nobody asks for it without
        return Respond(api_url=slack.api_url, proxy=self.settings.proxy)

    @cached_property
    def references(self) -> RedisReferences:
        """Where the Teams app is installed."""
        return RedisReferences(self.redis, self.keys)

    @cached_property
    def teams_session(self) -> Session:
        """HTTP to Teams; a Teams on this machine is reached without the proxy."""
        local = self.settings.teams is not None and self.settings.teams.insecure
        proxy = None if local else self.settings.proxy
        return Session(proxy=proxy.reveal() if proxy else None)

    @cached_property
    def teams_tokens(self) -> Tokens | None:
        """What proves to Teams who we are; None where nothing has to be proven."""
        teams = self.settings.teams
        if teams is None or teams.secret is None:
            return None
        return Tokens(
            client_id=teams.client_id,
            secret=teams.secret,
            tenant=teams.tenant,
            session=self.teams_session,
        )

    @cached_property
    def connector(self) -> Connector:
        """Teams, called as the bot; only where Teams is set up."""
        return Connector(session=self.teams_session, tokens=self.teams_tokens)

    @cached_property
    def teams(self) -> TeamsSender:
        """Teams channels and chats; only where Teams is set up."""
        teams = self.settings.teams
        assert teams is not None  # noqa: S101 - nobody asks for it without
        return TeamsSender(
            self.connector, self.references, tenant=teams.tenant, clock=self.clock.now
        )

    @cached_property
    def webhooks(self) -> WebhookSender:
        """Workflows webhooks."""
        return WebhookSender(
            self.redis,
            self.keys,
            addresses=self.settings.webhooks,
            session=self.teams_session,
            clock=self.clock.now,
        )

    def sender(self, destination: Destination) -> Sender:
        """The sender of a destination; one without a token is shown on the terminal."""
        match destination.platform:
            case PAGE.platform:
                return self.page
            case "slack" if self.settings.slack is not None:
                return self.slack.sender(destination)
            case "teams" if self.settings.teams is not None:
                return self.teams
            case "webhook" if self.webhooks.knows(destination):
                return self.webhooks
        return self.console

    async def published(self, limit: int) -> tuple[Post, ...]:
        """What the page shows: its own posts and every channel's digests, the newest first."""
        posts = await self.shown.recent(limit=4 * limit)
        shown = [
            post
            for post in posts
            if post.handle and (post.key.destination == PAGE or post.key.kind is not PostKind.STORY)
        ]
        return tuple(shown[:limit])

    # Services.

    @cached_property
    def poll(self) -> Poll:
        """Polling, with this process's slots."""
        return Poll(
            feeds=self._polled,
            store=self.feeds,
            fetcher=self.fetcher,
            pool=self.parsers,
            clock=self.clock.now,
            jitter=lambda: random.uniform(-JITTER, JITTER),
            chance=random.random,
            settings=self.settings.polling,
            logins=self.settings.logins,
            of_the_server=of_the_server,
        )

    @cached_property
    def rules(self) -> ReadingRules:
        """What entries are read by."""
        from bot.core.articles.read import ReadingRules
        from bot.core.versions import reading_version

        return ReadingRules(
            version=reading_version(self.config.watchlists, self.config.people),
            watchlists=self.config.watchlists,
            people=self.config.people,
        )

    @cached_property
    def read(self) -> Read:
        """Reading."""
        from bot.services.read import Read

        return Read(
            articles=self.articles,
            feeds=self.feed_log,
            pages=self.pages,
            pool=self.readers,
            rules=self.rules,
            reading=self.reading,
            again=self.look_again.plan,
        )

    @cached_property
    def look_again(self) -> LookAgain:
        """Looks at pages again."""
        from bot.services.look_again import LookAgain

        return LookAgain(
            looks=RedisLooks(self.redis, self.keys, self.clock),
            articles=self.articles,
            decisions=self.desk_store.decisions,
            pages=self.pages,
            pool=self.readers,
            first=self.settings.pages.again,
        )

    @cached_property
    def reading(self) -> Callable[[Entry, bytes | None, ReadingRules], Article]:
        """What a reader does with an entry; brings trafilatura."""
        if self.settings.quote_model is None:
            from bot.core.articles.read import read

            return read
        from bot.core.articles.seconded import read_with

        return partial(read_with, model=self.settings.quote_model)

    async def check_quote_model(self) -> None:
        """Have a reader load the pipeline that gives the second opinion, if there is to be one.

        Raises UsageError when it cannot give any.
        """
        if self.settings.quote_model is not None:
            from bot.core.quotes.pipeline import prepare

            await self.readers.run(prepare, self.settings.quote_model)

    @cached_property
    def pages(self) -> Pages:
        """Pages of entries, fetched politely."""
        return Pages(
            fetcher=self.fetcher,
            store=RedisPageStore(self.redis, self.keys, self.clock),
            limits=self.settings.pages,
        )

    @cached_property
    def desk(self) -> DeskWorker:
        """The fold, active while this process has the lease."""
        return DeskWorker(
            owner=self.consumer,
            desk=self.desk_store,
            current=self.current,
            clock=self.clock.now,
            posts=self.outbox,
            articles=self.articles,
        )

    @cached_property
    def deliver(self) -> Deliver:
        """Delivery."""
        return Deliver(
            outbox=self.outbox,
            articles=self.articles,
            senders=self.sender,
            clock=self.clock.now,
            posted=Freshness(articles=self.articles, feeds=self.feed_log).posted,
            malformed=self.parking.tell_malformed,
            corrections=self.corrections,
            tally=self.tally,
        )

    @cached_property
    def parking(self) -> Parking:
        """Looks after posts whose token or channel is refused."""
        return Parking(
            config=lambda: self.config,
            outbox=self.outbox,
            waiting=self.waiting,
            clock=self.clock.now,
        )

    @cached_property
    def watch_feeds(self) -> WatchFeeds:
        """Tells the admins which feeds are blind."""
        return WatchFeeds(
            config=lambda: self.config,
            store=self.feeds,
            log=self.feed_log,
            incidents=RedisIncidents(self.redis, self.keys),
            outbox=self.outbox,
            clock=self.clock.now,
            limits=self.settings.blind,
        )

    @cached_property
    def make_room(self) -> MakeRoom:
        """Keeps the server within its memory."""
        return MakeRoom(room=self.room, outbox=self.outbox, config=lambda: self.config)

    @cached_property
    def share(self) -> Share:
        """Recorded requests to share a reply."""
        return Share(outbox=self.outbox, clock=self.clock.now)

    @cached_property
    def tail(self) -> Tail:
        """Keeps the index up to date."""
        return Tail(articles=self.articles, index=self.index)

    @cached_property
    def ask(self) -> Ask:
        """Answers questions."""
        return Ask(
            index=self.index,
            articles=self.articles,
            people=self.config.people,
            corrections=self.corrections,
            tally=self.tally,
        )

    @cached_property
    def why(self) -> Why:
        """Explains one article."""
        return Why(
            feeds=self.feeds,
            articles=self.articles,
            desk=self.desk_store,
            outbox=self.outbox,
            waiting=self.waiting,
            corrections=self.corrections,
            dead_letters=self.dead_letters,
        )

    @cached_property
    def converse(self) -> Converse:
        """Answers what a person typed, on any platform."""
        return Converse(
            ask=self.ask,
            why=self.why,
            outbox=self.shown,
            topics=[topic.name for topic in self.config.watchlists.topics],
        )

    # The configuration.

    @cached_property
    def checkers(self) -> ProcessPool:
        """A worker process that checks configurations: a hostile file costs it, not us.

        Not niced, since somebody waits for it.
        """
        return ProcessPool(workers=1, cpu=THINKING, memory=READER_MEMORY, nice=0)

    @cached_property
    def admin(self) -> Admin:
        """Changes of the configuration."""
        return Admin(versions=self.versions, check=self._check, clock=self.clock.now)

    @cached_property
    def folder(self) -> FolderInput:
        """The configuration folder of this process."""
        return FolderInput(
            folder=ConfigFolder(self.settings.config_dir, shipped=self.settings.shipped),
            versions=self.versions,
            admin=self.admin,
            clock=self.clock.now,
            owner=lambda: self.config.admin_channel,
            tell=self.outbox.want,
        )

    async def _check(self, files: Mapping[str, bytes]) -> tuple[Problem, ...]:
        try:
            return await self.checkers.run(problems_of, dict(files))
        except Permanent as error:
            return (Problem(file=".", message=f"the files cannot be checked: {error}"),)

    async def inherit(self) -> Inherited:
        """Take over from processes before this one, which are all known to be dead."""
        leases = self.settings.leases
        return await inherit(
            self.redis, self.keys, self.clock, idle=leases.entry, grace=leases.post / 3
        )

    async def close(self) -> None:
        """Close what was built."""
        built: Mapping[str, object] = self.__dict__
        if "index" in built:
            self.index.close()
        for name in ("fetcher", "teams_session"):
            if name in built:
                await getattr(self, name).close()
        for name in ("parsers", "readers", "checkers"):
            if name in built:
                await getattr(self, name).close()
        await self.redis.aclose()


@asynccontextmanager
async def open_app(
    settings: Settings,
    config: Configuration,
    url: str,
    *,
    clock: Clock | None = None,
    patience: float | None = None,
) -> AsyncIterator[App]:
    """An App on the server at ``url``, closed at the end.

    ``config`` counts only while no version is in force there. A server that is away is waited for
    ``patience`` seconds, those of the settings unless given.

    Raises:
        Unavailable: the server cannot be reached, or fails what is done in the block.
    """
    wait = settings.patience if patience is None else patience
    redis = await connect(url, patience=wait)
    app = App(settings, config, redis, clock=clock or Clock())
    try:
        await app.current.refresh()
        yield app
    except RedisError as error:
        raise Unavailable(f"the server failed: {error}") from error
    finally:
        await app.close()
