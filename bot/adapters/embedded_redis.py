"""The embedded server: a real Valkey or Redis on a private socket in the data directory.

One data directory has one server. Whoever gets its lock starts it and stops it; whoever comes
while it answers attaches. The server inherits the lock, so that the lock lives as long as the
server does. A server whose owner was killed shuts down cleanly: at once on Linux, elsewhere when
the next process finds it.

    lock         held by the server and its owner          owner.lock   held by its owner alone
    users.lock   shared by all who attached                run.lock     held by the one ``run``
"""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.adapters.files import free_bytes
from bot.adapters.redis_program import Engine, choose, read_record, record
from bot.domain.errors import Unavailable, UsageError

_log = logging.getLogger("nato_brief.embedded")

#: Seconds to wait for the lock, and for a server to answer.
PATIENCE: Final = 30.0
#: Bytes its data may take, unless told otherwise.
MAXMEMORY: Final = 512 * 1024**2
#: The longest socket path every system takes.
_SUN_PATH: Final = 100
_LOG_BYTES: Final = 1_000_000
#: Bytes left on a disk that is full.
_FULL: Final = 1024**2
#: Asks Linux for SIGTERM at the owner's death, then becomes the server. A program of its own
#: because code between fork and exec may hang in a process with threads.
_TIED_TO_OWNER: Final = """
import ctypes, os, signal, sys
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""


class EmbeddedRedis:
    """The server of one data directory, started or attached to."""

    def __init__(
        self,
        data_dir: Path | str,
        *,
        binary: str | None = None,
        maxmemory: int = MAXMEMORY,
        patience: float = PATIENCE,
    ) -> None:
        self._dir = Path(data_dir).expanduser().resolve()
        #: What the admin named; then nothing else is tried.
        self._binary = binary
        self._maxmemory = maxmemory
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._owner: int | None = None
        self._users: int | None = None
        self._socket: Path | None = None
        self._died: str | None = None

    @property
    def started(self) -> bool:
        """Whether the server is ours to stop."""
        return self._process is not None

    def start(self, *, own: bool = False) -> str:
        """Start the server or attach to it; returns its URL.

        Call it from the main thread: Linux ties the server's life to the thread that starts it.

        Args:
            own: never attach; wait until a one-shot command's server is gone, then start one.

        Raises:
            Unavailable: no usable server program, or the lock stayed held while nothing answered.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("start the embedded server from the main thread")
        self._dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._dir.chmod(0o700)
        deadline = time.monotonic() + self._patience
        while True:
            self._lock = _try_lock(self._dir / "lock", fcntl.LOCK_EX)
            if self._lock is not None:
                return self._launch(self._lock)
            written = read_record(self._dir)
            if written is not None and _ours(written.socket):
                if self._orphaned():
                    _shut_down(written.socket)
                elif not own and self._attach(written.socket):
                    return f"unix://{written.socket}"
            if time.monotonic() > deadline:
                raise Unavailable(self._why_locked())
            time.sleep(0.02)

    @property
    def died(self) -> str | None:
        """How a watched server ended that nobody had stopped, in words; None while all is well."""
        return self._died

    def watch(self, died: Callable[[], None]) -> None:
        """Have ``died`` called, from a thread, when our server ends before it is stopped."""
        process = self._process
        if process is None:
            return

        def wait() -> None:
            code = process.wait()
            if self._process is process:  # else it is being stopped
                how = signal.Signals(-code).name if code < 0 else f"exit code {code}"
                self._died = f"{how}; its log is {self._dir / 'redis.log'}"
                died()

        threading.Thread(target=wait, name="embedded server", daemon=True).start()

    def stop(self) -> None:
        """Stop the server if it is ours, once nobody else uses it; else only let go of it.

        Waits for those who attached, no longer than for the lock.
        """
        process = self._process
        if process is not None:
            if process.poll() is None:
                self._wait_for_users()
            self._process = None
            process.terminate()
            try:
                process.wait(self._patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if self._socket is not None and self._socket.parent != self._dir:
                shutil.rmtree(self._socket.parent, ignore_errors=True)
        for held in (self._users, self._owner, self._lock):
            if held is not None:
                os.close(held)
        self._users = self._owner = self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _attach(self, socket: Path) -> bool:
        """Keep a running server from stopping under us; False when it does not answer."""
        users = _try_lock(self._dir / "users.lock", fcntl.LOCK_SH)
        if users is None:
            return False  # its owner is about to stop it
        if _answer(socket):
            self._users = users
            return True
        os.close(users)
        return False

    def _orphaned(self) -> bool:
        """Whether the owner died; a process id would not tell across containers."""
        owner = _try_lock(self._dir / "owner.lock", fcntl.LOCK_SH)
        if owner is None:
            return False
        os.close(owner)
        return True

    def _wait_for_users(self) -> None:
        deadline, told = time.monotonic() + self._patience, False
        while self._users is None and time.monotonic() < deadline:
            self._users = _try_lock(self._dir / "users.lock", fcntl.LOCK_EX)
            if self._users is None:
                if not told:
                    _log.warning("embedded.in_use waits_at_most=%g", self._patience)
                told = True
                time.sleep(0.05)

    def _launch(self, lock: int) -> str:
        try:
            self._owner = _lock(self._dir / "owner.lock")
            engine = choose(self._dir, self._binary)
            self._socket = self._place_socket()
            self._process = self._spawn(engine, lock, self._socket)
            self._wait_until_ready(self._process, self._socket)
            record(self._dir, engine, self._socket)
        except BaseException as error:
            if self._process is not None:
                self._process.kill()
            self.stop()
            left = free_bytes(self._dir)
            if isinstance(error, OSError | Unavailable) and left is not None and left < _FULL:
                # The server could not even write down what is wrong.
                full = f"no server can be started: the disk of {self._dir} is full: make room"
                raise Unavailable(full) from error
            raise
        return f"unix://{self._socket}"

    def _place_socket(self) -> Path:
        socket = self._dir / "redis.sock"
        if len(os.fsencode(socket)) > _SUN_PATH:
            socket = Path(tempfile.mkdtemp(prefix="nb-")) / "redis.sock"
        socket.unlink(missing_ok=True)
        return socket

    def _spawn(self, engine: Engine, lock: int, socket: Path) -> subprocess.Popen[bytes]:
        log = self._dir / "redis.log"
        if log.exists() and log.stat().st_size > _LOG_BYTES:
            log.replace(self._dir / "redis.log.1")
        conf = {
            "port": "0",
            "unixsocket": _quoted(socket),
            "unixsocketperm": "700",
            "dir": _quoted(self._dir),
            "logfile": _quoted(log),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": '""',
            "databases": "1",
            "maxmemory": str(self._maxmemory),
            "maxmemory-policy": "noeviction",
        }
        command = [engine.path, "-"]
        if sys.platform == "linux":
            command = [sys.executable, "-I", "-S", "-c", _TIED_TO_OWNER, str(os.getpid()), *command]
        process = subprocess.Popen(  # noqa: S603 - the program is the admin's or our package's
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[lock],
            # Ctrl-C must reach the bot alone: it drains first, then stops the server.
            start_new_session=True,
        )
        if process.stdin is not None:
            with process.stdin as stdin:
                stdin.write("".join(f"{key} {value}\n" for key, value in conf.items()).encode())
        return process

    def _wait_until_ready(self, process: subprocess.Popen[bytes], socket: Path) -> None:
        deadline = time.monotonic() + self._patience
        while not (answer := _answer(socket)):
            if answer is None:  # what it has to load may be much
                deadline = time.monotonic() + self._patience
            if process.poll() is not None or time.monotonic() > deadline:
                log = self._dir / "redis.log"
                tail = log.read_text("utf-8", "replace").splitlines()[-3:] if log.exists() else []
                raise Unavailable("the embedded server did not start: " + " / ".join(tail))
            time.sleep(0.005)

    def _why_locked(self) -> str:
        written = read_record(self._dir)
        return (
            f"another process ({written.owner if written else 'unknown'}) holds the server in "
            f"{self._dir}; stop it, or use another --data-dir"
        )


class RunLock:
    """Lets one ``run`` at a time use a data directory."""

    def __init__(self, data_dir: Path | str) -> None:
        self._dir = Path(data_dir).expanduser().resolve()
        self._lock: int | None = None

    def acquire(self) -> None:
        """Take the lock; it is given back by ``release``, or by the death of the process.

        Raises:
            UsageError: another ``run`` has it.
        """
        self._dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = _try_lock(self._dir / "run.lock", fcntl.LOCK_EX)
        if self._lock is None:
            raise UsageError(
                f"nato-brief is already running on {self._dir}; stop it, or use another --data-dir"
            )

    def release(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _try_lock(path: Path, kind: int) -> int | None:
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def _lock(path: Path) -> int:
    """Wait for a lock that others hold for an instant only."""
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _ours(socket: Path) -> bool:
    try:
        about = socket.stat()
    except OSError:
        return False
    return stat.S_ISSOCK(about.st_mode) and about.st_uid == os.getuid()


def _client(socket: Path) -> redis.Redis:
    return redis.Redis(
        unix_socket_path=str(socket),
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )


def _answer(socket: Path) -> bool | None:
    """Whether it answers; None while it loads its data."""
    with _client(socket) as client:
        try:
            client.ping()
        except redis.BusyLoadingError:
            return None
        except redis.RedisError:
            return False
    return True


def _shut_down(socket: Path) -> None:
    with _client(socket) as client, suppress(redis.RedisError):
        client.execute_command("SHUTDOWN")


def _quoted(path: Path) -> str:
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
