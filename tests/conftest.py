"""Settings of every test run."""

from __future__ import annotations

import gc

from hypothesis import settings

# No deadline: a shared machine is slow at times, and no law here is about time.
settings.register_profile("quick", max_examples=40, deadline=None)
settings.load_profile("quick")


def pytest_collection_finish() -> None:
    """What was imported stays; the collector need not look at it again after every test."""
    gc.freeze()
