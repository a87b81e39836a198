"""What a monitor is told, and that it is told nothing while all is well."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.core.health import DESK_FREE, SILENT, WAITING, problems
from bot.domain.health import Signs
from bot.domain.room import Room
from tests.builders import NOW

WELL = Signs(
    alive={"scheduler": 1.0, "worker": 4.0},
    desk_free=0.0,
    oldest={"read": 30.0},
    room=Room(now=NOW, used=100, cap=1000),
    disk=10 * 1024**3,
    feeds=25,
    failing=24,
)


def test_all_is_well_while_news_arrive():
    assert problems(WELL) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"refused": "its disk is full"}, "takes no writes: its disk is full"),
        ({"room": Room(now=NOW, used=900, cap=1000)}, r"full, and no feed is polled: .*90%"),
        ({"disk": 3 * 1024**2}, "disk of the data folder is full: 3 MB left"),
        ({"alive": {"worker": 1.0}}, "no scheduler was ever seen"),
        (
            {"alive": {"scheduler": 1.0, "worker": SILENT + 60}},
            "no worker .* sign of life for 90 s",
        ),
        ({"desk_free": DESK_FREE + 1}, "no worker has had the desk for 16 s"),
        ({"desk_free": None}, "no worker has had the desk:"),
        ({"oldest": {"deliver": WAITING + 120}}, "deliver is behind: .* waited for 12 min"),
        ({"oldest": {"read": 4 * 3600.0}}, "waited for 4 h"),
        ({"failing": 25}, "all 25 feeds fail"),
        ({"parked": ("slack refuses the bot's token",)}, "slack refuses the bot's token"),
    ],
)
def test_each_trouble_is_one_sentence(changes, said):
    (problem,) = problems(replace(WELL, **changes))
    assert re.search(said, problem)


def test_a_deployment_without_feeds_is_no_trouble():
    assert problems(replace(WELL, feeds=0, failing=0)) == ()
