"""What errors say."""

from __future__ import annotations

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.domain.errors import cause


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            RedisConnectionError("Error 111 connecting to db:6379."),
            "ConnectionError: Error 111 connecting to db:6379.",
        ),
        (KeyError("brief"), "KeyError: 'brief'"),
        (TimeoutError(), "TimeoutError"),
        (OSError("https://a.example/rss?token=abc"), "OSError: https://a.example/rss?token=***"),
    ],
)
def test_the_cause_of_an_error_is_its_kind_and_what_it_says(error, said):
    assert cause(error) == said
