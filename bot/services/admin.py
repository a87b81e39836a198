"""admin: the configuration in force, changed by a form or by going back to an older version.

    text, base ─► who wins (pure) ─► check the whole configuration ─► publish if nobody was faster

A bad edit never replaces a good one, and nobody's edit is lost unseen: what others changed since
the form was opened comes back as a difference. Files are read by ``services.folder_input``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.core.config import version as hash_of_files
from bot.core.versions import Edit, diff_of, edit_wins, file_of, hashes_of
from bot.domain.errors import UsageError
from bot.domain.versions import Edited, EditStatus, FileDiff, Origin, Version
from bot.ports.versions import Check, Versions
from bot.services.log import line, logger

_log = logger("admin")

#: Tries to publish while others publish too.
_TRIES = 5


class Admin:
    """Changes what is in force, and tells what was."""

    def __init__(self, *, versions: Versions, check: Check, clock: Callable[[], datetime]) -> None:
        self._versions = versions
        self._check = check
        self._clock = clock

    async def number(self) -> int:
        """The version in force: what a form is opened with, and names as its ``base``."""
        return await self._versions.number()

    async def history(self) -> tuple[Version, ...]:
        """The versions that are stored, the newest first."""
        return await self._versions.history()

    async def text(self, kind: str, *, number: int | None = None) -> str:
        """A file's text, in force or in an older version; empty when it is not there."""
        at = await self._versions.number() if number is None else number
        return (await self.files(at)).get(file_of(kind), b"").decode("utf-8", "replace")

    async def files(self, number: int) -> dict[str, bytes]:
        """Name → content of a version.

        Raises:
            UsageError: it is not stored.
        """
        if not number:
            raise UsageError("there is no version yet: the first start of the bot makes one")
        found = await self._versions.files(number)
        if found is None:
            raise UsageError(
                f"version {number} is not stored: `nato-brief watchlist history` lists what is"
            )
        return found

    async def diff(self, old: int, new: int) -> tuple[FileDiff, ...]:
        """What changed from one version to another; raises UsageError like ``files``."""
        before, after = await self.files(old), await self.files(new)
        return diff_of(before, after, old=f"version {old}", new=f"version {new}")

    async def edit(self, kind: str, text: str, *, author: str, base: int) -> Edited:
        """Replace one file's text.

        Args:
            kind: ``feeds``, ``channels``, ``people`` or ``watchlists/NAME``.
            text: The whole new text.
            author: Who did it, as a destination (``slack:T1/@U0123``) where there is one.
            base: The version the text was made from.

        Raises:
            UsageError: ``kind`` is no file of the configuration.
        """
        name, content = file_of(kind), text.encode("utf-8", "replace")
        for _ in range(_TRIES):
            number = await self._versions.number()
            force = await self._versions.files(number) or {}
            before = await self._versions.files(base) or {}
            match edit_wins(content, base=before.get(name), force=force.get(name)):
                case Edit.UNCHANGED:
                    return Edited(status=EditStatus.UNCHANGED, version=number)
                case Edit.CONFLICT:
                    theirs = diff_of(
                        _only(name, before),
                        _only(name, force),
                        old=f"version {base}",
                        new=f"version {number}",
                    )
                    _log.warning(line("admin.conflict", file=name, author=author, version=number))
                    return Edited(status=EditStatus.CONFLICT, version=number, diff=theirs)
            edited = await self.put(
                {**force, name: content}, force, base=number, author=author, origin=Origin.CHAT
            )
            if edited is not None:
                return edited
        return Edited(status=EditStatus.CONFLICT, version=await self._versions.number())

    async def rollback(self, number: int, *, author: str, kind: str | None = None) -> Edited:
        """Bring an older version back, or only one file of it, as a new version.

        Raises:
            UsageError: the version is not stored, or ``kind`` is no file of the configuration.
        """
        for _ in range(_TRIES):
            wanted = await self.files(number)
            base = await self._versions.number()
            force = await self._versions.files(base) or {}
            if kind is not None:
                name = file_of(kind)
                others = {key: text for key, text in force.items() if key != name}
                wanted = {**others, **_only(name, wanted)}
            if wanted == force:
                return Edited(status=EditStatus.UNCHANGED, version=base)
            edited = await self.put(wanted, force, base=base, author=author, origin=Origin.ROLLBACK)
            if edited is not None:
                return edited
        return Edited(status=EditStatus.CONFLICT, version=await self._versions.number())

    async def put(
        self,
        files: Mapping[str, bytes],
        force: Mapping[str, bytes],
        *,
        base: int,
        author: str,
        origin: Origin,
    ) -> Edited | None:
        """Check ``files`` and put them in force; None when another version came between.

        Args:
            files: The whole configuration.
            force: The files of ``base``.
            base: The version in force as far as the caller knows.
            author: Who did it.
            origin: By what means.
        """
        diff = diff_of(force, files, old=f"version {base}", new=f"version {base + 1}")
        if problems := await self._check(files):
            _log.warning(line("admin.invalid", author=author, problems=len(problems)))
            return Edited(status=EditStatus.INVALID, version=base, problems=problems, diff=diff)
        version = Version(
            number=base + 1,
            author=author,
            at=self._clock(),
            origin=origin,
            base=base,
            changed=tuple(each.name for each in diff),
            hashes=tuple(hashes_of(files).items()),
            watchlists=hash_of_files(
                {name: text for name, text in files.items() if name.startswith("watchlists/")}
            ),
        )
        if not await self._versions.publish(version, files):
            return None
        changed = ",".join(version.changed)
        _log.info(line("admin.published", version=version.number, author=author, files=changed))
        return Edited(status=EditStatus.APPLIED, version=version.number, diff=diff)


def _only(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: files[name]} if name in files else {}
