"""Article pages on loopback addresses, as a process of its own.

    python -m tests.benchmarks.page_site PAGES     prints its port, serves until killed

A page is some 37 KB: scripts, a menu, 600 words in 14 paragraphs with quotes, teasers of other
articles, a footer. Four pages to a host; no host has rules for robots.
"""

from __future__ import annotations

import asyncio
import random
import sys

from aiohttp import web

from tests.benchmarks.feed_site import _WORDS, host

#: Pages of one host.
PER_HOST = 4
_SCRIPT = "window.__data=window.__data||[];" + "__data.push({k:'v',n:1,on:true});" * 60


def address(number: int, port: int) -> str:
    """The address of a page."""
    return f"http://{host(number // PER_HOST)}:{port}/2025/04/04/{number}/report"


def title(number: int) -> str:
    """The headline of a page."""
    return _words(random.Random(number), 9).capitalize()


def summary(number: int) -> str:
    """What a feed says of it: the first sentence."""
    return _paragraphs(number)[0].partition(". ")[0] + "."


def page(number: int) -> bytes:
    """One page; the same number gives the same."""
    chance = random.Random(-number)
    menu = "".join(
        f'<li><a href="/{_words(chance, 1)}">{_words(chance, 2)}</a></li>' for _ in range(90)
    )
    teasers = "".join(
        f'<div class="teaser"><a href="/t/{n}"><img src="/i/{n}.jpg" srcset="/i/{n}-2.jpg 2x" '
        f'alt="{_words(chance, 4)}"><h3>{_words(chance, 8)}</h3></a><span>{n} min</span></div>'
        for n in range(40)
    )
    body = "".join(f'<p class="text-body body-1">{text}</p>' for text in _paragraphs(number))
    head = f"<title>{title(number)} | Wire</title><script>{_SCRIPT}</script>"
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'>{head}"
        f"<style>{'.a{color:#111;margin:0 auto;padding:1px 2px}' * 150}</style></head><body>"
        f"<header><nav><ul>{menu}</ul></nav></header><main><article><h1>{title(number)}</h1>"
        f"<div class='byline'>By Ann Holm</div>{body}</article><aside>{teasers}</aside></main>"
        f"<footer><ul>{menu}</ul><p>Copyright</p></footer><script>{_SCRIPT * 3}</script>"
        "</body></html>"
    ).encode()


def _words(chance: random.Random, count: int) -> str:
    return " ".join(chance.choices(_WORDS, k=count))


def _paragraphs(number: int) -> list[str]:
    chance = random.Random(number)
    first = f"{_words(chance, 9).capitalize()} {_words(chance, 24)}. {_words(chance, 14)}."
    others = [
        f"{_words(chance, 22).capitalize()}. “{_words(chance, 14).capitalize()},” said Ann Holm, "
        f"the harbour master. {_words(chance, 8).capitalize()}."
        if n % 3 == 0
        else f"{_words(chance, 24).capitalize()}. {_words(chance, 20).capitalize()}."
        for n in range(13)
    ]
    return [first, *others]


async def main(pages: int) -> None:
    """Serve until killed."""
    answers = {f"/2025/04/04/{number}/report": page(number) for number in range(pages)}

    async def answer(request: web.Request) -> web.Response:
        body = answers.get(request.path)
        if body is None:
            return web.Response(status=404)
        return web.Response(body=body, content_type="text/html", charset="utf-8")

    application = web.Application()
    application.router.add_get("/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    port = 0
    for number in range(0, pages, PER_HOST):
        await web.TCPSite(runner, host(number // PER_HOST), port).start()
        port = runner.addresses[0][1]
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
