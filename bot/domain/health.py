"""Signs by which a monitor tells that news still arrive."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What was seen at one moment; ages in seconds."""

    #: Role, ``scheduler`` or ``worker``, → age of its last sign of life; a role never seen lacks.
    alive: Mapping[str, float] = field(default_factory=dict)
    #: Since when nobody has had the desk; 0 while somebody has it, None if nobody ever had.
    desk_free: float | None = None
    #: Consumer group → age of the oldest entry that it has not finished.
    oldest: Mapping[str, float] = field(default_factory=dict)
    #: Why the server takes no writes; None while it does.
    refused: str | None = None
    #: Memory of the server; None where it could not be measured.
    room: Room | None = None
    #: Bytes left on the disk of the data folder; None where that is not ours to look at.
    disk: int | None = None
    #: Feeds that were polled, and those of them whose last poll failed.
    feeds: int = 0
    failing: int = 0
    #: One sentence for each platform or channel that refuses what we post.
    parked: tuple[str, ...] = ()
