"""Recorded requests on a real server."""

from __future__ import annotations

import pytest

from bot.adapters.redis import streams
from bot.adapters.redis.bus import Group
from bot.adapters.redis.jobs import RedisJobs
from bot.domain.answers import Reply, ReplyOutcome, Searched
from bot.domain.channels import Destination
from bot.domain.jobs import ShareReply


@pytest.fixture
def jobs(redis, keys, clock):
    return RedisJobs(redis, keys, clock)


@pytest.fixture
async def submitted(redis, keys, clock):
    group = Group(redis, keys, clock, "jobs", consumer="c1")
    await group.ensure()

    async def read():
        return [streams.job(d.claimed.id, d.fields) for d in await group.read(10)]

    return read


def make_request(request_id="r1", **changes):
    reply = Reply(
        question="what did Rutte say?",
        outcome=ReplyOutcome.NOTHING,
        searched=Searched(articles=3),
    )
    values = {
        "request_id": request_id,
        "destination": Destination(platform="slack", workspace="T1", channel="#nato-desk"),
        "reply": reply,
        "requested_by": "Anna",
    }
    return ShareReply(**{**values, **changes})


async def test_submit_puts_the_request_on_jobs(jobs, submitted):
    await jobs.submit(make_request())
    assert await submitted() == [make_request()]


async def test_submit_takes_a_request_id_once(jobs, submitted):
    for request in (make_request(), make_request(requested_by="Ben"), make_request("r2")):
        await jobs.submit(request)
    assert await submitted() == [make_request(), make_request("r2")]


async def test_submit_takes_a_request_id_once_even_after_it_was_done(jobs, submitted):
    await jobs.submit(make_request())
    await submitted()
    await jobs.submit(make_request())
    assert await submitted() == []


async def test_submit_remembers_an_id_for_a_week(jobs, redis, keys):
    await jobs.submit(make_request())
    assert round(await redis.ttl(keys.guard("job:r1")) / 86_400) == 7
