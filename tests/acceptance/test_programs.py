"""Programs beside the tests: watched, reached from this machine only, starting nothing."""

from __future__ import annotations

import json
import os
import sys

import pytest

from tests.acceptance.npm import require_node, running_alone
from tests.missing import Missing, needed
from tests.processes import running

#: Prints the address it listens on, then ends.
LISTENS = """const server = require('node:net').createServer();
server.listen({how}, () => {{ console.log(JSON.stringify(server.address())); server.close(); }});"""
#: Opens a page as npm's ``open`` does, and tells what came of it.
OPENS = """const program = {how};
program.on('error', (error) => console.log('error', error.code));
program.on('exit', (code) => console.log('exit', code));"""


def never() -> bool:
    return False


def test_process_that_ends_early_fails_the_test_with_its_last_words(processes):
    processes.start(sys.executable, "-c", "print('no browser'); raise SystemExit(3)")
    with pytest.raises(AssertionError, match=r"ended early, with 3(.|\n)*no browser"):
        processes.wait_until(never)


def test_process_that_the_test_itself_has_ended_is_no_failure(processes):
    process = processes.start(sys.executable, "-c", "raise SystemExit(3)")
    assert process.wait() == 3
    assert processes.wait_until(lambda: True)


def test_program_that_ends_early_is_told_beside_the_failure_that_it_caused(tmp_path):
    def talk() -> None:
        command = [sys.executable, "-c", "raise SystemExit('gone')"]
        with running(tmp_path, *command) as program:
            os.waitid(os.P_PID, program.started[0].pid, os.WEXITED | os.WNOWAIT)
            raise ConnectionError("nobody listens")

    with pytest.raises(AssertionError, match="ended early, with 1") as told:
        talk()
    assert isinstance(told.value.__context__, ConnectionError)


@pytest.fixture
def node(tmp_path):
    """Runs a text as a program of npm's would be, to its end."""
    needed(require_node)

    def node(text: str) -> str:
        script = tmp_path / "script.cjs"
        script.write_text(text)
        with pytest.raises(AssertionError), running_alone(script, folder=tmp_path) as program:
            program.wait_until(never)
        return program.said().strip()

    return node


@pytest.mark.parametrize(
    "how", ["0", "0, '0.0.0.0'", "0, '::'", "'0'", "{port: 0}", "{port: 0, host: '0.0.0.0'}"]
)
def test_server_that_names_no_host_can_be_reached_from_here_only(node, how):
    assert json.loads(node(LISTENS.format(how=how)))["address"] == "127.0.0.1"


@pytest.mark.parametrize(
    "how",
    [
        "require('child_process').spawn('xdg-open', ['http://127.0.0.1/'], {detached: true})",
        "require('node:child_process').spawn('no such browser', {shell: true})",
        "require('node:child_process').execFile('/usr/bin/false')",
    ],
)
def test_program_starts_no_other_and_misses_none(node, how):
    assert node(OPENS.format(how=how)) == "exit 0"


@pytest.mark.parametrize(
    ("version", "said"), [("v18.19.0", "is v18.19.0"), (None, "needs Node 20 or newer, with npm")]
)
def test_node_that_is_missing_or_too_old_is_said_in_one_line(tmp_path, monkeypatch, version, said):
    if version:
        for name in ("node", "npm"):
            program = tmp_path / name
            program.write_text(f"#!/bin/sh\necho {version}\n")
            program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Missing, match=said) as missing:
        require_node()
    assert "\n" not in str(missing.value)


def test_what_is_missing_skips_a_test_at_a_desk_and_fails_it_in_ci(monkeypatch):
    def get() -> None:
        raise Missing("needs a thing (apt install thing)")

    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs a thing"):
        needed(get)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI is set, so nothing is skipped: needs a th"):
        needed(get)
