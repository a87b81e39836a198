"""What Slack sends to a bot, as Slack writes and signs it."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from tests.builders import NOW

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
TEAM = "T0000001"
_triggers = count(1)


def signed(
    body: str, *, secret: str = SECRET, now: datetime = NOW, age: int = 0, **headers: str
) -> dict[str, str]:
    """Headers of a request with ``body`` that was signed ``age`` seconds before ``now``."""
    at = str(int(now.timestamp()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=at, body=body)
    kind = "application/json" if body[:1] in "{[" else "application/x-www-form-urlencoded"
    return {
        "content-type": kind,
        "x-slack-request-timestamp": at,
        "x-slack-signature": signature or "",
        **headers,
    }


def command(text: str, **changes: str) -> dict[str, str]:
    """A slash command."""
    values = {
        "command": "/nato-brief",
        "text": text,
        "team_id": TEAM,
        "channel_id": "C0000001",
        "user_id": "U0000001",
        "user_name": "ann",
        "response_url": "http://127.0.0.1:9/",
        "trigger_id": f"1.2.{next(_triggers)}",
    }
    return {**values, **changes}


def press(action: dict[str, Any], response_url: str, **changes: Any) -> dict[str, Any]:
    """The press of a button in an answer."""
    values = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "desk"},
        "user": {"id": "U0000001", "username": "ann"},
        "channel": {"id": "C0000001", "name": "nato-desk"},
        "actions": [{**action, "block_id": "b", "action_ts": "1.2"}],
        "trigger_id": f"1.2.{next(_triggers)}",
        "response_url": response_url,
    }
    return {**values, **changes}


def event(kind: str, text: str, *, team: str = TEAM, **changes: Any) -> dict[str, Any]:
    """A mention or a message."""
    inner = {"type": kind, "text": text, "user": "U0000001", "channel": "C0000001", "ts": "17.5"}
    return {
        "type": "event_callback",
        "team_id": team,
        "event_id": f"Ev-{kind}",
        "event": {**inner, **changes},
        "authorizations": [{"team_id": team, "user_id": "U0000BOT", "is_bot": True}],
    }


def as_form(payload: dict[str, str]) -> str:
    return urlencode(payload)


def as_interaction(payload: dict[str, Any]) -> str:
    return urlencode({"payload": json.dumps(payload)})
