"""Whoever types has a name, though the system knows none."""

from __future__ import annotations

import os
import pwd

from handlers.cli.who import who


def test_a_user_without_an_entry_is_called_by_number(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    assert who() == f"uid {os.getuid()}"


def test_a_user_is_called_by_name(monkeypatch):
    monkeypatch.setenv("LOGNAME", "ann")
    assert who() == "ann"
