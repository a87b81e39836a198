"""Posts and replies as one HTML page: no script, no request to anywhere, light and dark."""

from bot.render.html.page import STYLE, page

__all__ = ["STYLE", "page"]
