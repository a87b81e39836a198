"""The processes of the chaos: the product's roles and their server, which may die at any moment."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.adapters.redis_program import choose

ROOT = Path(__file__).parent.parent.parent
#: Bytes to which a full server is held, and those it has otherwise.
_FULL, _ROOM = "1mb", "256mb"


class Server:
    """A real server on a port of its own, with an append-only file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._program = choose(folder).path
        self._port = _free_port()
        self.url = f"redis://127.0.0.1:{self._port}/0"
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        options = f"--port {self._port} --bind 127.0.0.1 --appendonly yes --maxmemory {_ROOM}"
        self._process = subprocess.Popen(
            [self._program, *options.split(), "--save", "", "--dir", str(self._folder)],
            stdout=subprocess.DEVNULL,
        )
        await self.answers()

    async def answers(self) -> None:
        """Wait until it does."""
        async with Redis.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                except (RedisError, OSError):
                    await asyncio.sleep(0.05)
                else:
                    return

    async def suffer(self, what: str, seconds: float) -> None:
        """Let it be killed, terminated, frozen, full, or without its clients."""
        assert self._process is not None
        match what:
            case "kill" | "terminate":
                self._process.send_signal(signal.SIGKILL if what == "kill" else signal.SIGTERM)
                await asyncio.to_thread(self._process.wait)
                await asyncio.sleep(seconds)
                await self.start()
            case "freeze":
                self._process.send_signal(signal.SIGSTOP)
                await asyncio.sleep(seconds)
                self._process.send_signal(signal.SIGCONT)
            case "full":
                await self._configure(_FULL)
                await asyncio.sleep(seconds)
                await self._configure(_ROOM)
            case "disconnect":
                async with Redis.from_url(self.url) as client:
                    await client.client_kill_filter(_type="normal", skipme=True)

    async def _configure(self, most: str) -> None:
        async with Redis.from_url(self.url) as client:
            await client.config_set("maxmemory", most)

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait()


class Hands:
    """Starts the roles, and whatever ended is started again."""

    def __init__(
        self, names: tuple[str, ...], folder: Path, config: Path, environment: dict[str, str]
    ) -> None:
        self._folder = folder
        self._config = config
        self._environment = {**os.environ, **environment}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._names = names
        #: Name of a process → how often it ended by itself.
        self.ended: dict[str, int] = {}
        self.killed = 0

    def start(self) -> None:
        """Start what does not run."""
        for name in self._names:
            process = self._running.get(name)
            if process is not None and process.poll() is None:
                continue
            if process is not None and process.returncode != -signal.SIGKILL:
                self.ended[name] = self.ended.get(name, 0) + 1
            with self.log(name).open("ab") as log:
                arguments = [self._config, self._folder / name.replace(" ", "-"), name.split()[0]]
                self._running[name] = subprocess.Popen(
                    [sys.executable, "-m", "tests.chaos.role", *map(str, arguments)],
                    cwd=ROOT,
                    env=self._environment,
                    stdout=log,
                    stderr=log,
                )

    def log(self, name: str) -> Path:
        return self._folder / f"{name.replace(' ', '-')}.log"

    def kill(self, name: str) -> None:
        """``kill -9``; whoever supervises starts it again."""
        self._running[name].send_signal(signal.SIGKILL)
        self._running[name].wait()
        self.killed += 1

    async def freeze(self, name: str, seconds: float) -> None:
        process = self._running[name]
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        process.send_signal(signal.SIGCONT)

    async def stop(self) -> dict[str, int]:
        """End all by SIGTERM; returns what each ended with."""
        for process in self._running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        codes = {}
        for name, process in self._running.items():
            codes[name] = await asyncio.to_thread(process.wait)
        return codes

    def end(self) -> None:
        """Leave no process behind."""
        for process in self._running.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
