from __future__ import annotations

import pytest

from bot.bootstrap.polling import poll_settings
from bot.core.feeds.settings import DEFAULTS
from bot.domain.errors import UsageError


def test_limits_of_polling_are_the_defaults_unless_the_environment_says_otherwise():
    assert poll_settings({}.get) == DEFAULTS
    given = {"NATO_BRIEF_POLL_SHORTEST": "60", "NATO_BRIEF_POLL_PER_HOST": "1"}
    settings = poll_settings(given.get)
    assert (settings.shortest, settings.per_host, settings.longest) == (60.0, 1, DEFAULTS.longest)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SHORTEST", "soon", "NATO_BRIEF_POLL_SHORTEST is 'soon'; write a number above 0"),
        ("SLOTS", "2.5", "NATO_BRIEF_POLL_SLOTS is '2.5'; write a whole number above 0"),
        ("PER_HOST", "0", "NATO_BRIEF_POLL_PER_HOST is '0'; write a whole number above 0"),
        ("FLOOD_SHARE", "80", "NATO_BRIEF_POLL_FLOOD_SHARE is '80'; write a share from 0 to 1"),
        ("SHORTEST", "999999", "NATO_BRIEF_POLL_SHORTEST is longer than the longest interval"),
        ("GROWTH", "0.5", "NATO_BRIEF_POLL_GROWTH is 0.5; write a number from 1"),
        ("LONGEST", "nan", "NATO_BRIEF_POLL_LONGEST is 'nan'; write a number above 0"),
    ],
)
def test_limits_of_polling_that_cannot_be_meant_are_refused(name, value, said):
    with pytest.raises(UsageError, match=f"^{said}$"):
        poll_settings({f"NATO_BRIEF_POLL_{name}": value}.get)
