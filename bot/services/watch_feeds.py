"""watch feeds: the state of every feed → incidents → one living notice each to the admins.

A blind feed is told once, edited as it changes, and said to be well at the end; never one message
a poll. The incident is saved before its post is wanted, and wanted again with every look, so a
crash between the two loses nothing and doubles nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.notices import incident_brief, note_brief
from bot.core.feeds.blind import (
    DEFAULTS,
    DEPENDS,
    BlindLimits,
    cut_off,
    follow,
    may_be_silent,
    named_sources,
    trouble_of,
)
from bot.core.feeds.network import is_down
from bot.domain.channels import Configuration
from bot.domain.feeds import Feed, FeedState, Network
from bot.domain.incidents import Incident, Rhythm, Trouble, TroubleKind
from bot.domain.posts import DesiredPost, PostKey, PostKind
from bot.ports.news import FeedLog, FeedStore, Incidents
from bot.ports.work import Outbox
from bot.services.log import line, logger

_log = logger("feeds")

UNKNOWN = Rhythm()
#: Seconds between two looks, and what each feed adds to them: thousands are looked at less often.
EVERY, EACH = 50.0, 0.02
#: Feeds named in a line of the log.
_NAMED = 5


class WatchFeeds:
    """Tells the admins which feeds are blind."""

    def __init__(
        self,
        *,
        config: Callable[[], Configuration],
        store: FeedStore,
        log: FeedLog,
        incidents: Incidents,
        outbox: Outbox,
        clock: Callable[[], datetime],
        limits: BlindLimits = DEFAULTS,
    ) -> None:
        self._config = config
        self._store = store
        self._log = log
        self._incidents = incidents
        self._outbox = outbox
        self._clock = clock
        self._limits = limits

    async def look(self) -> int:
        """Look at every feed once, unless another process does; returns the open incidents."""
        config, now = self._config(), self._clock()
        if not await self._incidents.take_turn(EVERY + EACH * len(config.feeds)):
            return 0
        feeds = {feed.id: feed for feed in config.feeds}
        states = {
            feed_id: state
            for feed_id, (state, _) in (await self._store.states()).items()
            if feed_id in feeds
        }
        open_ones = await self._incidents.load()
        troubles = await self._troubles(feeds, states, now)
        network = await self._store.network()
        if is_down(network):
            known = {t.feed_id for one in open_ones for t in one.troubles if t.fixed is None}
            troubles = self._in_outage(troubles, known, feeds, states, network)
        troubles = await self._with_topics(config, troubles, now)
        followed = follow(open_ones, troubles, polled=feeds.keys(), now=now, limits=self._limits)
        before = {incident.id: incident for incident in open_ones}
        for incident in followed:
            await self._tell(config, incident, before.get(incident.id))
        await self._tell_notes(config, feeds, states, now)
        await self._incidents.forget_told(but=feeds)
        return sum(incident.is_open for incident in followed)

    def _in_outage(
        self,
        troubles: Mapping[str, Trouble],
        known: Collection[str],
        feeds: Mapping[str, Feed],
        states: Mapping[str, FeedState],
        network: Network,
    ) -> dict[str, Trouble]:
        """While our own network is down: what is told already stays told, nothing is added.

        Once that has lasted as long as a failure is waited out, all feeds are blind together.
        """
        kept = {
            feed_id: trouble
            for feed_id, trouble in troubles.items()
            if feed_id in known or trouble.kind is TroubleKind.HELD
        }
        doubts = (state.doubted for state in states.values() if state.doubted is not None)
        since = network.answered or min(doubts, default=None)
        if since is None or (network.now - since).total_seconds() < self._limits.failing:
            return kept
        return {feed_id: cut_off(feeds[feed_id], since=since) for feed_id in states} | kept

    async def _troubles(
        self,
        feeds: Mapping[str, Feed],
        states: Mapping[str, FeedState],
        now: datetime,
    ) -> dict[str, Trouble]:
        """Feed id → what is wrong with it, where something is."""
        quiet = [f for f, state in states.items() if may_be_silent(state, limits=self._limits)]
        rhythms = await self._log.rhythms(quiet)
        return {
            feed_id: trouble
            for feed_id, state in states.items()
            if (
                trouble := trouble_of(
                    feeds[feed_id],
                    state,
                    rhythms.get(feed_id, UNKNOWN),
                    now=now,
                    limits=self._limits,
                )
            )
        }

    async def _with_topics(
        self, config: Configuration, found: Mapping[str, Trouble], now: datetime
    ) -> dict[str, Trouble]:
        """Each with the topics it blinds."""
        matched = await self._log.topics(tuple(found), since=now - DEPENDS)
        return {
            feed_id: replace(
                trouble,
                topics=tuple(
                    sorted({*matched[feed_id], *named_sources(config.watchlists, trouble.name)})
                ),
            )
            for feed_id, trouble in found.items()
        }

    async def _tell(
        self, config: Configuration, incident: Incident, before: Incident | None
    ) -> None:
        """Save a change and want its post; the last word on an incident before it is forgotten."""
        if incident.is_open and incident != before:
            await self._incidents.save(incident)
        key = PostKey(
            kind=PostKind.NOTICE,
            destination=config.admin_channel or config.fallback,
            subject=("feeds", incident.id),
        )
        post = DesiredPost(key=key, revision=incident.revision, brief=incident_brief(incident))
        if await self._outbox.want(post):
            blind = [t.name for t in incident.troubles if t.fixed is None]
            named = ", ".join(blind[:_NAMED])
            _log.warning(line("feeds.incident", post=key, n=len(blind), blind=named))
        if not incident.is_open:
            await self._incidents.save(incident)

    async def _tell_notes(
        self,
        config: Configuration,
        feeds: Mapping[str, Feed],
        states: Mapping[str, FeedState],
        now: datetime,
    ) -> None:
        """What the admins should know of feeds that work, once each."""
        for feed_id, state in states.items():
            if state.notice is None or await self._incidents.told(feed_id) == state.notice:
                continue
            key = PostKey(
                kind=PostKind.NOTICE,
                destination=config.admin_channel or config.fallback,
                subject=("feed", feed_id),
            )
            brief = note_brief(feeds[feed_id], state.notice, made=now)
            known = await self._outbox.post(key)
            revision = 1 if known is None else known.desired + 1
            await self._outbox.want(DesiredPost(key=key, revision=revision, brief=brief))
            await self._incidents.tell(feed_id, state.notice)
