"""Settings of every test run."""

from __future__ import annotations

import gc
import os

import pytest
from hypothesis import settings

# No deadline: a shared machine is slow at times, and no law here is about time.
settings.register_profile("quick", max_examples=40, deadline=None)
# What CI says must be the same tomorrow; new examples are found at people's desks.
settings.register_profile("ci", settings.get_profile("quick"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "quick")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first, so that no core idles at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What was imported stays; the collector need not look at it again after every test."""
    gc.freeze()
