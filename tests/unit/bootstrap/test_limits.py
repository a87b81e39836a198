"""The limits of pages and notices from the environment."""

from __future__ import annotations

import pytest

from bot.bootstrap.limits import blind_limits, page_limits
from bot.core.feeds.blind import BlindLimits
from bot.domain.errors import UsageError
from bot.services.pages import PageLimits


def test_limits_are_the_defaults_where_nothing_is_said():
    assert (page_limits({}.get), blind_limits({}.get)) == (PageLimits(), BlindLimits())


def test_limits_are_what_the_environment_says():
    given = {"NATO_BRIEF_PAGE_SPACING": "0", "NATO_BRIEF_PAGE_AT_ONCE": "1"}
    assert page_limits(given.get) == PageLimits(spacing=0, at_once=1)
    assert blind_limits({"NATO_BRIEF_BLIND_FAILING": "600"}.get) == BlindLimits(failing=600)


@pytest.mark.parametrize("text", ["-1", "soon", "nan", "1e12"])
def test_limits_that_cannot_be_meant_are_refused(text):
    with pytest.raises(UsageError, match="NATO_BRIEF_PAGE_SPACING"):
        page_limits({"NATO_BRIEF_PAGE_SPACING": text}.get)


@pytest.mark.parametrize("text", ["0", "1.5", ""])
def test_a_number_of_things_is_whole_and_not_none(text):
    with pytest.raises(UsageError, match="a whole number"):
        page_limits({"NATO_BRIEF_PAGE_AT_ONCE": text}.get)
