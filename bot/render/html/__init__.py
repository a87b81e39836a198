"""Posts and replies as one HTML page: no script, no request to anywhere, light and dark."""

from bot.render.html.page import page

__all__ = ["page"]
