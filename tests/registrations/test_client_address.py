"""Which address limits count by: no header of a visitor's own makes it another one."""

import ipaddress

import pytest
from django.test import RequestFactory

from registrations.client_address import client_address

PROXIES = ["10.0.0.0/8", "192.0.2.1/32", "2001:db8:ffff::/48"]


def address(remote, forwarded=None, proxies=PROXIES, settings=None):
    settings.TRUSTED_PROXIES = [ipaddress.ip_network(each) for each in proxies]
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("remote", "forwarded", "expected"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        # A visitor who connects directly may claim what they like.
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.1.2.3", None, "10.1.2.3"),
        ("10.1.2.3", "198.51.100.1", "198.51.100.1"),
        # What the visitor sent stands first; the proxy put the truth last.
        ("10.1.2.3", "1.1.1.1, 198.51.100.1", "198.51.100.1"),
        ("10.1.2.3", "1.1.1.1, 10.9.9.9, 198.51.100.1", "198.51.100.1"),
        # Two proxies of ours, one behind the other.
        ("10.1.2.3", "1.1.1.1, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        ("10.1.2.3", "10.9.9.9, 192.0.2.1", "10.9.9.9"),
        # Nonsense is nobody: the last address that could be read stands.
        ("10.1.2.3", "198.51.100.1, <script>", "10.1.2.3"),
        ("10.1.2.3", "", "10.1.2.3"),
        ("10.1.2.3", " , ,", "10.1.2.3"),
        # Ports, brackets, zones, and IPv4 written as IPv6.
        ("10.1.2.3", "198.51.100.1:4711", "198.51.100.1"),
        ("10.1.2.3", "[2001:db8:1:2:3:4:5:6]:4711", "2001:db8:1:2::/64"),
        ("10.1.2.3", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.1.2.3", "198.51.100.1", "198.51.100.1"),
        ("fe80::1%eth0", None, "fe80::/64"),
        # Of IPv6 the /64: the rest anybody there can choose.
        ("2001:db8:1:2:3:4:5:6", None, "2001:db8:1:2::/64"),
        ("2001:db8:ffff::9", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("nonsense", "198.51.100.1", "unknown"),
    ],
)
def test_address(settings, remote, forwarded, expected):
    assert address(remote, forwarded, settings=settings) == expected


def test_a_unix_socket_is_a_proxy_on_this_computer(settings):
    assert address("", "198.51.100.1", ["127.0.0.1/32"], settings) == "198.51.100.1"
    assert address("", "198.51.100.1", [], settings) == "127.0.0.1"


def test_nobody_is_believed_unless_named(settings):
    assert address("127.0.0.1", "198.51.100.1", [], settings) == "127.0.0.1"
