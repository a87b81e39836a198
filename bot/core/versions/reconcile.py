"""Who wins between a folder's files and the version in force, file by file.

    the file is as it was when both agreed
        and so is the version ──► nothing to do
        the version changed ────► the file is behind: write it back
    the file changed
        and the version did not ► apply it
        both, to the same text ─► they agree
        both, differently ──────► conflict: nothing is taken, both are told

"As it was" is by hash, never by time, so a restart undoes nothing. A file that is not there is a
text like any other, with the empty hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.versions.names import hash_of, hashes_of
from bot.domain.versions import Origin, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done about a folder."""

    #: Files that win: name → content, None for one that was deleted.
    apply: Mapping[str, bytes | None] = field(default_factory=dict)
    #: Files that are behind: name → content in force, None to delete it.
    write_back: Mapping[str, bytes | None] = field(default_factory=dict)
    #: Files that changed on both sides.
    conflicts: tuple[str, ...] = ()
    #: Name → hash of what both sides hold.
    agreed: Mapping[str, str] = field(default_factory=dict)


def reconcile(
    folder: Mapping[str, bytes], force: Mapping[str, bytes], *, agreed: Mapping[str, str]
) -> Plan:
    """Compare a folder with the files in force.

    Args:
        folder: Name → content as it lies there now.
        force: Name → content of the version in force.
        agreed: Name → hash of what both sides last agreed on; a name that is missing was on
            neither side.
    """
    apply: dict[str, bytes | None] = {}
    back: dict[str, bytes | None] = {}
    conflicts: list[str] = []
    same: dict[str, str] = {}
    for name in sorted({*folder, *force}):
        here, there = folder.get(name), force.get(name)
        known = agreed.get(name, "")
        if here == there:
            same[name] = hash_of(here)
        elif hash_of(here) == known:
            back[name] = there
        elif hash_of(there) == known:
            apply[name] = here
        else:
            conflicts.append(name)
    return Plan(apply=apply, write_back=back, conflicts=tuple(conflicts), agreed=same)


def known_place(folder: Mapping[str, bytes], history: Iterable[Version]) -> dict[str, str]:
    """What a folder never seen before is taken to have agreed on.

    A text that some version held is an old copy, not an edit: it agreed, and is behind. Any
    other is an edit of what a folder last gave; where chat has changed that file since, it will
    be a conflict.

    Args:
        folder: Name → content.
        history: Versions, the newest first.
    """
    versions = tuple(history)
    texts = hashes_of(folder)
    agreed: dict[str, str] = {}
    for name in sorted({*texts, *(n for version in versions for n, _ in version.hashes)}):
        held = [(version, dict(version.hashes).get(name, "")) for version in versions]
        here = texts.get(name, "")
        if any(here == text for _, text in held):
            agreed[name] = here
        else:
            from_files = (
                text
                for version, text in held
                if version.origin is Origin.FILE and name in version.changed
            )
            agreed[name] = next(from_files, "")
    return agreed


class Edit(StrEnum):
    """Whether an edit made from an older state may be taken."""

    APPLY = "apply"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"


def edit_wins(text: bytes, *, base: bytes | None, force: bytes | None) -> Edit:
    """What becomes of a form's ``text``.

    Args:
        text: As sent.
        base: The file's text in the version the form was opened with.
        force: Its text in the version in force now.
    """
    if text == force:
        return Edit.UNCHANGED
    return Edit.APPLY if base == force else Edit.CONFLICT
