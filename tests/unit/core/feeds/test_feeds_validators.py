from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.feeds.memory import Memory
from bot.core.feeds.settings import DEFAULTS
from bot.core.feeds.validators import hid_news, to_send
from bot.domain.feeds import FeedState
from bot.domain.fetches import Fetched
from tests.builders import NOW

HOUR = timedelta(hours=1)
STATE = FeedState(
    etag='W/"1"',
    last_modified="Tue, 01 Jan 2041 00:00:00 GMT",
    last_full=NOW - HOUR,
    last_answer=NOW - HOUR,
    was_304=True,
)
BOTH = (STATE.etag, STATE.last_modified)


def sent(state, *, now=NOW, chance=1.0):
    return to_send(state, now=now, chance=chance, settings=DEFAULTS)


def test_validators_are_sent_byte_for_byte():
    assert sent(STATE) == BOTH


@pytest.mark.parametrize(
    ("state", "hours", "chance"),
    [
        (STATE, 23, 1.0),
        (STATE, 0, 0.009),
        (replace(STATE, validators_bad=True), 0, 1.0),
        (replace(STATE, last_full=None), 0, 1.0),
    ],
)
def test_validators_are_left_out_each_day_by_chance_and_once_they_lied(state, hours, chance):
    assert sent(state, now=NOW + hours * HOUR, chance=chance) == (None, None)


def hid(state=STATE, *, dates=(NOW,), etag=STATE.etag, last_modified=STATE.last_modified):
    fetched = Fetched(status=200, url="u", etag=etag, last_modified=last_modified)
    return hid_news(state, fetched, dates)


def test_case_01_other_entries_under_the_same_validators_were_hidden():
    assert hid() is True
    assert hid(dates=(None,)) is True


def test_case_01_entries_older_than_the_last_304_were_hidden():
    assert hid(etag='"2"', dates=(NOW - 3 * HOUR,)) is True


@pytest.mark.parametrize(
    "found",
    [
        {"etag": '"2"'},
        {"dates": ()},
        {"state": replace(STATE, was_304=False)},
        {"etag": '"2"', "dates": (None,)},
        {"etag": '"2"', "dates": (NOW - 1.5 * HOUR,)},  # listed a little after its date
    ],
)
def test_nothing_was_hidden_otherwise(found):
    assert hid(**found) is False


def test_memory_reads_what_it_wrote_and_bears_anything_else():
    memory = Memory(article="a", fingerprint="f", title="", edits=3, edited=17)
    assert Memory.read(memory.write()) == memory
    assert Memory.read("a f") == Memory(article="a", fingerprint="f")
    assert Memory.read("") == Memory()
    assert Memory.read("a f t x y z").edits == 0
