"""Chaos: real processes and a real server, killed, frozen and refused, and nothing may be lost.

    world    feeds and pages, Slack, Teams and a webhook on loopback, which fail as they are told
    plan     what goes wrong when; it follows from a seed
    hands    the processes: started, killed, frozen, started again
    judge    what readers see at the end, held against what was published
    role     one process of the product, with leases short enough to be waited for

Run it with ``make chaos``, or ``python -m tests.chaos --seconds 120 --seed 7``.
"""
