"""The terminal as a destination when nobody reads it any more."""

from __future__ import annotations

import errno
import io
import os

import pytest

from bot.adapters.console import ConsoleSender, Terminal
from bot.domain.channels import CONSOLE
from bot.domain.errors import Recoverable
from bot.domain.posts import Brief, BriefKind, PostKey, PostKind
from tests.builders import NOW
from tests.recorders import begin

KEY = PostKey(kind=PostKind.STORY, destination=CONSOLE, subject=("a1",))
BRIEF = Brief(kind=BriefKind.ALERT, headline="NATO chief urges more", made=NOW)


async def test_a_broken_pipe_makes_posts_wait_each_time():
    read, write = os.pipe()
    with os.fdopen(write, "w") as pipe:
        sender = ConsoleSender(Terminal(file=pipe), lambda: NOW)
        await sender.send(KEY, BRIEF, begin)
        os.close(read)
        for _ in range(2):
            with pytest.raises(Recoverable, match="Broken pipe"):
                await sender.send(KEY, BRIEF, begin)
        # What is left in the buffer has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), write)


class FullDisk(io.StringIO):
    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_makes_posts_wait():
    sender = ConsoleSender(Terminal(file=FullDisk()), lambda: NOW)
    with pytest.raises(Recoverable, match="No space left"):
        await sender.edit(KEY, "m1", BRIEF, begin)
