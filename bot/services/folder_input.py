"""folder: the files of a configuration folder, as an input to the version in force.

    look (each half second) ─► at rest? ─► who wins, file by file (pure)
        ├─ apply ───► check ─► publish      a bad one is told, and changes nothing
        ├─ behind ──► write back            where the folder can be written
        └─ conflict ► told to both sides    nothing is taken

What a folder was last told, and what it last agreed on, is remembered by host and path, so a
restart neither repeats a word nor undoes an edit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.core.versions import Plan, diff_of, hash_of, hashes_of, known_place, reconcile
from bot.domain.channels import Destination
from bot.domain.errors import ConfigError, Unavailable
from bot.domain.posts import Brief, BriefKind, DesiredPost, PostKey, PostKind
from bot.domain.times import to_ms
from bot.domain.versions import EditStatus, FileDiff, Origin, Sight
from bot.ports.versions import Folder, Tell, Versions
from bot.services.admin import Admin
from bot.services.log import line, logger

_log = logger("folder")

#: Lines of a notice; the log has all of them.
_MOST_LINES = 40


@dataclass(slots=True, kw_only=True)
class _Look:
    """What one look at the folder came to."""

    agreed: dict[str, str]
    #: Nobody else published meanwhile.
    done: bool = True
    problems: list[str] = field(default_factory=list)
    #: People besides the folder's owner who ought to know.
    also: set[str] = field(default_factory=set)
    #: Files whose text in force could not be written back.
    behind: list[str] = field(default_factory=list)


class FolderInput:
    """Follows one folder."""

    def __init__(
        self,
        *,
        folder: Folder,
        versions: Versions,
        admin: Admin,
        clock: Callable[[], datetime],
        owner: Callable[[], Destination | None] = lambda: None,
        tell: Tell | None = None,
    ) -> None:
        """``owner`` is where notices go; without ``tell`` they are only logged."""
        self._folder = folder
        self._versions = versions
        self._admin = admin
        self._clock = clock
        self._owner = owner
        self._tell = tell
        self._seen: object = None
        self._settled: object = None

    async def begin(self) -> None:
        """Take the folder in at start, whatever it takes.

        Raises:
            ConfigError: nothing is in force and the files have problems.
            Unavailable: nothing is in force and there are no files.
        """
        while not await self._take_in():
            pass

    async def look(self) -> bool:
        """One look; returns whether there was something to do. Files at work are left to rest."""
        number = await self._versions.number()
        found = (await asyncio.to_thread(self._folder.stamp), number)
        if found == self._settled:
            return False
        rested, self._seen = found == self._seen, found
        if not rested:
            return False
        if await self._take_in():
            self._settled = found
        return True

    async def drift(self) -> tuple[FileDiff, ...]:
        """How the folder differs from what is in force; raises UsageError when nothing is yet."""
        number = await self._versions.number()
        force = await self._admin.files(number)
        here = await asyncio.to_thread(self._folder.read)
        return diff_of(here, force, old="this folder", new=f"version {number}, in force")

    async def pull(self) -> tuple[tuple[str, str], ...]:
        """Make the folder what is in force; a text of its own is kept aside.

        Returns name and what was done, for each file that differed. Raises Unavailable when the
        folder cannot be written.
        """
        number = await self._versions.number()
        force = await self._admin.files(number)
        here = await asyncio.to_thread(self._folder.read)
        known = await self._versions.sight(self._folder.place)
        sight = known or await self._guessed(here)
        agreed = dict(sight.agreed)
        done: list[tuple[str, str]] = []
        for name in sorted({*here, *force}):
            mine, theirs = here.get(name), force.get(name)
            if mine != theirs:
                said = "written" if theirs is not None else "deleted"
                if mine is not None and hash_of(mine) != agreed.get(name, ""):
                    aside = await asyncio.to_thread(self._folder.keep_aside, name, mine)
                    said += f"; your text is in {aside}"
                if not await asyncio.to_thread(self._folder.write, name, theirs, known=mine):
                    raise Unavailable(f"{name} is being edited: try again")
                done.append((name, said))
            agreed[name] = hash_of(theirs)
        # What it was told stays, so that the next look tells that it is over.
        now = Sight(agreed=tuple(agreed.items()), told=sight.told)
        await self._versions.remember(self._folder.place, now)
        return tuple(done)

    async def _take_in(self) -> bool:
        """Reconcile; False when another version came between."""
        # In this order: other processes may follow the same folder. What was agreed on may be
        # older than the version and the files, never newer, else an old text would be put back.
        known = await self._versions.sight(self._folder.place)
        number = await self._versions.number()
        force = await self._versions.files(number) if number else {}
        try:
            here = await asyncio.to_thread(self._folder.read)
        except Unavailable as error:
            if number == 0:
                raise
            agreed = dict(known.agreed) if known else {}
            await self._finish(known, _Look(agreed=agreed, problems=[str(error)]))
            return True
        if number == 0:
            return await self._first(here)
        if force is None:
            return False
        if self._folder.shipped and known is None:
            return True  # the starter files; somebody has written better ones
        sight = known or await self._guessed(here)
        plan = reconcile(here, force, agreed=dict(sight.agreed))
        look = _Look(agreed={**dict(sight.agreed), **plan.agreed})
        await self._conflicts(plan, here, force, look)
        await self._write_back(plan, here, look)
        await self._apply(plan, force, number, look)
        await self._finish(known, look)
        return look.done

    async def _first(self, here: Mapping[str, bytes]) -> bool:
        edited = await self._admin.put(
            here, {}, base=0, author=self._folder.place, origin=Origin.FILE
        )
        if edited is None:
            return False
        if edited.status is EditStatus.INVALID:
            raise ConfigError(edited.problems)
        agreed = tuple(hashes_of(here).items())
        await self._versions.remember(self._folder.place, Sight(agreed=agreed))
        return True

    async def _guessed(self, here: Mapping[str, bytes]) -> Sight:
        """What a folder that is seen for the first time is taken to have agreed on."""
        history = await self._versions.history()
        return Sight(agreed=tuple(known_place(here, history).items()))

    async def _apply(
        self, plan: Plan, force: Mapping[str, bytes], number: int, look: _Look
    ) -> None:
        if not plan.apply:
            return
        files = {**force, **{n: text for n, text in plan.apply.items() if text is not None}}
        for name, text in plan.apply.items():
            if text is None:
                files.pop(name, None)
        edited = await self._admin.put(
            files, force, base=number, author=self._folder.place, origin=Origin.FILE
        )
        if edited is None:
            look.done = False
        elif edited.status is EditStatus.INVALID:
            look.problems += map(str, edited.problems)
        else:
            look.agreed.update((name, hash_of(text)) for name, text in plan.apply.items())

    async def _write_back(self, plan: Plan, here: Mapping[str, bytes], look: _Look) -> None:
        for name, text in plan.write_back.items():
            try:
                written = await asyncio.to_thread(
                    self._folder.write, name, text, known=here.get(name)
                )
            except Unavailable as error:
                look.behind.append(name)
                _log.info(line("folder.behind", file=name, problem=error))
                continue
            if written:
                look.agreed[name] = hash_of(text)
                _log.info(line("folder.written_back", file=name))
            else:
                look.done = False

    async def _conflicts(
        self, plan: Plan, here: Mapping[str, bytes], force: Mapping[str, bytes], look: _Look
    ) -> None:
        if not plan.conflicts:
            return
        history = await self._versions.history()
        for name in plan.conflicts:
            last = next((each for each in history if name in each.changed), None)
            if last is not None:
                look.also.add(last.author)
            who = f" by {last.author} (version {last.number})" if last else ""
            look.problems.append(
                f"{name}: changed in {self._folder.place} and{who} since they last agreed;"
                " the version in force stays. `nato-brief watchlist pull` takes it over here and"
                " keeps the file's text aside; `nato-brief watchlist rollback` undoes the other"
            )
            (difference,) = diff_of(
                {name: force[name]} if name in force else {},
                {name: here[name]} if name in here else {},
                old="in force",
                new=self._folder.place,
            )
            look.problems += difference.lines

    async def _finish(self, before: Sight | None, look: _Look) -> None:
        """Tell what is new, each thing once, and remember."""
        told = hash_of("\n".join(look.problems).encode()) if look.problems else ""
        if told != (before.told if before else ""):
            await self._say(look)
        now = Sight(agreed=tuple(sorted(look.agreed.items())), told=told)
        if look.done and now != before:
            await self._versions.remember(self._folder.place, now)

    async def _say(self, look: _Look) -> None:
        if look.problems:
            for problem in look.problems:
                _log.error(line("folder.refused", problem=problem))
            headline = "Configuration not taken over: the last good version stays in force"
        else:
            _log.info(line("folder.fine", place=self._folder.place))
            headline = "Configuration taken over: the problems are gone"
        if self._tell is None:
            return
        notes = tuple(look.problems[:_MOST_LINES])
        if len(look.problems) > _MOST_LINES:
            notes += (f"… and {len(look.problems) - _MOST_LINES} more; the log has all of them",)
        now = self._clock()
        for to in sorted(self._whom(look)):
            subject = ("configuration", hash_of(self._folder.place.encode()))
            await self._tell(
                DesiredPost(
                    key=PostKey(kind=PostKind.NOTICE, destination=to, subject=subject),
                    revision=to_ms(now),
                    brief=Brief(kind=BriefKind.NOTICE, headline=headline, made=now, notes=notes),
                )
            )

    def _whom(self, look: _Look) -> set[Destination]:
        """The owner of the folder, and the people whose edits stand against it."""
        owner = self._owner()
        found = set() if owner is None else {owner}
        for author in look.also:
            name = author.rpartition("/")[2].rpartition(":")[2]
            if name.startswith("@"):
                found.add(Destination.parse(author))
        return found
