"""What a year of 1,000 whole articles a day takes of 512 MB, on a fiftieth of both.

pytest tests/benchmarks/bench_year.py -q -s --override-ini 'python_files=bench_*.py'
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from bot.adapters.clock import Clock
from bot.adapters.embedded_redis import MAXMEMORY, EmbeddedRedis
from bot.adapters.redis.connect import connect
from bot.core.room import figures
from tests.builders import NOW
from tests.services.year import Year, row_of

DAYS, ARTICLES, WORDS = 400, 20, 650
SHARE = MAXMEMORY * ARTICLES // 1_000


async def test_a_year_of_whole_articles_fits_the_embedded_server(tmp_path: Path) -> None:
    with EmbeddedRedis(tmp_path, maxmemory=2 * MAXMEMORY) as embedded:
        url = embedded.start()
        redis = await connect(url)
        year = Year(redis, url, tmp_path, Clock(NOW), words=WORDS, share=SHARE)
        await year.begin()
        for day in range(1, DAYS + 1):
            await year.day(ARTICLES)
            if day % 5 == 0:
                await year.age(5)
            if day % 100 == 0:
                room = await year.app.room.measure()
                print(f"\nday {day}: {figures(room)}")
        rows: dict[str, int] = defaultdict(int)
        async for key in redis.scan_iter(count=1_000):
            rows[row_of(key.decode())] += await redis.memory_usage(key, samples=0) or 0
        for row, size in sorted(rows.items(), key=lambda pair: -pair[1]):
            print(f"{row:20} {size:10,} bytes")
        files = sum(path.stat().st_size for path in tmp_path.glob("appendonlydir/*"))
        print(f"on disk: {files / 1024**2:.1f} MB; stored: {sum(rows.values()) / 1024**2:.1f} MB")
        assert not room.since
        await redis.aclose()
