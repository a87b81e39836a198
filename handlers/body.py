"""The body of a request, up to a size."""

from __future__ import annotations

from fastapi import Request
from starlette.requests import ClientDisconnect


async def body_of(request: Request, *, most: int) -> bytes | None:
    """The bytes as they came, whatever their headers say; None when there are more than ``most``.

    A caller that hangs up has sent what it has sent; its answer goes nowhere.
    """
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                return None
    except ClientDisconnect:
        pass
    return bytes(body)
