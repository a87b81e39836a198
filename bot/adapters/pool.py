"""Worker processes for CPU work, over Pebble: a job that works too long is killed, not awaited.

What counts are the CPU seconds of the job: the kernel ends the worker that has used them up,
whatever it is doing, with a signal whose exit status tells. Seconds on the clock belong to the
machine; a far wider limit on them is for jobs that wait for something.

A worker that dies, is killed or has done its share is replaced. Workers are started afresh
(spawn), so they inherit no lock, socket or thread; they are niced, ignore Ctrl-C, which is for
their parent to handle, and end when it does.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

import pebble

from bot.domain.errors import Permanent, Recoverable, Unavailable

P = ParamSpec("P")
T = TypeVar("T")

#: prctl(2): have the kernel send us a signal when the thread that started us ends.
_PR_SET_PDEATHSIG = 1
#: Seconds on the clock that a job may take for each of its CPU seconds: a busy machine gives a
#: niced process a tenth of one, or less.
_WIDER = 10.0
#: Pools that break under one job before it is given up: a worker may have died between jobs.
_ATTEMPTS = 3


class ProcessPool:
    """Implements ``Pool``; workers start with ``warm`` or the first job."""

    def __init__(
        self,
        *,
        workers: int = 2,
        cpu: float = 10.0,
        wall: float | None = None,
        max_tasks: int = 1_000,
        memory: int | None = None,
        nice: int = 10,
    ) -> None:
        """Nothing is started yet.

        Args:
            workers: Processes.
            cpu: CPU seconds a job may use.
            wall: Seconds a job may take, waiting for a worker not counted; ten times ``cpu``
                unless given.
            max_tasks: Jobs after which a worker is replaced, against slow leaks.
            memory: Bytes of address space a worker may take beyond what it starts with; None for
                no limit.
            nice: Added to our own niceness.

        Raises:
            Unavailable: this machine gives processes no locks to share.
        """
        try:
            _Context().Lock()
        except OSError as error:
            raise Unavailable(
                f"worker processes share locks in /dev/shm: {error.strerror}; mount it, writable"
            ) from error
        self._workers = workers
        self._cpu = cpu
        self._wall = _WIDER * cpu if wall is None else wall
        self._max_tasks = max_tasks
        self._memory = memory
        self._nice = nice
        self._warming: tuple[Callable[[], object], ...] = ()
        self._pool: pebble.ProcessPool | None = None
        self._jobs: set[pebble.ProcessFuture[Any]] = set()
        self._closed = False

    def warm(self, function: Callable[[], object]) -> None:
        """Start the workers, each calling ``function`` before its first job.

        Replacements call it, too, and its time counts for no job. It has to be picklable.
        """
        self._warming += (function,)
        self._running()

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a job; see ``Pool``.

        Raises Recoverable also when the pool is closed meanwhile.
        """
        died = False
        for _ in range(_ATTEMPTS):
            pool = self._running()
            try:
                limited = (self._cpu, function, args, kwargs)
                job = pool.schedule(_call, args=limited, timeout=self._wall)
            except RuntimeError:  # broken since its last job
                await self._replace(pool)
                continue
            self._jobs.add(job)
            try:
                return cast("T", await asyncio.wrap_future(job))
            except BrokenProcessPool:
                await self._replace(pool)
            except asyncio.CancelledError:
                task = asyncio.current_task()
                if self._closed and task is not None and not task.cancelling():
                    raise _closed() from None
                raise
            except pebble.ProcessExpired as error:
                # Killed by its job, which does so again, or by anybody else.
                if died or error.exitcode == -signal.SIGPROF:
                    raise self._explained(error) from error
                died = True
            except (TimeoutError, MemoryError) as error:
                raise self._explained(error) from error
            finally:
                self._jobs.discard(job)
        raise Permanent("worker processes keep dying")

    async def close(self) -> None:
        """Stop the workers, whatever they are doing; returns when they are gone."""
        self._closed = True
        for job in tuple(self._jobs):
            job.cancel()  # type: ignore[no-untyped-call]
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()  # type: ignore[no-untyped-call]
            await asyncio.to_thread(pool.join)

    def _running(self) -> pebble.ProcessPool:
        """The pool, started."""
        if self._closed:
            raise _closed()
        if self._pool is None:
            parent = os.getpid()
            self._pool = pebble.ProcessPool(
                max_workers=self._workers,
                max_tasks=self._max_tasks,
                initializer=_begin,
                initargs=(parent, self._nice, self._memory, self._warming),
                context=_Context(),
            )
            _ = self._pool.active  # starts it
        return self._pool

    async def _replace(self, broken: pebble.ProcessPool) -> None:
        """Let go of a pool that broke; the next job starts another."""
        if self._pool is broken:
            self._pool = None
            broken.stop()  # type: ignore[no-untyped-call]
            await asyncio.to_thread(broken.join)

    def _explained(self, error: Exception) -> Exception:
        """What became of a job, as the error its caller gets."""
        if isinstance(error, pebble.ProcessExpired):
            if error.exitcode == -signal.SIGPROF:
                return Permanent(f"used more than {self._cpu:g} CPU seconds and was stopped")
            return Permanent(f"the worker process died ({_cause(error.exitcode)})")
        if isinstance(error, MemoryError):
            return Permanent("needed more memory than a worker may have")
        if error.args[:1] == ("Task timeout",):
            return Recoverable(
                f"took longer than {self._wall:g} s without using {self._cpu:g} CPU seconds, and"
                " was stopped: the machine is too busy"
            )
        return error  # the function's own TimeoutError


class _Process(SpawnProcess):
    """A process that never sees Ctrl-C, not even while it starts: it inherits the mask."""

    def start(self) -> None:
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            super().start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _Context(SpawnContext):
    Process = _Process


def _begin(
    parent: int, nice: int, memory: int | None, warming: tuple[Callable[[], object], ...]
) -> None:
    """Make this process a worker of ``parent``."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before we asked
            os._exit(0)
    # Pebble's own handler waits for the interpreter, which a job stuck in C never returns to.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(nice)
    if memory is not None:
        limit = _address_space() + memory
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for function in warming:
        # A worker that fails to start is started again for ever; the job will show the error.
        with contextlib.suppress(Exception):
            function()
    # What a worker starts with, it keeps: no garbage collection has to look at it again.
    gc.collect()
    gc.freeze()


def _address_space() -> int:
    """Bytes this process has mapped; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _call(
    cpu: float,
    function: Callable[..., T],
    args: tuple[object, ...],
    kwargs: Mapping[str, object],
) -> T:
    """Run a job in the worker; its error is made one that gets through to the parent."""
    # SIGPROF's default is to end the process, even one that never comes back from C.
    signal.setitimer(signal.ITIMER_PROF, cpu)
    try:
        return function(*args, **kwargs)
    except Exception as error:
        # One that cannot be unpickled would break the whole pool.
        if not _travels(error):
            raise Permanent(f"{type(error).__name__}: {error}") from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _travels(error: Exception) -> bool:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - whatever it is, it does not travel
        return False
    return True


def _cause(exit_code: int) -> str:
    """How a process ended: ``signal SIGKILL`` or ``exit code 3``."""
    if exit_code >= 0:
        return f"exit code {exit_code}"
    try:
        return f"signal {signal.Signals(-exit_code).name}"
    except ValueError:
        return f"signal {-exit_code}"


def _closed() -> Recoverable:
    return Recoverable("the worker processes are being stopped")
