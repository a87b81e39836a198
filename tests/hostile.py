"""The seeds with a hostile headline: markup, mrkdwn, mentions and a script in one title."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.bootstrap.settings import shipped

#: As it stands in the feed.
TITLE = (Path(__file__).parent / "data" / "hostile_title.xml").read_text("utf-8").strip()
_FEED = Path("after", "harbour-post.xml")
_FRIENDLY = "<title>What Britain’s plan for its forces costs, and who pays</title>"


def hostile_seeds(folder: Path) -> Path:
    """A copy of the seeds in ``folder`` whose one British story has the hostile headline."""
    seeds = shutil.copytree(shipped("seeds"), folder / "seeds")
    feed = (seeds / _FEED).read_text("cp1252")
    assert feed.count(_FRIENDLY) == 1
    (seeds / _FEED).write_text(feed.replace(_FRIENDLY, TITLE), "cp1252")
    return seeds
