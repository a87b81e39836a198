from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.feeds.network import is_down, may_be_ours
from bot.domain.feeds import Network
from tests.builders import NOW

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("hosts", "silent", "reached", "unreached", "down"),
    [
        (1, 1, 0, 1, False),
        (2, 1, 0, 1, False),
        (2, 2, 0, 2, True),
        (3, 2, 0, 2, False),
        (3, 3, 0, 3, True),
        (5000, 3, 400, 3, True),
        (24, 0, 4, 11, False),
        (24, 0, 4, 12, True),
        (24, 0, 13, 12, False),
        (5000, 1, 40, 49, False),
        (5000, 1, 40, 50, True),
    ],
)
def test_the_network_is_down_when_hosts_fall_silent_together(
    hosts, silent, reached, unreached, down
):
    network = Network(
        now=NOW, answered=NOW, hosts=hosts, silent=silent, reached=reached, unreached=unreached
    )
    assert is_down(network) is down


@pytest.mark.parametrize(
    ("answered", "doubted", "ours"),
    [
        (None, None, True),  # nobody ever
        (NOW - 10 * MINUTE, None, True),  # before the host was asked
        (NOW - 9 * SECOND, None, True),  # since, but the network may have gone meanwhile
        (NOW - 2 * SECOND, None, False),
        (NOW - 10 * MINUTE, NOW - 5 * MINUTE, True),
        (NOW - 3 * MINUTE, NOW - 5 * MINUTE, False),
        (NOW - 90 * MINUTE, NOW - 59 * MINUTE, True),
        (NOW - 90 * MINUTE, NOW - 60 * MINUTE, False),  # there was time to find out
        (None, NOW - 60 * MINUTE, False),
    ],
)
def test_a_host_is_blamed_once_another_has_answered_since(answered, doubted, ours):
    network = Network(now=NOW, answered=answered, hosts=5, silent=1)
    assert may_be_ours(network, began=NOW - 10 * SECOND, doubted=doubted) is ours


def test_no_host_is_blamed_in_an_outage_however_long():
    network = Network(now=NOW, answered=NOW - 900 * MINUTE, hosts=5, silent=3)
    assert may_be_ours(network, began=NOW - SECOND, doubted=NOW - 800 * MINUTE)


def test_the_only_host_is_always_to_blame():
    network = Network(now=NOW, hosts=1, silent=1)
    assert not may_be_ours(network, began=NOW, doubted=None)


def test_a_host_is_not_blamed_while_most_are_out_of_reach():
    network = Network(now=NOW, answered=NOW, hosts=40, silent=1, reached=5, unreached=30)
    assert may_be_ours(network, began=NOW - SECOND, doubted=NOW - MINUTE)
