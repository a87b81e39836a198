"""Which hosts an address from outside may name. Decided, never dialled."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.hosts import SPECIAL_IPV4, SPECIAL_IPV6, may_be_asked

#: IANA's registries of special-purpose addresses, October 2025, without the rows that are called
#: globally reachable, with multicast, reserved and given-up space.
NOT_REACHABLE = """
    0.0.0.0/8 0.0.0.0/32 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12
    192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.170/32 192.0.0.171/32 192.0.2.0/24
    192.88.99.0/24 192.88.99.2/32 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
    224.0.0.0/4 240.0.0.0/4 255.255.255.255/32
    ::1/128 ::/128 ::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001::/32 2001:2::/48
    2001:10::/28 2001:db8::/32 2002::/16 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8
    4000::/2 8000::/1
""".split()
REACHABLE = """
    1.1.1.1 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 128.0.0.0 172.15.255.255 172.32.0.0
    192.0.1.0 192.31.196.1 192.52.193.1 192.175.48.1 198.17.255.255 198.20.0.0 223.255.255.255
    2000:: 2001:200:: 2001:4860:4860::8888 2003:: 2606:4700::1111 2620:4f:8000::1 3ffe:: 3fff:1000::
    ::ffff:1.1.1.1 64:ff9b::1.1.1.1 2606:4700::5efe:1.1.1.1 2606:4700::200:5efe:1.1.1.1
""".split()


def wrapped(inner: int) -> dict[str, str]:
    """Every way of an IPv6 address to hold an IPv4 one."""
    high, low, client = inner >> 16, inner & 0xFFFF, inner ^ 0xFFFF_FFFF
    dotted = IPv4Address(inner)
    return {
        "mapped": f"::ffff:{dotted}",
        "compatible": f"::{dotted}",
        "translated": f"::ffff:0:{dotted}",
        "NAT64": f"64:ff9b::{dotted}",
        "local NAT64": f"64:ff9b:1::{dotted}",
        "local NAT64 of 48 bits": f"64:ff9b:1:{high:x}:{low >> 8:x}:{(low & 0xFF) << 8:x}::",
        "6to4": f"2002:{high:x}:{low:x}::1",
        "Teredo server": f"2001:0:{high:x}:{low:x}:0:1:fefe:fefe",
        "Teredo client": f"2001:0:101:101:0:1:{client >> 16:x}:{client & 0xFFFF:x}",
        "ISATAP": f"2606:4700::5efe:{dotted}",
        "ISATAP, universal": f"2606:4700::200:5efe:{dotted}",
        "ISATAP, link-local": f"fe80::5efe:{dotted}",
    }


refused_ipv4 = st.sampled_from(SPECIAL_IPV4).flatmap(
    lambda network: st.integers(int(network[0]), int(network[-1]))
)


@pytest.mark.parametrize("network", [*NOT_REACHABLE, *map(str, SPECIAL_IPV4 + SPECIAL_IPV6)])
def test_special_purpose_networks_are_refused_from_end_to_end(network):
    found = ip_network(network)
    middle = found[found.num_addresses // 2]
    assert not any(may_be_asked(str(one)) for one in (found[0], middle, found[-1]))


@pytest.mark.parametrize("host", [*REACHABLE, "wire.example", "Wire.Example.", "0x.example"])
def test_public_hosts_may_be_asked(host):
    assert may_be_asked(host)


@given(refused_ipv4)
@example(int(IPv4Address("127.0.0.1")))
def test_an_ipv4_address_that_is_refused_is_refused_in_every_wrapper(inner):
    assert [name for name, host in wrapped(inner).items() if may_be_asked(host)] == []


@given(refused_ipv4)
def test_an_ipv4_address_that_is_refused_is_refused_in_every_notation(inner):
    a, b, c, d = IPv4Address(inner).packed
    for host in (
        f"{inner}",
        f"{inner:#x}",
        f"0{inner:o}",
        f"0{a:o}.0{b:o}.0{c:o}.0{d:o}",
        f"{a:#x}.{b:#x}.{c:#x}.{d:#x}",
        f"{a}.{b}.{c << 8 | d}",
        f"{a}.{b << 16 | c << 8 | d}.",
        f"{a}.{b}.{c}.{d}.",
    ):
        assert not may_be_asked(host), host


@given(
    st.lists(
        st.one_of(
            st.integers(0, 300).map(str),
            st.integers(0, 300).map(hex),
            st.integers(0, 300).map("0{:o}".format),
            st.integers(0, 2**33).map(str),
        ),
        min_size=1,
        max_size=5,
    ).map(".".join)
)
def test_a_number_is_read_as_resolvers_read_it(host):
    try:
        meant = str(IPv4Address(socket.inet_aton(host)))
    except OSError:
        assert not may_be_asked(host)
    else:
        assert may_be_asked(host) == may_be_asked(meant)


@given(st.integers(0, 2**128 - 1).map(IPv6Address))
def test_outside_the_unicast_that_was_given_out_only_translated_ipv4_is_asked(address):
    given_out = address in ip_network("2000::/3")
    translated = any(address in ip_network(one) for one in ("::ffff:0:0/96", "64:ff9b::/96"))
    assert given_out or translated or not may_be_asked(str(address))


@pytest.mark.parametrize(
    "host",
    [
        *("", ".", "%", "127%2e0.0.1", "1.2.3.4.5", "0x", "09.1.1.1", "1..1", "4294967296"),
        *("::1%lo", "fe80::1%eth0", "fe80::1%25eth0", "2606:4700::1%eth0", "::ffff:1.1.1.1%1"),
        *("localhost", "LOCALHOST.", "a.localhost", "localhost.localdomain", "printer.local"),
        *("metadata.google.internal", "router.home.arpa", "intranet", "1::2::3"),
    ],
)
def test_local_names_links_and_what_is_no_host_are_refused(host):
    assert not may_be_asked(host)


def test_an_operator_opens_what_a_network_names_and_nothing_beside_it():
    networks = "10.1.0.0/16 fd00:1::/32 64:ff9b:1::/48 2002:a00::/24 fe80::/10"
    allow = tuple(map(ip_network, networks.split()))
    hosts = "10.1.2.3 10.65539 ::ffff:10.1.2.3 64:ff9b::10.1.2.3 2606:4700::5efe:10.1.2.3"
    opened = f"{hosts} fd00:1::9 64:ff9b:1::10.9.9.9 2002:a01:203::1 fe80::1%eth0"
    closed = "10.2.0.1 ::10.1.2.3 64:ff9b::10.2.0.1 fd00:2::9 2002:b00::1 2001:0:a01:203::"
    assert all(may_be_asked(host, allow=allow) for host in opened.split())
    assert not any(may_be_asked(host, allow=allow) for host in closed.split())
