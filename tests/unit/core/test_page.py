from __future__ import annotations

import pytest

from bot.core.articles.page import article_text

PARAGRAPHS = [
    "The harbour council met on Tuesday about the ferry that has been waiting for spring.",
    "“We will not sail before May,” said the chair, Ada Quay, after a meeting of four hours.",
    "The crew had asked for a date in March, when the ice is gone from the eastern channel.",
]


def page(*paragraphs: str) -> bytes:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        "<html><head><title>Ferry</title></head><body><nav><a href='/'>Home</a></nav>"
        f"<article><h1>Ferry waits</h1>{text}</article><footer>© Coast</footer></body></html>"
    ).encode()


def test_article_text_gives_the_paragraphs_apart_by_a_blank_line():
    text = article_text(page(*PARAGRAPHS), url="https://coast.example/ferry")
    assert text is not None
    assert text.removeprefix("Ferry waits\n\n") == "\n\n".join(PARAGRAPHS)


def test_article_text_is_none_when_there_is_too_little():
    assert article_text(page("Subscribe to read on."), url="https://coast.example/ferry") is None


@pytest.mark.parametrize(
    "html",
    [b"", b"\x00\xff\xfe", b"<", b"{}", b"<html>" * 500, b"<div>" * 5_000, b"%PDF-1.7 \x00\x01"],
)
def test_article_text_survives_what_is_no_article(html):
    assert article_text(html, url="not a url") is None
