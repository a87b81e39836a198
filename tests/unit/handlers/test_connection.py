"""Slow and silent callers, on a real socket of loopback."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from time import process_time

import pytest
import uvicorn

from handlers.connection import Bounded, Phase

REQUEST = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
BEGUN = (b"", b"G", REQUEST[:-2], b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")


async def hello(scope, receive, send):
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"hi"})


@asynccontextmanager
async def serving(app=hello, *, receiving=0.4, answering=0.4, most=1000):
    limits = {Phase.RECEIVING: receiving, Phase.ANSWERING: answering}
    scaled = type("Scaled", (Bounded,), {"limits": limits, "most": most})
    bound = socket.create_server(("127.0.0.1", 0), backlog=512)
    config = uvicorn.Config(app, http=scaled, lifespan="off", log_config=None, ws="none")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup(sockets=[bound])
    try:
        yield bound.getsockname()[1], server.server_state.connections
    finally:
        server.force_exit = True
        await server.shutdown(sockets=[bound])


async def said(reader) -> bytes:
    """All that comes until the other side closes, however it does that."""
    try:
        return await reader.read()
    except ConnectionError:
        return b""


async def ask(port) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(REQUEST.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    answer = await said(reader)
    writer.close()
    return answer


@pytest.mark.parametrize("most", [1000, 100])
async def test_four_hundred_half_open_requests_end_while_an_honest_one_is_answered(most):
    async with serving(receiving=2.0, most=most) as (port, connections):
        started = process_time()
        callers = []
        for number in range(400):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(BEGUN[number % len(BEGUN)])
            callers.append((reader, writer))
        assert (await ask(port)).endswith(b"hi")
        assert len(connections) <= most
        assert set(await asyncio.gather(*(said(reader) for reader, _ in callers))) == {b""}
        assert not connections
        for _, writer in callers:
            writer.close()
        print(f"{process_time() - started:.2f} s of CPU for 400 callers and their server")


@pytest.mark.parametrize("begun", [b"", REQUEST])
async def test_a_byte_now_and_then_gains_no_time(begun):
    async with serving() as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(begun)
        if begun:
            assert (await reader.readuntil(b"hi")).startswith(b"HTTP/1.1 200")
        for byte in b"GET / HTTP/1.1\r\nHost: " + b"x" * 10_000:
            if reader.at_eof() or writer.is_closing():
                break
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
        assert await said(reader) == b""
        writer.close()


async def test_a_body_that_drips_on_behind_the_answer_ends_as_well():
    async def refuse(scope, receive, send):
        await send({"type": "http.response.start", "status": 401, "headers": []})
        await send({"type": "http.response.body", "body": b"no"})

    async with serving(refuse) as (port, connections):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n")
        while not connections:
            await asyncio.sleep(0)
        while connections:
            writer.write(b".")
            await asyncio.sleep(0.02)
        writer.close()


async def test_an_answer_that_nobody_reads_is_not_kept():
    async def large(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"." * 20_000_000})

    async with serving(large) as (port, connections):
        with socket.create_connection(("127.0.0.1", port)) as caller:
            caller.sendall(REQUEST)
            while not connections:
                await asyncio.sleep(0)
            while connections:
                await asyncio.sleep(0.01)


async def test_several_requests_on_one_connection_have_their_time_each():
    async with serving(receiving=5.0) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(5):
            writer.write(REQUEST[:9])
            await asyncio.sleep(0)
            writer.write(REQUEST[9:])
            assert (await reader.readuntil(b"hi")).startswith(b"HTTP/1.1 200")
        writer.write(REQUEST * 3)
        for _ in range(3):
            await reader.readuntil(b"hi")
        writer.close()


async def test_a_full_host_sends_the_longest_silent_away_and_nobody_it_answers():
    hold = asyncio.Event()

    async def slow(scope, receive, send):
        await hold.wait()
        await hello(scope, receive, send)

    async with serving(slow, receiving=300, answering=300, most=3) as (port, connections):
        silent = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        busy = [asyncio.create_task(ask(port)) for _ in range(3)]
        assert [await said(reader) for reader, _ in silent] == [b""] * 3
        while sum(each._phase is Phase.ANSWERING for each in connections) < 3:
            await asyncio.sleep(0)
        assert (await ask(port)).startswith(b"HTTP/1.1 503")
        hold.set()
        assert all(answer.endswith(b"hi") for answer in await asyncio.gather(*busy))
        for _, writer in silent:
            writer.close()


async def test_a_full_host_sends_away_who_reads_no_answer_before_it_turns_anybody_away():
    async def large(scope, receive, send):
        if scope["path"] == "/":
            await hello(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"." * 20_000_000})

    async with serving(large, receiving=300, answering=300, most=3) as (port, connections):
        deaf = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
        for each in deaf:
            each.sendall(REQUEST.replace(b" / ", b" /large "))
        while sum(each._phase is Phase.ANSWERING for each in connections) < 3:
            await asyncio.sleep(0)
        assert (await ask(port)).endswith(b"hi")
        for each in deaf:
            each.close()
