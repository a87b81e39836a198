"""Hosts that an address from outside may name: public ones, and what an operator opened.

The ranges are those that IANA's special-purpose registries do not call globally reachable. The
few exceptions inside them (anycast of port control, identifiers that are never routed) serve no
pages, so a range is refused whole. An IPv4 address inside an IPv6 one is judged as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

#: https://www.iana.org/assignments/iana-ipv4-special-registry, with multicast and one host that
#: is public by its number only.
SPECIAL_IPV4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # behind a carrier's NAT
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # Azure's platform, seen from inside its machines
        "169.254.0.0/16",  # link-local; metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # 6to4 relays, given up
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
#: All unicast that has been given out so far. Outside it: loopback, IPv4-compatible, discard,
#: local NAT64, SRv6 identifiers, unique-local, link-local, site-local, multicast.
_UNICAST: Final = IPv6Network("2000::/3")
#: https://www.iana.org/assignments/iana-ipv6-special-registry, as far as it lies in there.
SPECIAL_IPV6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, benchmarks, identifiers
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up
        "3fff::/20",  # documentation
    )
)
#: The IPv4 address in the last 32 bits is what answers: mapped ones, and the translation by which
#: hosts without IPv4 reach all of it.
_TRANSLATED: Final = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))
#: Bits 64 to 95 of an ISATAP address, whatever its network; the IPv4 host of the tunnel follows.
_ISATAP: Final = (0x0000_5EFE, 0x0200_5EFE)
#: Names that mean something inside one network only (RFC 6761, 6762, 8375, ICANN's "internal").
_LOCAL: Final = (".localhost", ".localdomain", ".local", ".internal", ".home.arpa")


def may_be_asked(host: str, *, allow: Sequence[Network] = ()) -> bool:
    """Whether ``host`` is public or in a network of ``allow``.

    A name is judged as a name: where it leads is only known when it is dialled.

    Args:
        host: As in a URL, without brackets: a name, or an address in any form that resolvers take.
        allow: What an operator opened.
    """
    host = host.rstrip(".").lower()
    try:
        address = _literal(host)
    except ValueError:
        return False
    if address is None:
        return "." in host and not host.endswith(_LOCAL)
    return _is_open(address, allow)


def is_loopback(host: str) -> bool:
    """Whether what listens on ``host`` is reached from this machine only."""
    try:
        address = _literal(host.lower())
    except ValueError:
        return False
    return host.lower() == "localhost" if address is None else address.is_loopback


def _is_open(address: Address, allow: Sequence[Network]) -> bool:
    if any(address in network for network in allow):
        return True
    if isinstance(address, IPv4Address):
        return not any(address in network for network in SPECIAL_IPV4)
    if address.scope_id is not None:
        return False
    last = IPv4Address(int(address) & 0xFFFF_FFFF)
    if any(address in network for network in _TRANSLATED):
        return _is_open(last, allow)
    if address not in _UNICAST or any(address in network for network in SPECIAL_IPV6):
        return False
    is_tunnel = int(address) >> 32 & 0xFFFF_FFFF in _ISATAP
    return not is_tunnel or _is_open(last, allow)


def _literal(host: str) -> Address | None:
    """The address that ``host`` is; None for a name.

    Raises:
        ValueError: it is neither.
    """
    if ":" in host:
        return IPv6Address(host)
    if not host or "%" in host:
        raise ValueError(host)
    *_, last = parts = host.split(".")
    if not last.isdecimal() and not last.startswith("0x"):
        return None
    return IPv4Address(_number(parts))


def _number(parts: Sequence[str]) -> int:
    """``127.1``, ``0x7f000001``, ``0177.0.0.1``: what resolvers take for an IPv4 address."""
    *first, last = (
        int(part, 16 if part.startswith("0x") else 8 if part.startswith("0") else 10)
        for part in parts
    )
    if len(first) > 3 or any(number > 255 for number in first) or last >> 8 * (4 - len(first)):
        raise ValueError(parts)
    head = sum(number << 8 * (3 - place) for place, number in enumerate(first))
    return head + last
