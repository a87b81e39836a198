"""Log lines: facts in order, and no warning twice within a minute."""

from __future__ import annotations

import logging

from bot.services.log import Discreet, Repeats, line


def test_line_begins_with_the_event_and_the_ids_in_their_order():
    text = line("read.done", state="full", article="a1", feed="f1", problem=None, note="two words")
    assert text == "read.done feed=f1 article=a1 state=full note='two words'"


def written(*said):
    """What of (second, level, text) passes the filter."""
    repeats = Repeats()
    records = []
    for second, level, text in said:
        record = logging.LogRecord("nato_brief.x", level, "", 0, text, (), None)
        record.created = float(second)
        records.append(record)
    return [record.getMessage() for record in records if repeats.filter(record)]


def test_repeats_says_a_warning_once_a_minute_with_how_often_it_came():
    away = [(second, logging.WARNING, "tick.failed name=poll") for second in range(130)]
    assert written(*away) == [
        "tick.failed name=poll",
        "tick.failed name=poll repeated=59",
        "tick.failed name=poll repeated=59",
    ]


def test_repeats_leaves_other_warnings_and_what_is_no_warning_alone():
    said = [
        (0, logging.WARNING, "tick.failed name=poll"),
        (1, logging.WARNING, "tick.failed name=watch"),
        (2, logging.INFO, "read.done feed=f1"),
        (3, logging.INFO, "read.done feed=f1"),
    ]
    assert written(*said) == [text for _, _, text in said]


def test_repeats_speaks_again_after_the_clock_was_set_back():
    assert len(written((100, logging.ERROR, "x"), (10, logging.ERROR, "x"))) == 2


def test_repeats_remembers_a_bounded_number_of_warnings():
    many = [(0, logging.WARNING, f"w{n}") for n in range(2_000)]
    assert len(written(*many, (1, logging.WARNING, "w0"), (1, logging.WARNING, "w1999"))) == 2_001


def test_discreet_writes_no_secret_of_an_address_not_even_in_a_traceback():
    try:
        raise ValueError("cannot read https://x.example/rss?token=s3cret")
    except ValueError as error:
        record = logging.LogRecord(
            "a", logging.ERROR, "a.py", 1, "feed=%s", ("https://x.example/?key=s3cret",), None
        )
        record.exc_info = (type(error), error, error.__traceback__)
    said = Discreet("%(message)s").format(record)
    assert "s3cret" not in said
    assert "feed=https://x.example/?key=***" in said
    assert "ValueError: cannot read https://x.example/rss?token=***" in said
