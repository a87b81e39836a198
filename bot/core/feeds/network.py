"""Our own network or the publisher's host: who is to blame when nobody answers.

    one host polled                    always the host: nobody else can tell
    somebody answered since            the host
    nobody has answered since          cannot be told yet: not counted, and others are asked early
    three hosts, or all of fewer       our own network is down, until anybody answers
    more hosts out of reach in the last minutes than answered    the same

Hosts count and not feeds: a hundred feeds of one dead host are one dead host.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.feeds import Network

#: So many hosts out of reach, and nobody who answers, are no coincidence.
_LEAST = 3
#: Out of reach in the last minutes, half the hosts, or so many, can outweigh those that answer.
_MANY = 50
#: In doubt for so long, and no outage: the others cannot be asked, so the host is to blame.
_LONG = timedelta(hours=1)
#: An answer so fresh shows that the network works although another host is out of reach.
_FRESH = timedelta(seconds=5)


def is_down(network: Network) -> bool:
    """Whether it is our own network that fails."""
    if network.hosts < 2:
        return False
    return network.silent >= min(_LEAST, network.hosts) or _mostly_down(network)


def may_be_ours(network: Network, *, began: datetime, doubted: datetime | None) -> bool:
    """Whether a host that could not be reached may be well, and our own network at fault.

    Args:
        network: All hosts, by the server's clock.
        began: When the host was asked, by the same.
        doubted: When it was out of reach for the first time without being blamed; None for now.
    """
    if network.hosts < 2:
        return False
    answered = network.answered
    if _mostly_down(network):
        return True
    if doubted is not None:
        long = network.now - doubted >= _LONG and not is_down(network)
        return not long and (answered is None or answered <= doubted)
    if answered is None:
        return True
    return answered <= began or network.now - answered > _FRESH


def _mostly_down(network: Network) -> bool:
    least = max(_LEAST, min(network.hosts / 2, _MANY))
    return network.unreached >= least and network.unreached > network.reached
