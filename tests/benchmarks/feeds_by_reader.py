"""The feeds of ``feed_site`` updated by reader, twice; needs nothing of this project.

    BENCH_PYTHON feeds_by_reader.py FOLDER WORKERS ADDRESS…     prints one line of JSON

The last address is updated first and not measured, so that everything is imported and open.
"""

import json
import resource
import sys
import time
from pathlib import Path

from reader import make_reader


def measured(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def main(folder, workers, *addresses):
    reader = make_reader(str(Path(folder, "reader.sqlite")))
    *addresses, warming = addresses
    reader.add_feed(warming)
    reader.update_feeds(workers=int(workers))
    reader.delete_feed(warming)
    for address in addresses:
        reader.add_feed(address)
    first = measured(lambda: reader.update_feeds(workers=int(workers)))
    entries = reader.get_entry_counts().total
    again = measured(lambda: reader.update_feeds(workers=int(workers), scheduled=False))
    failed = sum(feed.last_exception is not None for feed in reader.get_feeds())
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        json.dumps(
            {"first": first, "again": again, "entries": entries, "failed": failed, "rss": rss}
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
