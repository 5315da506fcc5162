"""Which addresses may be connected to; pure."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# RFC 6052: the well-known prefix behind which a NAT64 gateway hides an IPv4 address.
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Say whether an IP address belongs to the open internet, whatever form hides an inner one."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        inner = _inner_addresses(found)
        if inner:
            return all(_is_global(one) for one in inner)
    return _is_global(found)


def is_allowed(host: str, port: int, address: str, allowed: Collection[str]) -> bool:
    """Say whether the settings permit a private address, by host name or IP, with or without its port."""
    names = {_bracket(host.lower()), _bracket(address)}
    return any(name in allowed or f"{name}:{port}" in allowed for name in names)


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address) and (address.is_site_local or address.is_reserved):
        return False
    return address.is_global and not address.is_multicast


def _inner_addresses(address: IPv6Address) -> list[IPv4Address]:
    """List the IPv4 addresses that an IPv6 address carries: mapped, 6to4, Teredo, NAT64."""
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if address in _NAT64:
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


def _bracket(host: str) -> str:
    return f"[{host}]" if ":" in host else host
