"""Case 21: whatever encoding is declared, the text is right."""

from __future__ import annotations

import pytest

from tests.acceptance.feeds.documents import item, rss
from tests.acceptance.feeds.feed_server import Answer

TITLE = "Zürich: „Nein“ — Київ каже так"
RUSSIAN = "Москва отвечает Киеву"


def document(title: str, declared: str = "utf-8") -> str:
    return rss(item("a", title=title), declared=declared).decode()


CASES = {
    "the header says us-ascii, the body is UTF-8": (
        document(TITLE).encode(),
        "text/xml; charset=us-ascii",
        TITLE,
    ),
    "the document says latin-1, the body is UTF-8": (
        document(TITLE, "iso-8859-1").encode(),
        "text/xml",
        TITLE,
    ),
    "windows-1251, declared by nobody": (
        document(RUSSIAN).replace(' encoding="utf-8"', "").encode("cp1251"),
        "application/rss+xml",
        RUSSIAN,
    ),
    "windows-1251, declared as UTF-8": (document(RUSSIAN).encode("cp1251"), "text/xml", RUSSIAN),
    "UTF-16 without a mark": (document(TITLE, "utf-16").encode("utf-16-le"), "text/xml", TITLE),
    "UTF-16 with a mark": (document(TITLE).encode("utf-16"), "text/xml; charset=utf-8", TITLE),
    "a mark before the declaration": (document(TITLE).encode("utf-8-sig"), "text/xml", TITLE),
    "NUL and vertical tab inside": (
        document("Budget\x00 and\x0b tanks").encode(),
        "text/xml",
        "Budget and tanks",
    ),
    "a byte that is no UTF-8": (
        document(TITLE).encode().replace("ü".encode(), b"\xff"),
        "text/xml; charset=utf-8",
        TITLE.replace("ü", "\ufffd"),
    ),
}


@pytest.mark.parametrize(("body", "content_type", "title"), CASES.values(), ids=CASES.keys())
async def test_case_21_the_text_is_right_or_replaced_never_dropped(
    start, site, feed, body, content_type, title
):
    site.answers["/feed"] = Answer(body=body, headers={"Content-Type": content_type})
    polling = await start(feed())
    await polling.poll()
    assert await polling.titles() == [title]
