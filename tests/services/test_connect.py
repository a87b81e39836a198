"""Connecting says what is wrong, and never the password."""

from __future__ import annotations

import pytest

from bot.adapters.redis.connect import connect, redacted
from bot.domain.errors import Unavailable


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://host:6379/0", "redis://host:6379/0"),
        ("redis://:s3cret@host:6379/0", "redis://host:6379/0"),
        ("rediss://user:s3/c@ret@host/0", "rediss://host/0"),
        ("unix:///a/b.sock?db=0&password=s3cret", "unix:///a/b.sock?db=0&password=***"),
    ],
)
def test_redacted_hides_the_password_wherever_it_stands(url, shown):
    assert redacted(url) == shown


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("redis://:s3cret@127.0.0.1:1/0", "at redis://127.0.0.1:1/0"),
        ("nonsense://:s3cret@host", "not a Redis URL: nonsense://host"),
        ("redis://:s3cret@host:port/0", "not a Redis URL: ***"),
    ],
)
async def test_connect_tells_the_place_and_not_the_password(url, place):
    with pytest.raises(Unavailable) as caught:
        await connect(url)
    assert place in str(caught.value)
    assert "s3cret" not in str(caught.value)


async def test_connect_reaches_the_server(server):
    client = await connect(server)
    assert await client.ping()
    await client.aclose()
