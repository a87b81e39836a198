"""desk: the one active consumer of ARTICLES folds each record into stories, posts and decisions.

    lease ─► load state ─► for each record in stream order: fold (pure) ─► commit (one script)

The configuration changes where a control record says so, never between two records, so that the
same records give the same decisions. A standby asks for the lease each second. The commit checks
the fencing token, so a desk that lost its lease without noticing writes nothing; it then steps
back and starts from stored state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.core.briefs.check import quoted
from bot.core.briefs.corrected import amended
from bot.core.quotes.corrections import corrections_of
from bot.core.stories.fold import WINDOW, apply, fold, fold_correction, fold_digest
from bot.core.stories.place import Stories
from bot.domain.errors import LostOwnership
from bot.domain.jobs import Claimed
from bot.domain.ledger import SpeakerCorrected
from bot.domain.news import Record
from bot.domain.stories import Action, DeskState, DigestDue, Outcome
from bot.domain.times import from_ms
from bot.domain.versions import ConfigurationChanged
from bot.ports.ledger import RecentPosts
from bot.ports.news import ArticleLog
from bot.ports.work import Desk
from bot.services.current import Current
from bot.services.log import line, logger

_log = logger("desk")

#: What may come before the desk.
_Value = Record | DigestDue | ConfigurationChanged | SpeakerCorrected
#: Posts, the newest, among which those that show a corrected quote are looked for.
_AMENDED_AMONG = 1_000
#: Records known to be kept.
_REMEMBERED = 10_000


class DeskWorker:
    """Holds the fold's state while it holds the lease."""

    def __init__(
        self,
        *,
        owner: str,
        desk: Desk,
        current: Current,
        clock: Callable[[], datetime],
        posts: RecentPosts | None = None,
        articles: ArticleLog | None = None,
    ) -> None:
        """``posts`` are those that a corrected speaker is taken off beyond the stories held.

        ``articles`` keep the records that posts quote.
        """
        self._owner = owner
        self._desk = desk
        self._posts = posts
        self._articles = articles
        #: Positions of quoted records that are kept.
        self._kept: set[str] = set()
        self._current = current
        #: What the records folded so far left in force; not what is current elsewhere.
        self._config = current.config
        self._clock = clock
        self._token = 0
        self._state = DeskState()
        #: The stories of the state, indexed; rebuilt at every take-over, so it never strays.
        self._stories = Stories()

    async def take_over(self) -> bool:
        """Become the active desk if nobody else is; state is then what was last committed."""
        self._token = await self._desk.lease(self._owner)
        if not self._token:
            return False
        # The clock only bounds what is loaded; what the fold does depends on the records alone.
        self._state = await self._desk.load(since=self._clock() - 2 * WINDOW)
        self._stories = Stories.of(self._state)
        version, self._config = await self._current.at(self._state.configuration)
        _log.info(
            line(
                "desk.active",
                owner=self._owner,
                token=self._token,
                version=version,
                n=len(self._state.stories),
            )
        )
        return True

    async def renew(self) -> bool:
        """Keep the lease; False when it has gone to another."""
        return self._token != 0 and await self._desk.lease(self._owner) == self._token

    async def release(self) -> None:
        """Let a standby take over at once."""
        await self._desk.release(self._owner)
        self._token = 0

    async def handle(self, claimed: Claimed, value: _Value) -> None:
        """Fold one record and commit; raises LostOwnership when the lease or entry has gone."""
        config = self._config
        if isinstance(value, ConfigurationChanged):
            # Before the commit: a version that cannot be had now is tried again, not passed over.
            _, config = await self._current.at(value.version)
            outcome = Outcome(configuration=value.version)
        elif isinstance(value, SpeakerCorrected):
            outcome = await self._correct(claimed, value)
        else:
            outcome = self._fold(claimed, value)
        await self._keep_quoted(outcome)
        try:
            await self._desk.commit(self._token, claimed, outcome)
        except LostOwnership:
            self._token = 0
            raise
        self._state = apply(self._state, outcome)
        self._config = config
        if outcome.story is not None:
            self._stories.put(outcome.story)
        self._say(value, outcome)

    async def _keep_quoted(self, outcome: Outcome) -> None:
        """Keep what posts quote of articles that match nothing: those that match are kept."""
        if self._articles is None:
            return
        if len(self._kept) > _REMEMBERED:
            self._kept.clear()
        for position in sorted(quoted(post.brief for post in outcome.posts) - self._kept):
            record = await self._articles.at(position)
            if record is not None and not record.article.matches:
                await self._articles.keep(record)
            self._kept.add(position)

    def _fold(self, claimed: Claimed, value: Record | DigestDue) -> Outcome:
        if isinstance(value, DigestDue):
            return fold_digest(
                self._state,
                value,
                stored=_stored(claimed),
                config=self._config,
                stories=self._stories,
            )
        return fold(self._state, value, self._config, stories=self._stories)

    async def _correct(self, claimed: Claimed, value: SpeakerCorrected) -> Outcome:
        """The fold of a correction; digests and older posts that show the quote go out again."""
        outcome = fold_correction(
            self._state,
            value,
            stored=_stored(claimed),
            config=self._config,
            stories=self._stories,
        )
        if self._posts is None:
            return outcome
        known = {post.key for post in outcome.posts}
        others = await self._posts.recent(limit=_AMENDED_AMONG)
        more = amended(
            (post for post in others if post.key not in known),
            corrections_of(self._state.corrections),
            corrections_of(outcome.corrections or ()),
        )
        return replace(outcome, posts=(*outcome.posts, *more))

    def _say(self, value: _Value, outcome: Outcome) -> None:
        if isinstance(value, SpeakerCorrected):
            held = value.correction is not None
            _log.info(line("desk.speaker", quote=value.id, held=held, posts=len(outcome.posts)))
            return
        if isinstance(value, ConfigurationChanged):
            _log.info(line("desk.configuration", version=value.version))
            return
        if isinstance(value, DigestDue):
            if outcome.posts:
                _log.info(line("desk.digest", to=value.destination, slot=value.slot))
            return
        for decision in outcome.decisions:
            if decision.action is not Action.NONE:
                _log.info(
                    line(
                        "desk.decided",
                        article=decision.article_id,
                        story=decision.story_id,
                        to=decision.destination,
                        action=decision.action,
                        reason=decision.reason,
                    )
                )


def _stored(claimed: Claimed) -> datetime:
    """When a control record was stored."""
    return from_ms(int(claimed.id.partition("-")[0]))
