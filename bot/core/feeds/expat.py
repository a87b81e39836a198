"""The XML parser that feedparser is given: expat, told to hand text on in large pieces.

As it comes, expat calls back at every line end and every reference, and what feedparser does at
each call is half the cost of a feed whose descriptions are escaped.
"""

from __future__ import annotations

from xml.sax.expatreader import ExpatParser

#: Characters handed on at once.
_PIECE = 64 * 1024


class BufferedExpat(ExpatParser):
    """SAX over expat, with text in pieces as large as can be."""

    def reset(self) -> None:
        """Make ready for a document."""
        super().reset()
        parser = self._parser  # type: ignore[attr-defined]  # no attribute of any stub
        parser.buffer_size = _PIECE
        parser.buffer_text = True


def create_parser() -> BufferedExpat:
    """What ``xml.sax.make_parser`` looks for in a module."""
    return BufferedExpat()
