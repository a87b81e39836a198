"""The ticks of a scheduler when the clock is set."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.roles import set_right

NOON = datetime(2025, 4, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due", "then"),
    [
        (NOON + timedelta(hours=1), NOON),
        (NOON + timedelta(minutes=5), NOON + timedelta(minutes=5)),
        (NOON - timedelta(minutes=5), NOON - timedelta(minutes=5)),
    ],
    ids=["clock set back", "soon", "overdue"],
)
async def test_a_tick_waits_no_longer_than_its_interval(due, then):
    ticks = AsyncIOScheduler(timezone=UTC)
    ticks.start(paused=True)
    job = ticks.add_job(print, "interval", seconds=300, next_run_time=due)
    set_right(ticks, now=NOON)
    assert job.next_run_time == then
    ticks.shutdown(wait=False)
