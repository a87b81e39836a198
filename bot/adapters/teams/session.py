"""One HTTP session for every call to Teams, made at the first one."""

from __future__ import annotations

import aiohttp


class Session:
    """Gives the session; ``close`` ends it."""

    def __init__(self, *, proxy: str | None = None) -> None:
        self._proxy = proxy
        self._opened: aiohttp.ClientSession | None = None

    def __call__(self) -> aiohttp.ClientSession:
        """The session; must be called where an event loop runs."""
        if self._opened is None or self._opened.closed:
            # A connection kept open may be closed at the other end just when a card leaves on it,
            # and nobody could say whether the card arrived.
            self._opened = aiohttp.ClientSession(
                proxy=self._proxy, connector=aiohttp.TCPConnector(force_close=True)
            )
        return self._opened

    async def close(self) -> None:
        """Close what was opened."""
        if self._opened is not None:
            await self._opened.close()
