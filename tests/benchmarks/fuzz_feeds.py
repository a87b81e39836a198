"""The parser of feeds against bytes that nobody meant: does anything escape, does anything drag?

    python -m tests.benchmarks.fuzz_feeds [INPUTS [SEED]]              mutations, in this process
    python -m tests.benchmarks.fuzz_feeds --write FOLDER [INPUTS]      as files, for ``feeds parse``

Inputs are the feeds of ``tests/data/feeds`` with pieces cut, doubled, swapped, spliced together,
bytes changed, tags broken and encodings exchanged. Exits 1 if an input raised or took two seconds.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from pathlib import Path

from bot.core.feeds.parse import parse

SAMPLES = Path(__file__).parents[1] / "data" / "feeds"
#: Seconds one input may take.
LIMIT = 2.0
_PIECES = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?xml version='1.0'?>", b"<!DOCTYPE rss [", b"&#0;",
    b"&#1114112;", b"&nbsp;", b"&amp;lt;", b"<item>", b"</item>", b"<entry>", b"</channel>",
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b$B", b"</rss>", b"<rss>", b"{", b'"items": [',
    b"<div>" * 50, b"<guid isPermaLink='maybe'>", b"<pubDate>31 Feb 2025 25:61</pubDate>",
    b"&" * 20, b"%ent;", b"xml:base='//'", b"<link href='http://[::1'/>", b"\xed\xa0\x80",
    "漢字".encode("euc_jp"),
)  # fmt: skip
_CODECS = ("utf-16", "utf-16-le", "utf-32", "cp1251", "latin-1", "utf-7", "shift_jis")


def mutated(samples: list[bytes], chance: random.Random) -> bytes:
    """One input."""
    data = chance.choice(samples)
    for _ in range(chance.randint(1, 6)):
        start, end = sorted(chance.randint(0, len(data)) for _ in range(2))
        end = min(end, start + 400)
        match chance.randrange(9):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:end] + data[start:end] * chance.randint(1, 20) + data[end:]
            case 2:
                data = data[:start] + chance.choice(_PIECES) + data[start:]
            case 3:
                data = data[:start] + chance.randbytes(chance.randint(1, 8)) + data[start:]
            case 4:
                data = data[:start]
            case 5:
                other = chance.choice(samples)
                data = data[:start] + other[chance.randint(0, len(other)) :]
            case 6:
                data = data.replace(chance.choice((b"<", b">", b'"', b"/", b"=")), b"", 1)
            case 7:
                data = data[start:end] + data[:start] + data[end:]
            case _:
                codec = chance.choice(_CODECS)
                data = data.decode("utf-8", "replace").encode(codec, "replace")
    return data


def inputs(count: int, seed: int) -> list[bytes]:
    """As many inputs, the same for the same seed."""
    chance = random.Random(seed)
    files = sorted(file for file in SAMPLES.iterdir() if file.suffix in (".xml", ".json", ".html"))
    samples = [file.read_bytes() for file in files]
    return [mutated(samples, chance) for _ in range(count)]


def main(count: int, seed: int) -> int:
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    began = time.process_time()
    for number, data in enumerate(inputs(count, seed)):
        start = time.process_time()
        try:
            parsed = parse(data, content_type="text/xml", url="https://wire.example/feed")
        except Exception as error:  # noqa: BLE001 - what is looked for
            print(f"input {number} of seed {seed} raised {error!r}")
            outcomes["raised"] += 1
            continue
        took = time.process_time() - start
        slowest = max(slowest, took)
        if took > LIMIT:
            print(f"input {number} of seed {seed} took {took:.1f} s")
            outcomes["slow"] += 1
        outcomes["entries" if parsed.entries else "a problem" if parsed.problem else "neither"] += 1
    spent = time.process_time() - began
    print(f"{count} inputs: {dict(outcomes)}; slowest {slowest:.2f} s, {spent:.0f} s of CPU in all")
    return int(bool(outcomes["raised"] or outcomes["slow"]))


def write(folder: Path, count: int) -> None:
    """Write inputs as files."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(inputs(count, seed=2)):
        (folder / f"{number:05}.xml").write_bytes(data)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--write", where, *rest]:
            write(Path(where), int(rest[0]) if rest else 3_000)
        case given:
            sys.exit(
                main(
                    int(given[0]) if given else 10_000,
                    int(given[1]) if len(given) > 1 else 1,
                )
            )
