"""load: no doc is left out because the machine is busy."""

from __future__ import annotations

import gc

import pytest

from bot.bootstrap.loading import Loader
from bot.domain.errors import Recoverable
from tests.recorders import BusyPool
from tests.services.newsroom import Newsroom


class Here:
    """A pool that runs jobs here."""

    async def run(self, function, /, *args, **kwargs):
        return function(*args, **kwargs)

    async def close(self):
        """There is nothing to close."""


@pytest.fixture
def app(redis, server, tag, clock, tmp_path):
    return Newsroom(redis, server, tag, clock, tmp_path).app


async def load(app, *, busy):
    """Load a doc with so many jobs that the machine is too busy for."""
    app.__dict__["readers"] = BusyPool(Here(), times=busy)
    left_out = []
    loader = Loader(app, failed=lambda name, problem: left_out.append((name, problem)))
    await loader.add(name="d", title="", text="Snow fell.", outlet="", url="", published=None)
    return await loader.finish(), left_out


async def test_load_reads_a_doc_again_that_the_machine_was_too_busy_for(app):
    result, left_out = await load(app, busy=2)
    assert (result.loaded, left_out) == (1, [])


async def test_load_ends_rather_than_leave_a_doc_out(app):
    with pytest.raises(Recoverable, match="too busy"):
        await load(app, busy=3)


async def test_load_says_once_what_ended_many_docs(app, caplog):
    app.__dict__["readers"] = BusyPool(Here(), times=99)
    loader = Loader(app, failed=lambda name, problem: None)
    for name in "abc":
        await loader.add(name=name, title="", text="Snow.", outlet="", url="", published=None)
    with pytest.raises(Recoverable, match="too busy"):
        await loader.finish()
    gc.collect()
    assert "never retrieved" not in caplog.text
