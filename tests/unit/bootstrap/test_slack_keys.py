"""Doctor tells a key of the wrong kind, and a bot that nobody can ask."""

from __future__ import annotations

import pytest

from bot.bootstrap.examine import slack_keys
from bot.bootstrap.slack import slack_settings

RIGHT = {
    "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
    "SLACK_APP_TOKEN": "xapp-1-A-2-abc",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
}


def found(keys):
    return slack_keys(slack_settings(keys.get))


def test_keys_of_the_right_kind_say_how_slack_is_heard():
    (transport,) = found(RIGHT)
    assert (transport.ok, transport.said) == (True, "hears by Socket Mode and signed HTTP")


def test_a_rotated_token_is_one():
    assert all(f.ok for f in found({**RIGHT, "SLACK_BOT_TOKEN": "xoxe.xoxb-1-abc"}))


def test_a_bot_that_nobody_can_ask_is_told():
    (transport,) = found({"SLACK_BOT_TOKEN": "xoxb-1-2-abc"})
    assert "answers nobody" in transport.said
    assert "SLACK_APP_TOKEN" in transport.said


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-1-2-abc"),
        ("SLACK_BOT_TOKEN", "xapp-1-A-2-abc"),
        ("SLACK_APP_TOKEN", "xoxb-1-2-abc"),
        ("SLACK_SIGNING_SECRET", "xoxb-1-2-abc"),
        ("SLACK_SIGNING_SECRET", "0123456789abcdef"),
    ],
)
def test_a_key_of_another_kind_is_named_and_not_shown(name, value):
    wrong = [f for f in found({**RIGHT, name: value}) if not f.ok]
    assert [f.said.split()[0] for f in wrong] == [name]
    assert value not in wrong[0].said
