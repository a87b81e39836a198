"""What a test needs and a machine may lack: one line at a desk, a failure where CI is set."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")


class Missing(Exception):
    """Says what is missing, and what to install."""


def needed(get: Callable[[], T], *, missing: type[Exception] = Missing) -> T:
    """What ``get`` gives; a test that cannot have it is skipped, or fails where CI is set."""
    try:
        return get()
    except missing as error:
        if os.environ.get("CI"):
            pytest.fail(f"CI is set, so nothing is skipped: {error}", pytrace=False)
        pytest.skip(str(error))
