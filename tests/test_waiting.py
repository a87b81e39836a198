"""Tests wait for what happens, as ``tests/waiting.py`` does; none counts seconds of the wall."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent

COUNTS_SECONDS = {
    "asyncio.timeout",
    "asyncio.wait_for",
    "monotonic",
    "perf_counter",
    "time.monotonic",
    "time.perf_counter",
}
#: What may be given a ``timeout``: another program's own option, none of ours.
WAITS = {"wait", "communicate", "run", "check_call", "check_output"}

#: Where seconds are the subject: at least so many pass, or somebody gives up or dies meanwhile.
MAY_COUNT = {
    "services/test_consume.py",
    "services/test_embedded_redis.py",
    "services/test_pages.py",
    "services/test_pool.py",
    # Somebody else's network: without an answer the test is skipped.
    "acceptance/npm.py",
}


def counts(node: ast.AST) -> bool:
    """Whether it is a call that a busy machine may answer otherwise."""
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func)
    limited = any(keyword.arg == "timeout" for keyword in node.keywords)
    return name in COUNTS_SECONDS or (limited and name.rpartition(".")[2] in WAITS)


def test_no_test_counts_seconds():
    files = [
        file
        for file in HERE.rglob("*.py")
        if file.relative_to(HERE).parts[0] not in {"benchmarks", "chaos"}
        and str(file.relative_to(HERE)) not in MAY_COUNT
    ]
    found = [
        f"{file.relative_to(HERE)}:{node.lineno}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if counts(node)
    ]
    assert found == []
