"""Control characters: none gets to a terminal, and JSON loses nothing by it."""

from __future__ import annotations

import json
import logging
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.controls import tame
from bot.domain.errors import Permanent, UsageError
from bot.services.log import Discreet
from handlers.cli.app import _crashed, _told
from handlers.cli.docs import emit

STEERING = "\x1b[2J \x9b31m \x7f \x08 \u202e"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_json_reads_the_very_same_text(text):
    assert json.loads(tame(json.dumps(text, ensure_ascii=False))) == text


def test_lines_tabs_and_joiners_stay():
    assert tame("a\n\tb \u200d é") == "a\n\tb \u200d é"


def test_a_log_line_steers_no_terminal():
    record = logging.LogRecord("a", logging.ERROR, "a.py", 1, "x said=%s", (STEERING,), None)
    assert not set(Discreet("%(message)s").format(record)) & set("\x1b\x9b\x7f\x08\u202e")


def test_json_on_standard_output_steers_no_terminal(capsys):
    emit({"title": STEERING})
    out = capsys.readouterr().out
    assert json.loads(out) == {"title": STEERING}
    assert not set(out) & set("\x1b\x9b\x7f\x08\u202e")


@pytest.mark.parametrize("error", [UsageError, Permanent, OSError, lambda text: OSError(2, text)])
def test_an_error_steers_no_terminal(error, capsys):
    def command():
        raise error(STEERING)

    _told(command)
    assert not set(capsys.readouterr().err) & set("\x1b\x9b\x7f\x08\u202e")


def test_a_crash_steers_no_terminal(capsys):
    try:
        raise ValueError(STEERING)
    except ValueError as error:
        _crashed(type(error), error, sys.exc_info()[2])
    assert not set(capsys.readouterr().err) & set("\x1b\x9b\x7f\x08\u202e")
