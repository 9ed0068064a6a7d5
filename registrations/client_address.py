"""Who is asking, as far as limits need to know: an IP address that no header can forge."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def client_address(request: HttpRequest) -> str:
    """Return the address to count by: IPv4 whole, of IPv6 the /64 that one household or office has.

    It is the connection's own; where that belongs to TRUSTED_PROXIES, the last entry of X-Forwarded-For
    that does not. What stands before that entry anybody could have written.
    """
    # No address at all is a Unix socket: a proxy on this computer.
    found = _read(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    for entry in reversed(request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")):
        if found is None or not _is_trusted(found):
            break
        before = _read(entry.strip())
        if before is None:
            break
        found = before
    return _counted(found)


def comes_from_a_trusted_proxy(request: HttpRequest) -> bool:
    """Return whether the connection itself is one of TRUSTED_PROXIES, so that what it adds may be believed."""
    found = _read(request.META.get("REMOTE_ADDR") or "127.0.0.1")
    return found is not None and _is_trusted(found)


def _read(text: str) -> Address | None:
    """Return the address in this text, with or without a port; None if there is none."""
    host = text.partition("]")[0].lstrip("[") if text.startswith("[") else text
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _counted(address: Address | None) -> str:
    if isinstance(address, ipaddress.IPv6Address):
        return f"{ipaddress.IPv6Address(int(address) >> 64 << 64)}/64"
    return str(address or "unknown")
