"""JSON Schemas of the files, for editors that complete and check while an admin types."""

from __future__ import annotations

import json

from bot.core.config.channels import ChannelsShape
from bot.core.config.feeds import FeedsShape
from bot.core.config.people import PeopleShape
from bot.core.config.shapes import Shape
from bot.core.config.watchlists import WatchlistShape

_KINDS: dict[str, type[Shape]] = {
    "feeds": FeedsShape,
    "channels": ChannelsShape,
    "people": PeopleShape,
    "watchlist": WatchlistShape,
}


def schemas() -> dict[str, str]:
    """Kind of file → its JSON Schema, as kept in ``config/schema/KIND.json``."""
    return {
        kind: json.dumps(
            {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                **shape.model_json_schema(by_alias=True),
            },
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
        for kind, shape in _KINDS.items()
    }
