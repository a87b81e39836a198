"""A web page → the text of its article, paragraphs apart by a blank line.

Runs in a worker process that can be killed. Navigation, comments and tables are left out;
typography is left as it is, for quotes are found in it.
"""

from __future__ import annotations

import logging

import trafilatura

from bot.core.text.markup import printable

#: Less text than this is a teaser or a cookie notice, in characters.
_LEAST = 200
#: Longer pages are cut before they are read, in bytes.
_MOST = 3_000_000
#: Characters kept of the text.
_KEPT = 200_000


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
