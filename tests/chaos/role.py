"""One process of the product, as it is but for its leases: ``python -m tests.chaos.role worker``.

They are short so that what a dead process held is taken over while somebody waits; a call to a
platform takes a third of a post's lease at most, as everywhere.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from bot.bootstrap.environment import environment
from bot.bootstrap.settings import Leases, settings_from
from handlers.roles import start

LEASES = Leases(feed=10.0, entry=6.0, desk=1.5, post=9.0)

if __name__ == "__main__":
    config, data, *roles = sys.argv[1:]
    settings = settings_from(environment(), config=Path(config), data=Path(data))
    start(replace(settings, leases=LEASES), roles=roles)
