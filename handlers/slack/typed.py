"""A message as Slack writes it → the line a person typed."""

from __future__ import annotations

import html
import re

#: ``<@U0123>`` and ``<@U0123|name>``; ``<!here>``; ``<#C0123|name>``; ``<https://…|shown>``.
_CALL = re.compile(r"<(?:@|!)[^<>]*>")
_CHANNEL = re.compile(r"<#[^<>|]*\|?([^<>]*)>")
_LINK = re.compile(r"<(https?://[^<>|]+)(?:\|[^<>]*)?>")


def typed(text: str) -> str:
    """The line without mentions, with addresses and signs as they were typed."""
    line = _CALL.sub(" ", text)
    line = _CHANNEL.sub(r"#\1", line)
    line = _LINK.sub(r"\1", line)
    return " ".join(html.unescape(line).split())
