"""The Teams app's manifest and icons, as Teams asks for them."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest

from bot.domain.conversation import Verb

FOLDER = Path(__file__).parents[2] / "config" / "teams"
MANIFEST = json.loads((FOLDER / "manifest.json").read_text())


def test_manifest_lists_every_command_in_every_place():
    [bot] = MANIFEST["bots"]
    [listed] = bot["commandLists"]
    assert {command["title"] for command in listed["commands"]} == set(Verb) - {Verb.QUESTION}
    assert listed["scopes"] == bot["scopes"] == ["personal", "team", "groupChat"]


def test_manifest_keeps_to_the_lengths_that_teams_takes():
    assert len(MANIFEST["name"]["short"]) <= 30
    assert len(MANIFEST["name"]["full"]) <= 100
    assert len(MANIFEST["description"]["short"]) <= 80
    for command in MANIFEST["bots"][0]["commandLists"][0]["commands"]:
        assert len(command["title"]) <= 32
        assert len(command["description"]) <= 128


def test_manifest_takes_the_registration_from_the_settings():
    assert MANIFEST["id"] == MANIFEST["bots"][0]["botId"] == "${{TEAMS_CLIENT_ID}}"


@pytest.mark.parametrize(("icon", "side"), [("color", 192), ("outline", 32)])
def test_manifest_has_an_icon_of_the_right_size(icon, side):
    head = (FOLDER / MANIFEST["icons"][icon]).read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", head[16:]) == (side, side)
