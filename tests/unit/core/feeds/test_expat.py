"""The SAX driver: the same text as expat's own, in fewer pieces."""

from __future__ import annotations

import io
from xml.sax import make_parser
from xml.sax.handler import ContentHandler

from bot.core.feeds.parse import parse


class Pieces(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []

    def characters(self, content: str) -> None:
        self.heard.append(content)


def test_expat_hands_escaped_text_on_in_one_piece():
    parser = make_parser(["bot.core.feeds.expat"])
    pieces = Pieces()
    parser.setContentHandler(pieces)
    parser.parse(io.BytesIO(b"<a>&lt;p&gt;one\ntwo &amp;amp; three&lt;/p&gt;\n</a>"))
    assert pieces.heard == ["<p>one\ntwo &amp; three</p>\n"]


def test_expat_keeps_text_longer_than_its_buffer_whole():
    text = "word\n" * 50_000
    body = f"<rss><channel><item><title>a</title><description>{text}</description></item></channel>"
    (entry,) = parse(f"{body}</rss>".encode()).entries
    assert len(entry.summary.split()) == 20_000 // 5
