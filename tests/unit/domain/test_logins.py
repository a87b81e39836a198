"""Logins of feeds, as variables say them."""

from __future__ import annotations

import pytest

from bot.domain.logins import Login, login_of, logins_in
from bot.domain.secrets import Secret


@pytest.mark.parametrize(
    ("text", "header", "value"),
    [
        ("basic me:pa:ss word", "Authorization", "Basic bWU6cGE6c3Mgd29yZA=="),
        ("Basic é:", "Authorization", "Basic w6k6"),
        (" bearer abc.def ", "Authorization", "Bearer abc.def"),
        ("header X-Api-Key: a b", "X-Api-Key", "a b"),
        ("header cookie:sid=1", "cookie", "sid=1"),
    ],
)
def test_a_login_is_one_header(text, header, value):
    assert login_of(text) == Login(header=header, value=Secret(value))


@pytest.mark.parametrize(
    "text",
    [
        *("", "me:password", "xoxb-1-2", "basic me", "bearer", "bearer a b", "bearer é"),
        *(
            "header X-Api-Key",
            "header a b: c",
            "header X: a\r\nY: b",
            "header Host: x",
            "header X: ",
        ),
    ],
)
def test_what_is_no_login_cannot_be_sent(text):
    assert login_of(text) is None


def test_logins_in_takes_only_what_is_one_and_shows_none():
    found = logins_in({"WIRE": "basic me:s3cret", "SLACK_BOT_TOKEN": "xoxb-1", "HOME": "/root"})
    assert set(found) == {"WIRE"}
    assert "s3cret" not in repr(found)
