"""Asking an address that a stranger named, without being led into our own network.

The name is resolved once, every address it has must be public, and the connection goes to that very
address: a name that answers otherwise a moment later changes nothing. No redirect is followed, no
proxy is asked, the answer is cut short.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from dingzi.core.errors import Invalid

#: Seconds for connecting and for each read; bytes of an answer that are read.
PATIENCE, ANSWER = 10, 2_000
#: Networks that ``ipaddress`` calls global and that lead inside all the same: NAT64, 6to4, Teredo.
_TUNNELS = [ipaddress.ip_network(n) for n in ("64:ff9b::/96", "2002::/16", "2001::/32")]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def split(url: str) -> SplitResult:
    """Take an address apart; Invalid ``notices_bad_url`` for what is no plain https address."""
    wrong = Invalid.of("notices_bad_url", field="target")
    if len(url) > 300 or not url.isascii() or any(c <= " " for c in url):
        raise wrong
    try:
        parts = urlsplit(url)
        port = 443 if parts.port is None else parts.port
    except ValueError:
        raise wrong from None
    if parts.scheme != "https" or not parts.hostname or parts.username is not None:
        raise wrong
    if parts.fragment or (port != 443 and port < 1024):
        raise wrong
    return parts


def reach(parts: SplitResult) -> str:
    """Return the one address that will be asked; Invalid where any of the name's is not public."""
    assert parts.hostname is not None
    try:
        found = resolve(parts.hostname, parts.port or 443)
    except OSError:
        raise Invalid.of("notices_unknown_host", field="target") from None
    if not found or not all(public(ipaddress.ip_address(one)) for one in found):
        raise Invalid.of("notices_private_address", field="target")
    return found[0]


def resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name."""
    rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(row[4][0]).partition("%")[0] for row in rows]


def public(address: Address) -> bool:
    """Tell whether an address lies in the open network."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return public(address.ipv4_mapped)
        if any(address in network for network in _TUNNELS):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


class _Pinned(http.client.HTTPSConnection):
    """A connection to an address that has been looked at, under the name's certificate."""

    def __init__(self, host: str, port: int, address: str) -> None:
        super().__init__(host, port, timeout=PATIENCE, context=ssl.create_default_context())
        self.address = address

    def connect(self) -> None:
        self.sock = secure(socket.create_connection((self.address, self.port), PATIENCE), self.host)


def secure(plain: socket.socket, host: str) -> socket.socket:
    """Speak TLS, and see that the other side is who it is called."""
    return ssl.create_default_context().wrap_socket(plain, server_hostname=host)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST ``body``; return the status. Raises Invalid as above, OSError, HTTPException."""
    parts = split(url)
    address = reach(parts)
    assert parts.hostname is not None
    connection = _Pinned(parts.hostname, parts.port or 443, address)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        answer.read(ANSWER)
        return answer.status
    finally:
        connection.close()
