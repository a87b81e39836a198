"""Case 15: bombs in every encoding a server may answer in, asked for or not.

Each is fetched by a process of its own, so that the memory it took can be told.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import zlib
from pathlib import Path

import pytest

from tests.acceptance.feeds.documents import named
from tests.acceptance.feeds.feed_server import Answer

PROGRAM = str(Path(__file__).parent / "fetch_alone.py")
MIB = 1024 * 1024
#: What a bomb unpacks to, and what a fetch may take: body, its copy, buffers.
SIZE, MOST = 200, 16.0
TOO_LARGE = "larger than 5 MiB"


def packed(wbits: int) -> bytes:
    """So many mebibytes of blanks behind the start of a feed."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    pieces = [squeezer.compress(b'<rss version="2.0"><channel>')]
    pieces += [squeezer.compress(b" " * MIB) for _ in range(SIZE)]
    return b"".join((*pieces, squeezer.flush()))


def zstandard() -> bytes:
    """A frame of blocks that each say "128 KiB of blanks", by hand."""
    many = SIZE * MIB // 131_072
    block = (131_072 << 3) | (1 << 1)
    blocks = [(block | (n == many - 1)).to_bytes(3, "little") + b" " for n in range(many)]
    return b"\x28\xb5\x2f\xfd\x00\x58" + b"".join(blocks)


GZIP, ZLIB, RAW = (zlib.MAX_WBITS | 16), zlib.MAX_WBITS, -zlib.MAX_WBITS

BOMBS = {
    "gzip": (lambda: packed(GZIP), "gzip", TOO_LARGE),
    "gzip unsaid": (lambda: packed(GZIP), None, TOO_LARGE),
    "x-gzip": (lambda: packed(GZIP), "x-gzip", TOO_LARGE),
    "deflate": (lambda: packed(ZLIB), "deflate", TOO_LARGE),
    "raw deflate": (lambda: packed(RAW), "deflate", TOO_LARGE),
    "gzip in gzip": (lambda: gzip.compress(packed(GZIP)), "gzip", TOO_LARGE),
    "layers": (
        lambda: gzip.compress(gzip.compress(packed(GZIP))),
        "gzip, gzip, gzip",
        "encoded as was not asked for: gzip, gzip, gzip",
    ),
    "gzip in deflate": (
        lambda: zlib.compress(packed(GZIP)),
        "gzip, deflate",
        "encoded as was not asked for: gzip, deflate",
    ),
    "br": (lambda: b"\x1b\xff\xff" * 9, "br", None),
    "zstd": (zstandard, "zstd", None),
}


async def fetched_alone(url: str) -> tuple[float, str]:
    """MiB that fetching took at most, and what came of it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, url, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    took, _, outcome = said.decode().partition(" ")
    return float(took), outcome


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
async def test_case_15_no_bomb_is_unpacked_whole(site, name):
    body, encoding, problem = BOMBS[name]
    headers = {"Content-Encoding": encoding} if encoding else {}
    site.answers["/bomb"] = Answer(body=body(), headers=headers)
    site.answers["/harmless"] = named("a")
    took, outcome = await fetched_alone(site.url("/bomb"))
    assert took < MOST
    assert not outcome.endswith(" bytes")
    assert problem is None or outcome == problem


async def test_case_15_only_what_can_be_unpacked_is_asked_for(start, site, feed):
    site.answers["/feed"] = named("a")
    polling = await start(feed())
    await polling.poll()
    assert site.asked[0].headers["Accept-Encoding"] == "gzip, deflate"


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("identity", bytes),
        ("utf-8", bytes),
    ],
    ids=["gzip", "x-gzip", "deflate", "raw deflate", "identity", "no encoding at all"],
)
async def test_case_15_what_is_packed_as_asked_for_is_read(start, site, feed, encoding, pack):
    site.answers["/feed"] = Answer(body=pack(named("a")), headers={"Content-Encoding": encoding})
    polling = await start(feed())
    await polling.poll()
    assert await polling.titles() == ["Report a"]
