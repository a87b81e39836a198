"""What stands in the log: ours from a level on, of libraries what they warn of."""

from __future__ import annotations

import logging

import pytest

from handlers.logs import log_to_terminal


@pytest.fixture(autouse=True)
def loggers_as_they_were():
    names = ("", "nato_brief", "apscheduler", "uvicorn", "httpx")
    levels = {name: logging.getLogger(name).level for name in names}
    filters = [(handler, list(handler.filters)) for handler in logging.getLogger().handlers]
    yield
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    for handler, before in filters:
        handler.filters[:] = before


@pytest.mark.parametrize(("level", "told"), [(logging.DEBUG, True), (logging.ERROR, False)])
def test_our_own_log_follows_the_level(level, told):
    log_to_terminal(level)
    assert logging.getLogger("nato_brief.bus").isEnabledFor(logging.WARNING) is told


def test_a_library_that_logs_its_requests_stays_silent():
    log_to_terminal(logging.DEBUG)
    assert not logging.getLogger("slack_sdk.web.async_client").isEnabledFor(logging.DEBUG)


def test_asking_twice_filters_once():
    log_to_terminal(logging.INFO)
    before = [len(handler.filters) for handler in logging.getLogger().handlers]
    log_to_terminal(logging.INFO)
    assert [len(handler.filters) for handler in logging.getLogger().handlers] == before
