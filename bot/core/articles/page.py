"""A web page → the text of its article, paragraphs apart by a blank line.

Runs in a worker process that can be killed. Navigation, comments and tables are left out;
typography is left as it is, for quotes are found in it.
"""

from __future__ import annotations

import logging
import re

import trafilatura

from bot.core.text.markup import printable

#: Less text than this is a teaser or a cookie notice, in characters.
_LEAST = 200
#: Longer pages are cut before they are read, in bytes.
_MOST = 3_000_000
#: Characters kept of the text.
_KEPT = 200_000
#: Words that tell what a text is about.
_WORD = re.compile(r"[^\W\d_]{4,}")
#: An article repeats at least this share of what the feed said of it.
_SHARED = 0.25


def article_text(html: bytes, *, url: str) -> str | None:
    """The article of a page as served, or None when nothing usable is found; never raises.

    Args:
        html: The page, decompressed.
        url: Where it came from; some sites are read by rules of their own.
    """
    # It logs every page it cannot use, at error level, in its own words.
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    try:
        found = trafilatura.extract(
            html[:_MOST],
            url=url,
            output_format="txt",
            include_comments=False,
            include_tables=False,
            include_formatting=False,
            deduplicate=False,
        )
    # This is the entry point of a job, and the extractor may raise anything on a hostile page.
    except Exception:  # noqa: BLE001
        return None
    lines = (" ".join(line.split()) for line in printable(found or "").splitlines())
    text = "\n\n".join(line for line in lines if line)[:_KEPT]
    return text if len(text) >= _LEAST else None


def is_about(text: str, *, title: str, summary: str) -> bool:
    """Whether ``text`` is what the feed announced, not a login page or a cookie notice.

    An article takes up the words of its headline and summary; a notice knows none of them.
    """
    announced = set(_WORD.findall(f"{title} {summary[:500]}".casefold()))
    if len(announced) < 3:
        return True
    return len(announced & set(_WORD.findall(text.casefold()))) >= _SHARED * len(announced)
