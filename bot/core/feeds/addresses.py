"""Feed addresses as people write them → web addresses."""

from __future__ import annotations

import re

#: Schemes that mean "open this in a feed reader" or "in a podcast player"; http stands behind them.
_READERS = re.compile(r"(?:feed|itpc|pcast|podcast|rss|itms-pcast):(?://)?", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
#: ``wire.example/news``: a host with a dot, typed without a scheme.
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+(?::\d+)?(?:[/?#]|\Z)")


def web_address(written: str) -> str:
    """``written`` without a reader's scheme, and with ``https`` where it names none at all.

    ``feed:https://x`` and ``feed://x`` are one feed by two conventions. What is no address comes
    back as it is, for its reader to refuse.
    """
    address = written.strip()
    inner = _READERS.sub("", address, count=1) if _READERS.match(address) else None
    if inner is not None:
        return inner if _SCHEME.match(inner) else f"http://{inner.lstrip('/')}"
    if _HOST.match(address):
        return f"https://{address}"
    return address
