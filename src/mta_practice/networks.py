"""Lists of client addresses and CIDR blocks."""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

import attrs

from mta_practice.errors import PracticeError


@attrs.frozen
class Networks:
    """Addresses that are treated in a way of their own."""

    blocks: tuple[IPv4Network | IPv6Network, ...]

    @classmethod
    def parse(cls, texts: Iterable[str]) -> Networks:
        """Read addresses and CIDR blocks; raises `PracticeError`."""
        return cls(tuple(_block(text.strip()) for text in texts))

    def __contains__(self, address: str) -> bool:
        """Say whether *address* is listed; what is no address is not."""
        try:
            known = ip_address(address)
        except ValueError:
            return False
        return any(known in block for block in self.blocks)


def _block(text: str) -> IPv4Network | IPv6Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        raise PracticeError(f"{text!r} is no address and no CIDR block") from None
